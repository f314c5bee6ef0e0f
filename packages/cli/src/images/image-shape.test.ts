import { imageShape } from './image-shape';

describe('imageShape', () => {
  it.each([
    [
      [20, 30],
      [20, 30],
    ],
    [
      [20, 30, 1],
      [20, 30],
    ],
    [[12], [1, 12]],
    [
      [2, 2, 2, 3],
      [1, 24],
    ],
    [
      [2, 3, 4],
      [2, 3, 4],
    ],
  ])('draws %j as %j', (inputShape, expected) => expect(imageShape(inputShape)).toEqual(expected));

  it('draws images whose values have an assignment each as one row', () =>
    expect(imageShape([2, 3, 4], 1)).toEqual([1, 24]));
});

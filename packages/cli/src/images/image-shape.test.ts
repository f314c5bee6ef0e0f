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
      [2, 3, 4],
      [1, 24],
    ],
  ])('draws %j as %j', (inputShape, expected) => expect(imageShape(inputShape)).toEqual(expected));
});

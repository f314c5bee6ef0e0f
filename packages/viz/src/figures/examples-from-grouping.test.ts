import { examplesFromGrouping, type BatchGrouping } from './examples-from-grouping';

// B = 2, K = 3, N = 2, T = 1; each value encodes its position: 100 k + 10 b + n
const values = [0, 1, 10, 11, 100, 101, 110, 111, 200, 201, 210, 211];
const grouping: BatchGrouping = {
  size: 2,
  groups: 3,
  inputSize: 2,
  corrupted: [5, 6, 7, 8],
  iterations: [{ prediction: values, assignment: values.map((value) => -value) }],
};
const inputs = [1, 2, 3, 4];

describe('examplesFromGrouping', () => {
  it('splits the batch into examples', () => {
    const [, second] = examplesFromGrouping(grouping, {
      inputs,
      segments: [0, 1, 255, 2],
      amis: [[0.1, 0.2]],
      labels: ['a', 'b'],
    });
    expect(second).toEqual({
      input: Float32Array.of(3, 4),
      corrupted: Float32Array.of(7, 8),
      segments: Uint8Array.of(255, 2),
      label: 'b',
      iterations: [
        {
          prediction: Float32Array.of(10, 11, 110, 111, 210, 211),
          assignment: Float32Array.of(-10, -11, -110, -111, -210, -211),
          ami: 0.2,
        },
      ],
    });
  });

  it('splits predictions of several channels', () => {
    const colored = {
      ...grouping,
      channels: 2,
      iterations: [{ prediction: values, assignment: [0, 10, 100, 110, 200, 210] }],
    };
    const [, second] = examplesFromGrouping(colored, { inputs, segments: [0, 1] });
    expect(second?.segments).toEqual(Uint8Array.of(1));
    expect(second?.iterations[0]).toMatchObject({
      prediction: Float32Array.of(10, 11, 110, 111, 210, 211),
      assignment: Float32Array.of(10, 110, 210),
    });
  });

  it('takes the requested examples in order', () => {
    const taken = examplesFromGrouping(grouping, { inputs, indices: Uint32Array.of(1, 0, 1) });
    expect(taken.map(({ input }) => input[0])).toEqual([3, 1, 3]);
  });

  it('omits corrupted inputs that equal the inputs', () => {
    const [first] = examplesFromGrouping({ ...grouping, corrupted: inputs }, { inputs });
    expect(first?.corrupted).toBeUndefined();
  });

  it.each([
    ['INVALID_SHAPE', {}, { inputs: [1] }],
    ['INVALID_SHAPE', { corrupted: [1] }, {}],
    ['INVALID_SHAPE', { iterations: [{ prediction: [1], assignment: values }] }, {}],
    ['INVALID_SHAPE', { iterations: [{ prediction: values, assignment: [1] }] }, {}],
    ['INVALID_SHAPE', {}, { segments: [1] }],
    ['INVALID_SHAPE', {}, { labels: ['a'] }],
    ['INVALID_SHAPE', {}, { amis: [] }],
    ['INVALID_SHAPE', {}, { amis: [[1]] }],
    ['INVALID_OPTION', {}, { indices: [2] }],
  ])('throws %s for %j and %j', (code, wrongGrouping, wrongOptions) => {
    expect(() => examplesFromGrouping({ ...grouping, ...wrongGrouping }, { inputs, ...wrongOptions })).toThrow(
      expect.objectContaining({ name: 'VizError', code }),
    );
  });
});

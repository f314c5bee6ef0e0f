import { goldenTaggers, readGolden } from '@taggerjs-tools/testing';

import { tagger64 } from '../reference/tagger64';
import { GOLDEN_TAGGERS, goldenTagger } from './golden-tagger';
import { PACKED_GOLDEN_TAGGERS } from './packed-golden-taggers';
import { unpackTensors } from './unpack-tensors';

it('are those of the workspace', () => expect([...GOLDEN_TAGGERS].sort()).toEqual([...goldenTaggers].sort()));

/** Converts typed arrays to plain ones, as in the packed form. */
const plain = (json: unknown): unknown =>
  JSON.parse(JSON.stringify(json, (_, value: unknown) => (value instanceof Float64Array ? [...value] : value)));

describe.each(GOLDEN_TAGGERS)('%s', (name) => {
  it('equals the original, bit for bit', () =>
    expect(plain(unpackTensors(PACKED_GOLDEN_TAGGERS[name]!))).toEqual(readGolden(`model/${name}`)));

  it('matches the float64 reference of the Tagger, to 1e-9', () => {
    const { description, parameters, inputs, expected } = goldenTagger(name);
    const { iterations, cost, classPosterior, classCost } = tagger64(description, parameters, inputs);
    expect(iterations).toHaveLength(expected.iterations.length);
    const close = (label: string, actual: ArrayLike<number>, right: ArrayLike<number>) => {
      const scale = Math.max(...Array.from(right, Math.abs));
      const error = Math.max(...Array.from(right, (value, i) => Math.abs(value - actual[i]!)));
      expect([label, error <= 1e-9 * scale + 1e-12, error]).toEqual([label, true, error]);
    };
    for (const [i, iteration] of iterations.entries()) {
      const right = expected.iterations[i]!;
      for (const tensor of ['dz', 'L', 'z', 'm', 'top'] as const) {
        close(`${tensor} ${i}`, iteration[tensor].data, right[tensor].data);
      }
      close(`cost ${i}`, [iteration.cost], [right.cost]);
    }
    // The class cost is part of the total in files that have one.
    const weight = goldenTagger(name).classWeight ?? 0;
    close('cost', [cost + weight * (classCost ?? 0)], [expected.cost]);
    if (expected.classPosterior) close('posterior', classPosterior!.data, expected.classPosterior.data);
    if (expected.classCost !== undefined) close('class cost', [classCost!], [expected.classCost]);
  });
});

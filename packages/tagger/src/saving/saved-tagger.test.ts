import { ladder } from '@taggerjs/ladder';
import { mlp, projected, type MappingComponent } from '@taggerjs/mapping';
import { readTree } from '@taggerjs/nn';
import { bitflip } from '@taggerjs/noise';
import { decodeSafetensors, encodeSafetensors, type NamedTensor } from '@taggerjs/weights';
import { describeBackends, expectNoLeak } from '@taggerjs-tools/testing';
import * as tf from '@tensorflow/tfjs-core';

import { calibrate } from '../grouping/calibrate';
import { createTagger } from '../model/create-tagger';
import { group } from '../grouping/group';
import { loadTagger, saveTagger } from './saved-tagger';
import type { Tagger } from '../model/tagger';
import { binaryRows, smallTagger } from '../testing/small-tagger';

const registries = { mappings: { ladder } };

/** The bits of a Tagger's parameters and state, by name. */
async function bits(tagger: Tagger) {
  const values = { ...(await readTree(tagger.parameters())), ...(await readTree(tagger.state())) };
  return Object.fromEntries(
    Object.entries(values).map(([name, { shape, data }]) => [name, { shape, bits: [...new Uint32Array(data.buffer)] }]),
  );
}

/** A saved Tagger with some of its tensors or metadata changed. */
async function altered(
  change: (tensors: Record<string, NamedTensor>, metadata: Record<string, string>) => void,
): Promise<Uint8Array> {
  const tagger = smallTagger();
  const { tensors, metadata } = decodeSafetensors(await saveTagger(tagger));
  tagger.dispose();
  const changed = { ...tensors };
  const changedMetadata = { ...metadata };
  change(changed, changedMetadata);
  return encodeSafetensors(changed, { metadata: changedMetadata });
}

/** A custom mapping: each hidden unit times a learned number. */
function scale({ initial = 1 }: { initial?: number } = {}): MappingComponent {
  return {
    config: { type: 'scale', initial },
    create({ hiddenSize }) {
      const factor = tf.tidy(() => tf.variable(tf.fill([hiddenSize], initial)));
      return {
        apply: (hidden) => ({ output: tf.tidy(() => tf.mul<tf.Tensor2D>(hidden, factor)) }),
        parameters: () => ({ factor }),
        state: () => ({}),
        dispose: () => factor.dispose(),
      };
    },
  };
}

function taggerOfScales(type?: string) {
  const component = scale({ initial: 2 });
  return createTagger({
    inputShape: [3, 4],
    initialPrediction: 0.3,
    noise: bitflip(),
    core: projected({
      hiddenSize: 10,
      mapping: type === undefined ? component : { ...component, config: { ...component.config, type } },
    }),
  });
}

describeBackends('saveTagger and loadTagger', () => {
  it('keep every bit of every parameter, the configuration, and what the model computes', async () => {
    await expectNoLeak(async () => {
      const tagger = smallTagger({ noise: 'gaussian', classes: 3, seed: 4, predictionInit: 'data' });
      const loaded = await loadTagger(await saveTagger(tagger), { registries });
      expect(loaded.config).toEqual(tagger.config);
      expect(await bits(loaded)).toEqual(await bits(tagger));
      expect(await group(loaded, binaryRows(3))).toEqual(await group(tagger, binaryRows(3)));
      loaded.dispose();
      tagger.dispose();
    });
  });

  it('keep the channels, of which models saved without them have one', async () => {
    await expectNoLeak(async () => {
      const color = smallTagger({ inputShape: [2, 2, 3] });
      const loaded = await loadTagger(await saveTagger(color), { registries });
      expect(loaded).toMatchObject({ channels: 3, pixels: 4 });
      expect(await group(loaded, binaryRows(3))).toEqual(await group(color, binaryRows(3)));
      const flat = smallTagger({ inputShape: [2, 2, 3], channels: 1 });
      const before = await loadTagger(await saveTagger(flat), { registries });
      expect(before.config).toEqual(flat.config);
      expect(before).toMatchObject({ channels: 1, pixels: 12 });
      for (const tagger of [color, loaded, flat, before]) tagger.dispose();
    });
  });

  it('keep calibrated statistics', async () => {
    await expectNoLeak(async () => {
      const tagger = smallTagger({ norm: 'batch' });
      await calibrate(tagger, [{ inputs: binaryRows(20) }], { iterations: 2 });
      const loaded = await loadTagger(await saveTagger(tagger), { registries });
      expect(Object.keys(loaded.state())).toContain('norm_h/iteration_1/mean');
      expect(await bits(loaded)).toEqual(await bits(tagger));
      expect(await group(loaded, binaryRows(1), { iterations: 2 })).toEqual(
        await group(tagger, binaryRows(1), { iterations: 2 }),
      );
      loaded.dispose();
      tagger.dispose();
    });
  });

  it('name tensors as the model does, and state with a prefix', async () => {
    const tagger = smallTagger({ norm: 'batch' });
    await calibrate(tagger, [{ inputs: binaryRows(20) }], { iterations: 1 });
    const { tensors } = decodeSafetensors(await saveTagger(tagger));
    expect(Object.keys(tensors)).toEqual(
      expect.arrayContaining(['W_h', 'ladder/W_1', 'state:norm_h/iteration_0/mean']),
    );
    expect(tensors['W_h']).toMatchObject({ dtype: 'F32', shape: [48, 10] });
    tagger.dispose();
  });

  it('save the same model as the same bytes', async () => {
    const tagger = smallTagger({ seed: 1 });
    const again = smallTagger({ seed: 1 });
    expect(await saveTagger(again)).toEqual(await saveTagger(tagger));
    tagger.dispose();
    again.dispose();
  });

  it('take metadata, except under their own names', async () => {
    const tagger = smallTagger();
    const { metadata } = decodeSafetensors(await saveTagger(tagger, { metadata: { recipe: 'shapes' } }));
    expect(metadata).toMatchObject({ recipe: 'shapes', format: 'taggerjs', version: '1' });
    expect(JSON.parse(metadata['config'] as string)).toEqual(tagger.config);
    await expect(saveTagger(tagger, { metadata: { config: '{}' } })).rejects.toMatchObject({ code: 'INVALID_OPTION' });
    await expect(saveTagger(tagger, { dtype: 'float8' } as object)).rejects.toMatchObject({ code: 'INVALID_OPTION' });
    await expect(saveTagger(tagger, { dtpe: 'float16' } as object)).rejects.toMatchObject({ code: 'INVALID_OPTION' });
    tagger.dispose();
  });

  it.each<[string, Parameters<typeof altered>[0], string]>([
    ['a missing tensor', (tensors) => delete tensors['W_z'], "'W_z'"],
    [
      'an extra tensor',
      (tensors) => (tensors['stray'] = { dtype: 'F32', shape: [1], data: new Float32Array(1) }),
      "'stray'",
    ],
    [
      'an extra tensor of an unlikely name',
      (tensors) => (tensors['constructor'] = { dtype: 'F32', shape: [1], data: new Float32Array(1) }),
      "'constructor'",
    ],
    [
      'a tensor of another shape',
      (tensors) => (tensors['b_h'] = { dtype: 'F32', shape: [5], data: new Float32Array(5) }),
      "'b_h'",
    ],
    [
      'state that the model cannot have',
      (tensors) => (tensors['state:norm_h/mean'] = { dtype: 'F32', shape: [1], data: new Float32Array(1) }),
      'mean',
    ],
    [
      'state of a part that the model does not have',
      (tensors) => (tensors['state:norm_q/mean'] = { dtype: 'F32', shape: [1], data: new Float32Array(1) }),
      "'norm_q/mean'",
    ],
  ])('refuse %s, by name', async (_, change, name) => {
    const bytes = await altered(change);
    await expectNoLeak(async () => {
      await expect(loadTagger(bytes, { registries })).rejects.toMatchObject({
        code: 'PARAMETER_MISMATCH',
        message: expect.stringContaining(name),
      });
    });
  });

  it('name everything that does not fit at once', async () => {
    const bytes = await altered((tensors) => {
      delete tensors['W_z'];
      delete tensors['ladder/W_1'];
      tensors['stray'] = { dtype: 'F32', shape: [1], data: new Float32Array(1) };
    });
    await expect(loadTagger(bytes, { registries })).rejects.toThrow(/'W_z'.*'ladder\/W_1'.*'stray'/s);
  });

  it('read tensors that another program wrote in half precision', async () => {
    const bytes = await altered((tensors) => {
      tensors['b_h'] = { dtype: 'F16', shape: [10], data: new Uint16Array(10).fill(0x3e00) };
    });
    const tagger = await loadTagger(bytes, { registries });
    expect([...(await tagger.parameters()['b_h']!.data())]).toEqual(Array(10).fill(1.5));
    tagger.dispose();
  });

  it.each<[string, Parameters<typeof altered>[0]]>([
    ['a file of another kind', (_, metadata) => (metadata['format'] = 'pt')],
    ['a file without metadata', (_, metadata) => Object.keys(metadata).forEach((key) => delete metadata[key])],
    ['a file without a configuration', (_, metadata) => delete metadata['config']],
    ['a configuration that is not JSON', (_, metadata) => (metadata['config'] = '{"inp')],
    ['a configuration that is not an object', (_, metadata) => (metadata['config'] = 'null')],
    ['a configuration that lacks parts', (_, metadata) => (metadata['config'] = '{"groups":4}')],
  ])('refuse %s', async (_, change) => {
    await expect(loadTagger(await altered(change), { registries })).rejects.toMatchObject({ code: 'INVALID_FILE' });
  });

  it('refuse a file of a later version', async () => {
    const later = altered((_, metadata) => (metadata['version'] = '2'));
    await expect(loadTagger(await later, { registries })).rejects.toMatchObject({ code: 'UNSUPPORTED_VERSION' });
  });

  it.each([
    ['hidden layer', '"hiddenSize":10', '"hiddenSize":1000000000'],
    ['input', '"inputShape":[3,4]', '"inputShape":[3000000,4000000]'],
  ])('refuse a file that claims a huge %s before allocating memory', async (_, from, to) => {
    const bytes = await altered((_, metadata) => {
      expect(metadata['config']).toContain(from);
      metadata['config'] = metadata['config']!.replace(from, to);
    });
    await expectNoLeak(async () => {
      await expect(loadTagger(bytes, { registries })).rejects.toMatchObject({ code: 'PARAMETER_MISMATCH' });
    });
  });

  it('refuse bytes that are not a safetensors file', async () => {
    await expect(loadTagger(Uint8Array.from({ length: 64 }, (_, i) => 255 - i))).rejects.toMatchObject({
      name: 'WeightsError',
    });
  });
});

describeBackends('a Tagger with a custom mapping', () => {
  it('is refused if the mapping is not registered', async () => {
    const tagger = taggerOfScales();
    const bytes = await saveTagger(tagger);
    tagger.dispose();
    await expectNoLeak(async () => {
      await expect(loadTagger(bytes, { registries })).rejects.toMatchObject({
        code: 'UNKNOWN_TYPE',
        message: expect.stringContaining("'scale'"),
      });
    });
  });

  it('is loaded if the mapping is registered by name', async () => {
    const tagger = taggerOfScales();
    const loaded = await loadTagger(await saveTagger(tagger), { registries: { mappings: { scale } } });
    expect(loaded.config.core['mapping']).toEqual({ type: 'scale', initial: 2 });
    expect(await bits(loaded)).toEqual(await bits(tagger));
    tagger.dispose();
    loaded.dispose();
  });

  it('is loaded by the path of its module if modules are trusted', async () => {
    const tagger = taggerOfScales('./mine.mjs#scale');
    const bytes = await saveTagger(tagger);
    const asked: string[] = [];
    const importModule = async (specifier: string) => {
      asked.push(specifier);
      return { scale };
    };
    const loaded = await loadTagger(bytes, { importModule });
    expect(asked).toEqual(['./mine.mjs']);
    expect(Object.keys(loaded.parameters())).toContain('scale/factor');
    expect(await bits(loaded)).toEqual(await bits(tagger));
    await expect(loadTagger(bytes)).rejects.toMatchObject({ code: 'UNKNOWN_TYPE' });
    tagger.dispose();
    loaded.dispose();
  });

  it('may have the name of a mapping that is already registered', async () => {
    const tagger = taggerOfScales('mlp');
    const loaded = await loadTagger(await saveTagger(tagger), { registries: { mappings: { mlp: scale } } });
    expect(await bits(loaded)).toEqual(await bits(tagger));
    tagger.dispose();
    loaded.dispose();
  });
});

describeBackends('loadTagger', () => {
  it('needs no registry for what comes with the packages', async () => {
    const tagger = createTagger({
      inputShape: [3, 4],
      initialPrediction: 0.3,
      noise: bitflip(),
      core: projected({ hiddenSize: 10, mapping: mlp({ sizes: [6] }) }),
    });
    const loaded = await loadTagger(await saveTagger(tagger));
    expect(await bits(loaded)).toEqual(await bits(tagger));
    tagger.dispose();
    loaded.dispose();
  });
});

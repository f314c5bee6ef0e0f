import { mlp, projected } from '@taggerjs/mapping';
import { readTree } from '@taggerjs/nn';
import { bitflip } from '@taggerjs/noise';
import { createRandom } from '@taggerjs/random';
import { describeBackends, expectAllClose, expectNoLeak } from '@taggerjs-tools/testing';
import * as tf from '@tensorflow/tfjs-core';

import { createTagger } from './create-tagger';
import { binaryRows, smallTagger, type SmallTaggerOptions } from '../testing/small-tagger';

describeBackends('Tagger', () => {
  it('leaks nothing', async () => {
    await expectNoLeak(() => {
      const tagger = smallTagger();
      const x = tf.tensor2d(binaryRows(4), [4, 12]);
      tf.dispose(tagger.run(x, { random: createRandom(1), keep: ['modelingError', 'assignmentLikelihood'] }));
      x.dispose();
      tagger.dispose();
    });
  });

  it.each(['bitflip', 'gaussian'] as const)('leaks nothing with three channels (%s)', async (noise) => {
    await expectNoLeak(() => {
      const tagger = smallTagger({ noise, inputShape: [2, 2, 3] });
      const x = tf.tensor2d(binaryRows(4), [4, 12]);
      const output = tagger.run(x, { random: createRandom(1), keep: ['modelingError', 'assignmentLikelihood'] });
      const { prediction, assignment, modelingError, assignmentLikelihood } = output.iterations[0]!;
      expect([prediction, modelingError].map((tensor) => tensor!.shape)).toEqual(Array(2).fill([4, 4, 12]));
      expect([assignment, assignmentLikelihood].map((tensor) => tensor!.shape)).toEqual(Array(2).fill([4, 4, 4]));
      tf.dispose(output);
      const { value, grads } = tf.variableGrads(
        () => tagger.run(x, { random: createRandom(1), training: true, gradientCheckpointing: true }).cost,
      );
      tf.dispose([x, value, grads]);
      tagger.dispose();
    });
  });

  it('disposes its noise model', async () => {
    await expectNoLeak(() => smallTagger({ noise: 'gaussian' }).dispose());
  });

  it('returns z, m, log m and cost of every iteration; dz, L and the top activation on request', () => {
    const tagger = smallTagger();
    const x = tf.tensor2d(binaryRows(4), [4, 12]);
    const plain = tagger.run(x, { random: createRandom(1) });
    expect(plain.iterations).toHaveLength(3);
    for (const iteration of plain.iterations) {
      expect(Object.keys(iteration).sort()).toEqual(['assignment', 'cost', 'logAssignment', 'prediction']);
      expect(iteration.prediction.shape).toEqual([4, 4, 12]);
      expect(iteration.cost.shape).toEqual([]);
    }
    const keep = ['modelingError', 'assignmentLikelihood', 'topActivation'] as const;
    const full = tagger.run(x, { random: createRandom(1), keep });
    for (const name of keep) expect(full.iterations[0]).toHaveProperty(name);
    // The Ladder of smallTagger has layers of 7 and 5 units.
    expect(full.iterations[0]!.topActivation!.shape).toEqual([4, 4, 5]);
    tf.dispose([plain, full]);
    x.dispose();
    tagger.dispose();
  });

  it.each([
    ['bitflip', 'probability'],
    ['bitflip', 'logit'],
    ['gaussian', 'probability'],
  ] as const)('names the constant features of the first iteration: %s noise, %s', (noise, predictionInput) => {
    const tagger = smallTagger({ noise, predictionInput });
    const x = tf.tensor2d(binaryRows(4), [4, 12]);
    const calls: { readonly constants: readonly number[] | undefined; readonly input: Float32Array }[] = [];
    const apply = tagger.core.apply.bind(tagger.core);
    jest.spyOn(tagger.core, 'apply').mockImplementation((input, context) => {
      calls.push({ constants: context.constants, input: input.dataSync<'float32'>() });
      return apply(input, context);
    });
    tf.dispose(tagger.run(x, { random: createRandom(1), groups: 5 }));
    const [first, ...others] = calls;
    expect(others.map(({ constants }) => constants)).toEqual([undefined, undefined]);
    // z, m, dz and L, each of 12 elements
    expect(first!.constants!.map(Number.isNaN)).toEqual([false, true, true, false]);
    first!.input.forEach((value, i) => {
      const constant = first!.constants![Math.floor((i % 48) / 12)]!;
      if (!Number.isNaN(constant)) expect(Math.abs(value - constant)).toBeLessThan(1e-6);
    });
    x.dispose();
    tagger.dispose();
  });

  it('runs with any number of groups and iterations', async () => {
    const tagger = smallTagger({ groups: 4, iterations: 3 });
    const x = tf.tensor2d(binaryRows(2), [2, 12]);
    for (const [groups, iterations] of [
      [1, 1],
      [2, 7],
      [9, 2],
    ] as const) {
      const output = tagger.run(x, { random: createRandom(1), groups, iterations });
      expect(output.iterations.map(({ assignment }) => assignment.shape)).toEqual(
        Array(iterations).fill([groups, 2, 12]),
      );
      const sums = tf.sum(output.iterations.at(-1)!.assignment, 0);
      expectAllClose(await sums.data(), new Float32Array(24).fill(1));
      sums.dispose();
      tf.dispose(output);
    }
    x.dispose();
    tagger.dispose();
  });

  it('gives an example the same groups in every batch (layer norm)', async () => {
    const tagger = smallTagger();
    const rows = binaryRows(6);
    const all = tf.tensor2d(rows, [6, 12]);
    const last = tf.tensor2d(rows.slice(48), [2, 12]);
    const together = tagger.run(all, { random: createRandom(3), corrupt: false });
    const alone = tagger.run(last, { random: createRandom(3), corrupt: false, firstExample: 4 });
    const cut = tf.slice(together.iterations[2]!.assignment, [0, 4, 0]);
    expectAllClose(await alone.iterations[2]!.assignment.data(), await cut.data());
    tf.dispose([all, last, cut]);
    tf.dispose([together, alone]);
    tagger.dispose();
  });

  it('permutes its results with the groups', async () => {
    const tagger = smallTagger({ groups: 2 });
    const x = tf.tensor2d(binaryRows(3), [3, 12]);
    const logits = tf.tensor3d(createRandom(5).normal(72), [2, 3, 12]);
    const swapped = tf.reverse(logits, 0);
    const one = tagger.iterate({ clean: x, corrupted: x, assignmentLogits: logits });
    const other = tagger.iterate({ clean: x, corrupted: x, assignmentLogits: swapped });
    const back = tf.reverse(other.iterations[2]!.assignment, 0);
    expectAllClose(await back.data(), await one.iterations[2]!.assignment.data());
    tf.dispose([x, logits, swapped, back]);
    tf.dispose([one, other]);
    tagger.dispose();
  });

  it("feeds back the logits from the second iteration on if predictionInput is 'logit'", async () => {
    const x = tf.tensor2d(binaryRows(3), [3, 12]);
    const assignments: Float32Array[][] = [];
    for (const predictionInput of ['probability', 'logit'] as const) {
      const tagger = smallTagger({ predictionInput, seed: 2 });
      const output = tagger.run(x, { random: createRandom(1) });
      assignments.push(
        await Promise.all(output.iterations.map(async ({ assignment }) => (await assignment.data()) as Float32Array)),
      );
      tf.dispose(output);
      tagger.dispose();
    }
    const [probability, logit] = assignments as [Float32Array[], Float32Array[]];
    expect(logit[0]).toEqual(probability[0]);
    expect(logit[1]).not.toEqual(probability[1]);
    x.dispose();
  });

  it('requires calibration for inference with batch normalization', () => {
    const tagger = smallTagger({ norm: 'batch' });
    const x = tf.tensor2d(binaryRows(3), [3, 12]);
    expect(() => tagger.run(x, { random: createRandom(1) })).toThrow(
      expect.objectContaining({ code: 'NOT_CALIBRATED' }),
    );
    tf.dispose(tagger.run(x, { random: createRandom(1), statistics: 'batch' }));
    x.dispose();
    tagger.dispose();
  });

  it('refuses inputs of another size', () => {
    const tagger = smallTagger();
    const x = tf.zeros<tf.Rank.R2>([2, 13]);
    expect(() => tagger.run(x, { random: createRandom(1) })).toThrow(
      expect.objectContaining({ code: 'INVALID_SHAPE' }),
    );
    x.dispose();
    tagger.dispose();
  });

  it.each<object>([
    { groups: 0 },
    { groups: 2.5 },
    { iterations: 0 },
    { iterations: -1 },
    { itrations: 3 },
    { keep: ['dz'] },
    { statistics: 'running' },
    // smallTagger's core does not classify.
    { targets: [] },
  ])('refuses %j', (options) => {
    const tagger = smallTagger();
    const x = tf.zeros<tf.Rank.R2>([2, 12]);
    expect(() => tagger.run(x, { random: createRandom(1), ...options })).toThrow(
      expect.objectContaining({ code: 'INVALID_OPTION' }),
    );
    x.dispose();
    tagger.dispose();
  });

  it('iterates on given tensors, and refuses the options of run that it does not have', () => {
    const tagger = smallTagger();
    const x = tf.zeros<tf.Rank.R2>([2, 12]);
    const inputs = { clean: x, corrupted: x, assignmentLogits: tf.zeros<tf.Rank.R3>([3, 2, 12]) };
    expect(() => tagger.iterate(inputs, { groups: 2 } as object)).toThrow(
      expect.objectContaining({ code: 'INVALID_OPTION' }),
    );
    tf.dispose(inputs);
    tagger.dispose();
  });

  it('refuses to return a top activation that the mapping does not have', () => {
    const tagger = createTagger({
      inputShape: [12],
      initialPrediction: 0.5,
      noise: bitflip(),
      core: projected({ hiddenSize: 4, mapping: mlp({ sizes: [3] }) }),
    });
    const x = tf.zeros<tf.Rank.R2>([2, 12]);
    expect(() => tagger.run(x, { random: createRandom(1), keep: ['topActivation'] })).toThrow(
      expect.objectContaining({ code: 'INVALID_OPTION' }),
    );
    x.dispose();
    tagger.dispose();
  });

  it('sets all parameters by name, or none', async () => {
    await expectNoLeak(async () => {
      const [one, other] = [smallTagger({ seed: 1 }), smallTagger({ seed: 2 })];
      other.setParameters(one.parameters());
      expect(await readTree(other.parameters())).toEqual(await readTree(one.parameters()));

      const b_h = Float32Array.from({ length: 10 }, (_, i) => i);
      other.setParameters({ ...other.parameters(), b_h });
      expect(await other.parameters()['b_h']!.data()).toEqual(b_h);

      const before = await readTree(other.parameters());
      const { W_h: _missing, ...rest } = one.parameters();
      for (const wrong of [rest, { ...one.parameters(), W_x: [1] }, { ...one.parameters(), b_h: [1, 2] }]) {
        expect(() => other.setParameters(wrong)).toThrow(expect.objectContaining({ code: 'PARAMETER_MISMATCH' }));
      }
      expect(await readTree(other.parameters())).toEqual(before);
      one.dispose();
      other.dispose();
    });
  });
});

/** Every combination of options that changes the formulas. */
const combinations: SmallTaggerOptions[] = (['layer', 'batch'] as const).flatMap((norm) =>
  (['sigmoid', 'linear'] as const).flatMap((gate) =>
    (['constant', 'data'] as const).flatMap((predictionInit) => [
      ...(['probability', 'logit'] as const).map((predictionInput) => ({
        norm,
        gate,
        predictionInit,
        predictionInput,
        noise: 'bitflip' as const,
      })),
      ...(['algorithm', 'exact', 'residual'] as const).map((form) => ({
        norm,
        gate,
        predictionInit,
        form,
        noise: 'gaussian' as const,
      })),
    ]),
  ),
);

describeBackends('the gradients of an untrained Tagger', () => {
  it.each(combinations)('are finite and of sane size: %j', async (options) => {
    const tagger = smallTagger({ ...options, classes: 3 });
    const x = tf.tensor2d(options.noise === 'gaussian' ? createRandom(2).uniform(240) : binaryRows(20), [20, 12]);
    const parameters = tagger.parameters();
    const { value, grads } = tf.variableGrads(
      () => tagger.run(x, { random: createRandom(1), training: true }).cost,
      Object.values(parameters),
    );
    let largest = 0;
    for (const [name, variable] of Object.entries(parameters)) {
      const gradient = await grads[variable.name]!.data();
      const finite = gradient.every((entry) => Number.isFinite(entry));
      expect({ name, finite }).toEqual({ name, finite: true });
      largest = Math.max(largest, ...Array.from(gradient, Math.abs));
    }
    expect(largest).toBeGreaterThan(1e-4);
    expect(largest).toBeLessThan(10);
    tf.dispose([value, x]);
    tf.dispose(grads);
    tagger.dispose();
  });
});

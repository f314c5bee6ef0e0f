import {
  describeBackends,
  expectAllClose,
  GRADIENT_TOLERANCE,
  goldenTaggers,
  readGolden,
  VALUE_TOLERANCE,
} from '@taggerjs-tools/testing';
import * as tf from '@tensorflow/tfjs-core';

import { golden, goldenTagger, type GoldenTagger } from '../testing/golden-tagger';

/** The golden vectors: every intermediate, the costs and every gradient, from an implementation that shares no code. */
describeBackends('golden vectors', () => {
  it('are twelve', () => expect(goldenTaggers).toHaveLength(12));

  describe.each(goldenTaggers)('%s', (name) => {
    const file = readGolden<GoldenTagger>(`model/${name}`);
    const { config, expected } = file;

    it('computes every intermediate of every iteration', async () => {
      const before = tf.memory().numTensors;
      const { tagger, inputs } = goldenTagger(file);
      const { targets, ...tensors } = inputs;
      const output = tagger.iterate(tensors, {
        statistics: 'batch',
        keep: ['modelingError', 'assignmentLikelihood', 'topActivation'],
        ...(targets && { targets }),
      });
      expect(output.iterations).toHaveLength(config.iterations);
      for (const [i, iteration] of output.iterations.entries()) {
        const wanted = expected.iterations[i]!;
        const close = async (
          tensor: tf.Tensor,
          { shape, data }: { shape: readonly number[]; data: readonly number[] },
          what: string,
        ) => {
          expect(tensor.shape).toEqual(shape);
          expectAllClose(await tensor.data(), data, VALUE_TOLERANCE, `${what} of iteration ${i}`);
        };
        await close(iteration.modelingError!, wanted.dz, 'dz');
        await close(iteration.assignmentLikelihood!, wanted.L, 'L');
        await close(iteration.prediction, wanted.z, 'z');
        await close(iteration.assignment, wanted.m, 'm');
        await close(iteration.topActivation!, wanted.top, 'top');
        expectAllClose(await iteration.cost.data(), [wanted.cost], VALUE_TOLERANCE, `cost of iteration ${i}`);
      }
      if (expected.classPosterior) {
        expectAllClose(
          await output.classPosterior!.data(),
          expected.classPosterior.data,
          VALUE_TOLERANCE,
          'classPosterior',
        );
        expectAllClose(await output.classCost!.data(), [expected.classCost!], VALUE_TOLERANCE, 'classCost');
      }
      tf.dispose(output);
      tf.dispose(inputs);
      tagger.dispose();
      expect(tf.memory().numTensors).toBe(before);
    });

    it('computes the total cost and the gradient of every parameter', async () => {
      const before = tf.memory().numTensors;
      const { tagger, inputs } = goldenTagger(file);
      const parameters = tagger.parameters();
      expect(Object.keys(parameters).sort()).toEqual(Object.keys(file.parameters).sort());
      const { value, grads } = tf.variableGrads(
        () => golden.totalCost(tagger, inputs, file),
        Object.values(parameters),
      );
      expectAllClose(await value.data(), [expected.cost], VALUE_TOLERANCE, 'total cost');
      const tolerance = name.endsWith('saturated') ? { ...GRADIENT_TOLERANCE, relative: 1e-2 } : GRADIENT_TOLERANCE;
      for (const [path, variable] of Object.entries(parameters)) {
        const wanted = expected.gradients[path]!;
        expect(variable.shape).toEqual(wanted.shape);
        expectAllClose(await grads[variable.name]!.data(), wanted.data, tolerance, `gradient of ${path}`);
      }
      tf.dispose([value, grads]);
      tf.dispose(inputs);
      tagger.dispose();
      expect(tf.memory().numTensors).toBe(before);
    });
  });
});

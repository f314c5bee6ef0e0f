import { adamUpdateOperation, adamUpdatesOperation } from '@taggerjs/nn';
import { util, type TensorInfo } from '@tensorflow/tfjs-core';

import type { KernelContext, OwnKernel } from './own-kernel';

type Input = { readonly dataId: object; readonly shape: number[] };
type Attributes = Record<'learningRate' | 'beta1' | 'beta2' | 'epsilon' | 'step' | 'averageDecay', number>;

/** The tensors of a parameter. */
type Tensors = Record<'parameter' | 'gradient' | 'm' | 'v', Input> & { readonly average?: Input };

/** One step of Adam for a parameter; see assembly/adam-update.ts. */
export const adamUpdateKernel: OwnKernel = {
  operation: adamUpdateOperation,
  kernel:
    (context) =>
    ({ inputs, attrs }) =>
      update(context, [inputs as unknown as Tensors], undefined, attrs as unknown as Attributes),
};

/** The same for all parameters, with clipping and the average. */
export const adamUpdatesKernel: OwnKernel = {
  operation: adamUpdatesOperation,
  kernel:
    (context) =>
    ({ inputs, attrs }) => {
      const named = inputs as unknown as Record<string, Input>;
      const tensors = Array.from({ length: (attrs as unknown as { count: number }).count }, (_, i) => {
        const [parameter, gradient] = [named[`parameter_${i}`], named[`gradient_${i}`]];
        return {
          parameter,
          gradient,
          m: named[`m_${i}`],
          v: named[`v_${i}`],
          average: named[`average_${i}`],
        } as Tensors;
      });
      return update(context, tensors, named['scale'], attrs as unknown as Attributes);
    },
};

/** Words of a record in assembly/adam-update.ts. */
const RECORD = 11;

function update(
  { pool, output, offset }: KernelContext,
  tensors: readonly Tensors[],
  scale: Input | undefined,
  { learningRate, beta1, beta2, epsilon, step, averageDecay = 0 }: Attributes,
): TensorInfo[] {
  const outputs = tensors.map(({ parameter: { shape }, average }) =>
    Array.from({ length: average ? 4 : 3 }, () => output(shape)),
  );
  const sizes = tensors.map(({ parameter }) => util.sizeFromShape(parameter.shape));
  pool.compute((kernels) => {
    const list = pool.scratch(4 * RECORD * tensors.length);
    const words = pool.words(list, RECORD * tensors.length);
    for (const [i, { parameter, gradient, m, v, average }] of tensors.entries()) {
      const before = [parameter, gradient, m, v].map(offset);
      const after = (outputs[i] as TensorInfo[]).map(offset);
      words.set([0, sizes[i] as number, ...before, average ? offset(average) : 0, ...after], RECORD * i);
    }
    kernels.adamUpdate(
      pool.control,
      list,
      tensors.length,
      sizes.reduce((total, size) => total + size, 0),
      scale ? offset(scale) : 0,
      averageDecay,
      beta1,
      beta2,
      1 / Math.sqrt(1 - beta2 ** step),
      epsilon,
      learningRate / (1 - beta1 ** step),
    );
  });
  return outputs.flat();
}

import { normalizeGradientOperation, normalizeOperation, type Activation, type Norm } from '@taggerjs/nn';

import type { KernelContext, OwnKernel } from './own-kernel';

type Input = { readonly dataId: object; readonly shape: number[] };
type Attributes = {
  readonly norm: Norm;
  readonly epsilon: number;
  readonly activation: Activation;
  readonly hasGain: boolean;
  readonly hasBias: boolean;
  readonly onlyOutput?: boolean;
};

/** A gain or bias for a kernel: its offset (0 for none), and whether it is a single value for all columns. */
function parameter(
  offset: KernelContext['offset'],
  tensor: Input,
  exists: boolean,
): [offset: number, isScalar: number] {
  return [exists ? offset(tensor) : 0, Number(!exists || tensor.shape.length === 0)];
}

/** Normalization of rows or columns with gain, bias and rectifier; see assembly/normalize-rows.ts, normalize-columns.ts. */
export const normalizeKernel: OwnKernel = {
  operation: normalizeOperation,
  kernel:
    ({ pool, output, offset }) =>
    ({ inputs, attrs }) => {
      const { x, gain, bias } = inputs as unknown as Record<'x' | 'gain' | 'bias', Input>;
      const { norm, epsilon, activation, hasGain, hasBias, onlyOutput } = attrs as unknown as Attributes;
      const [rows, columns] = x.shape as [number, number];
      const size = norm === 'layer' ? rows : columns;
      const y = output([rows, columns]);
      const statistics = onlyOutput ? [] : [output([size]), output([size])];
      pool.compute((kernels) => {
        const aside = onlyOutput ? pool.scratch(8 * size) : 0;
        const [mean, inverseStd] = onlyOutput ? [aside, aside + 4 * size] : statistics.map(offset);
        kernels[norm === 'layer' ? 'normalizeRows' : 'normalizeColumns'](
          pool.control,
          rows,
          columns,
          offset(x),
          ...parameter(offset, gain, hasGain),
          ...parameter(offset, bias, hasBias),
          epsilon,
          Number(activation === 'relu'),
          offset(y),
          mean!,
          inverseStd!,
        );
      });
      return [y, ...statistics];
    },
};

type GradientInputs = 'dy' | 'dMean' | 'dInverseStd' | 'x' | 'gain' | 'bias' | 'y' | 'mean' | 'inverseStd';

/** The gradient of {@link normalizeKernel}. */
export const normalizeGradientKernel: OwnKernel = {
  operation: normalizeGradientOperation,
  kernel:
    ({ pool, output, offset, values }) =>
    ({ inputs, attrs }) => {
      const { dy, dMean, dInverseStd, x, gain, bias, y, mean, inverseStd } = inputs as unknown as Record<
        GradientInputs,
        Input
      >;
      const { norm, activation, hasGain, hasBias } = attrs as unknown as Attributes;
      const [rows, columns] = x.shape as [number, number];
      const dx = output([rows, columns]);
      const dGain = output(hasGain ? gain.shape : []);
      const dBias = output(hasBias ? bias.shape : []);
      const wanted = [...(hasGain ? [gain] : []), ...(hasBias ? [bias] : [])];
      const hasVector = wanted.some(({ shape }) => shape.length === 1);
      pool.compute((kernels) => {
        const sumsBytes = 8 * Math.max(1, columns);
        const partsBytes =
          norm === 'layer' && wanted.length > 0 ? kernels.normalizeRowsGradientBytes(rows, columns) : 0;
        const sums = pool.scratch(sumsBytes + partsBytes);
        const gradients = [pool.control, rows, columns, offset(dy), offset(dMean), offset(dInverseStd)] as const;
        const operands = [offset(x), ...parameter(offset, gain, hasGain), Number(activation === 'relu')] as const;
        const results = [offset(y), offset(mean), offset(inverseStd), offset(dx)] as const;
        if (norm === 'layer') {
          const sumsFor = wanted.length === 0 ? 0 : hasVector ? 2 : 1;
          kernels.normalizeRowsGradient(...gradients, ...operands, ...results, sumsFor, sums + sumsBytes, sums);
        } else {
          kernels.normalizeColumnsGradient(...gradients, ...operands, ...results, sums);
        }
        // At `sums`: the sums of g xhat and of g, per column or over all values.
        const count = norm === 'batch' || hasVector ? columns : 1;
        const give = (to: typeof dGain, exists: boolean, from: number) => {
          if (!exists) values(to)[0] = 0;
          else if (to.shape.length === 0) values(to)[0] = kernels.sumVector(from, count);
          else kernels.copyRows(pool.control, 1, 4 * columns, from, 0, offset(to), 0);
        };
        give(dGain, hasGain, sums);
        give(dBias, hasBias, sums + 4 * count);
      });
      return [dx, dGain, dBias];
    },
};

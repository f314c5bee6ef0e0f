import { im2colGradientOperation, im2colOperation } from '@taggerjs/nn';

import type { OwnKernel } from './own-kernel';

type Attributes = { readonly images: number; readonly rows: number; readonly columns: number };
type Input = { readonly dataId: object; readonly shape: number[] };

/** Every pixel with its neighbors; see assembly/im2col.ts. */
export const im2colKernel: OwnKernel = {
  operation: im2colOperation,
  kernel: ofPixels('x', 'im2col', (size) => ({ channels: size, columns: 9 * size })),
};

/** The gradient of {@link im2colKernel}. */
export const im2colGradientKernel: OwnKernel = {
  operation: im2colGradientOperation,
  kernel: ofPixels('dy', 'im2colGradient', (size) => ({ channels: size / 9, columns: size / 9 })),
};

/** From an input [pixels, size]: the number of channels of the images, and of columns of the output. */
function ofPixels(
  from: 'x' | 'dy',
  name: 'im2col' | 'im2colGradient',
  sizes: (size: number) => { readonly channels: number; readonly columns: number },
): OwnKernel['kernel'] {
  return ({ pool, output, offset }) =>
    ({ inputs, attrs }) => {
      const { rows, columns } = attrs as unknown as Attributes;
      const input = inputs[from] as unknown as Input;
      const [pixels, size] = input.shape as [number, number];
      const of = sizes(size);
      const result = output([pixels, of.columns]);
      pool.compute((kernels) =>
        kernels[name](pool.control, pixels, rows, columns, of.channels, offset(input), offset(result)),
      );
      return result;
    };
}

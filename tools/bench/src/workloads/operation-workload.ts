import { servedBy } from '@taggerjs/nn';
import * as tf from '@tensorflow/tfjs-core';

import type { Reply } from '../contestants/line-process';
import { operationCases } from '../operation-cases';
import type { Answer, WorkloadContext } from './workload';
import { repeat } from './repeat';

/** The result of an operation. */
export interface OperationReply extends Reply {
  readonly servedBy: 'kernel' | 'composed';
}

/** A request is `forward NAME`, the operation alone, or `both NAME`, with the gradients that a step needs. */
export async function operationWorkload({ settings }: WorkloadContext): Promise<Answer> {
  const cases = operationCases(settings.groups, settings.batch, settings.sizes[0] as number);
  return async (request): Promise<OperationReply> => {
    const name = request.slice(request.indexOf(' ') + 1);
    const found = cases.find((one) => one.name === name);
    if (found === undefined) throw new RangeError(`No operation '${name}'.`);
    const { operation, shapes, attributes, constants } = found;
    const inputs = Object.fromEntries(
      Object.entries(shapes).map(([key, shape]) => [key, tf.randomUniform([...shape], 0.01, 0.99)]),
    );
    const forward = () => operation(inputs, attributes) as tf.Tensor[];
    let action = () => tf.dispose(forward());
    let dy: tf.Tensor | undefined;
    if (request.startsWith('both')) {
      dy = tf.tidy(() => tf.onesLike(forward()[0] as tf.Tensor));
      const xs = Object.entries(inputs).flatMap(([key, input]) => (constants.includes(key) ? [] : [input]));
      action = () => tf.dispose(tf.engine().gradients(() => forward()[0] as tf.Tensor, xs, dy, true));
    }
    const milliseconds = await repeat(action);
    tf.dispose([inputs, dy]);
    return { milliseconds, servedBy: servedBy(operation, tf.getBackend()) };
  };
}

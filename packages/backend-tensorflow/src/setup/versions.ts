/** The default version of TensorFlow. */
export const TENSORFLOW_VERSION = '2.20.0';

/** The version of `@tensorflow/tfjs-node` and `@tensorflow/tfjs-node-gpu` whose sources are compiled. */
export const TFJS_NODE_VERSION = '4.22.0';

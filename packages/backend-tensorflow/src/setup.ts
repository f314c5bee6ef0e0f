// Sets TensorFlow up for this package: what the command taggerjs-setup-tensorflow does.
export { main } from './setup/main';
export { setUpTensorflow, type SetUpOptions, type SetUpResult } from './setup/set-up-tensorflow';
export { TENSORFLOW_VERSION, TFJS_NODE_VERSION } from './setup/versions';

// Sets up TensorFlow from a program, as the command taggerjs-setup-tensorflow does.
export { main } from './setup/main';
export { setUpTensorflow, type SetUpOptions, type SetUpResult } from './setup/set-up-tensorflow';
export { TENSORFLOW_VERSION, TFJS_NODE_VERSION } from './setup/versions';

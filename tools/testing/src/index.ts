export { BACKENDS, describeBackends } from './backends';
export { expectAllClose, GRADIENT_TOLERANCE, VALUE_TOLERANCE, type Tolerance } from './close';
export { goldenTaggers, readGolden, type GoldenLadder, type GoldenTensor } from './golden';
export { installNode } from './install-node';
export { expectNoLeak } from './leaks';
export { runForJson, runProgram, type ProgramEnd, type ProgramOptions } from './run-program';
export { smallDisk, type SmallDisk } from './small-disk';
export { withCode } from './with-code';

// Runs the parity suite on one backend, named on the command line, in a separate process, and prints the report as JSON.
// Registers the gradients of TensorFlow.js's own operations, which one case notes.
import '@tensorflow/tfjs';
import { arch, cpus, platform, release } from 'node:os';

import { namedBackend, runParity } from '@taggerjs/parity';

const report = await runParity({
  backends: [namedBackend(process.argv[2] as string)],
  machine: {
    node: process.version,
    system: `${platform()} ${release()} ${arch()}`,
    processor: cpus()[0]?.model.trim() ?? 'unknown',
  },
});
process.stdout.write(JSON.stringify(report), () => process.exit(0));

// Prepares `npm run bench`, which measures the sources: only the WebAssembly kernels need compiling, and only after changes.
import { nx } from './nx.mjs';

process.exitCode = await nx(['run', '@taggerjs/backend-wasm:kernels'], { quiet: true });

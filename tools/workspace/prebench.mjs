// `npm run bench` measures the sources: of them only the WebAssembly kernels are compiled first, or not at all where
// nothing changed.
import { nx } from './nx.mjs';

process.exitCode = await nx(['run', '@taggerjs/backend-wasm:kernels'], { quiet: true });

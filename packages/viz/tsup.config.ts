import { library } from '../../tools/workspace/tsup.mjs';

// png-data-uri is an internal entry: as a separate file, bundlers can drop it and the PNG encoder when they are unused.
export default library({ entry: ['src/index.ts', 'src/node.ts', 'src/svg/png-data-uri.ts'] });

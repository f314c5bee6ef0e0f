import { library } from '../../tools/workspace/tsup.mjs';

// png-data-uri is no entry for users: in a file of its own, bundlers leave it and the encoder out of what does not use it.
export default library({ entry: ['src/index.ts', 'src/node.ts', 'src/svg/png-data-uri.ts'] });

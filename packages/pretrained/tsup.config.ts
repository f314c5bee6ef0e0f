import { library } from '../../tools/workspace/tsup.mjs';

export default library({ entry: ['src/index.ts', 'src/index.node.ts'] });

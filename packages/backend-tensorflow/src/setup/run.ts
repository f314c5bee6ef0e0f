// `npm run setup:tensorflow` in the workspace: the command from its sources.
import { main } from './main';

void main(process.argv.slice(2)).then((status) => {
  process.exitCode = status;
});

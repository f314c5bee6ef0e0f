// The `tagger` command, from the sources.
import { main } from '@taggerjs/cli';

process.exitCode = await main(process.argv.slice(2));

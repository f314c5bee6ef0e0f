import { existsSync } from 'node:fs';

import { describeSetup, useCuda, type TensorflowSetup } from '@taggerjs/backend-cuda';

async function check() {
  // TensorFlow is not set up for this program: the error names the command that does it, which is installed too.
  const end: TensorflowSetup | Error = await useCuda({ folder: '/nowhere' }).catch((error: Error) => error);
  if (!(end instanceof Error)) throw new Error(`set up: ${describeSetup(end)}`);
  if (!end.message.includes('npx taggerjs-setup-tensorflow --cuda')) throw end;
  if (!existsSync('node_modules/.bin/taggerjs-setup-tensorflow')) throw new Error('the command is not installed');
}

check().then(() => console.log('ok'));

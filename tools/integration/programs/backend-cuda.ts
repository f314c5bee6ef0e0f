import { describeSetup, useCuda, type TensorflowSetup } from '@taggerjs/backend-cuda';

async function check() {
  // TensorFlow is not set up for this program: the error names the command that does it.
  const end: TensorflowSetup | Error = await useCuda({ folder: '/nowhere' }).catch((error: Error) => error);
  if (!(end instanceof Error)) throw new Error(`set up: ${describeSetup(end)}`);
  if (!end.message.includes('npx taggerjs-setup-tensorflow --cuda')) throw end;
}

check().then(() => console.log('ok'));

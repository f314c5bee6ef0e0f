import { describeSetup, useTensorflow, type TensorflowSetup } from '@taggerjs/backend-tensorflow';
import { main, TENSORFLOW_VERSION } from '@taggerjs/backend-tensorflow/setup';

async function check() {
  // TensorFlow is not set up for this program: the error names the command that does it.
  const end: TensorflowSetup | Error = await useTensorflow({ folder: '/nowhere' }).catch((error: Error) => error);
  if (!(end instanceof Error)) throw new Error(`set up: ${describeSetup(end)}`);
  if (!end.message.includes('npx taggerjs-setup-tensorflow')) throw end;
  const printed: string[] = [];
  const print = (line: string) => void printed.push(line);
  if ((await main(['--help'], { print, printError: print })) !== 0) throw new Error('no help');
  if (!printed.join('').includes(TENSORFLOW_VERSION)) throw new Error('does not say which TensorFlow');
}

check().then(() => console.log('ok'));

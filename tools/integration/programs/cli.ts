import { main, type MainOptions } from '@taggerjs/cli';

const options: MainOptions = { stdout: process.stderr };
main(['recipes'], options).then((code) => {
  if (code !== 0) throw new Error(`exit code ${code}`);
  console.log('ok');
});

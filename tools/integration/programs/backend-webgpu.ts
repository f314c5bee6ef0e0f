import { describeSetup, useWebgpu, type WebgpuSetup } from '@taggerjs/backend-webgpu';

async function main() {
  // Dawn is not installed along: the error says how to get it.
  const setup: WebgpuSetup | Error = await useWebgpu().catch((error: Error) => error);
  const said = setup instanceof Error ? setup.message : describeSetup(setup);
  if (!/npm install webgpu/.test(said)) throw new Error(said);
}

main().then(() => console.log('ok'));

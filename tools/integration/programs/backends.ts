import { BACKENDS, useBackend } from '@taggerjs/backends';

async function main() {
  const setup = await useBackend('wasm', { threads: 2 });
  if (setup.threads !== 2 || setup.kernels.length < 20) throw new Error(setup.description);
  if ((await useBackend('cpu')).kernels.length > 0) throw new Error('cpu has kernels');

  // The packages of the others are not installed here.
  for (const name of BACKENDS.filter((one) => one !== 'wasm' && one !== 'cpu')) {
    const error = await useBackend(name).catch((reason: { code: string }) => reason);
    if (!('code' in error && error.code === 'NOT_INSTALLED')) throw error;
  }
  console.log('ok');
}

void main();

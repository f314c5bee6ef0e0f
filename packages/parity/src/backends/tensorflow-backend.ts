import type { BackendUnderTest } from '../backend-under-test';
import { optionalBackend } from './optional-backend';

const PACKAGES = { tensorflow: '@taggerjs/backend-tensorflow', cuda: '@taggerjs/backend-cuda' } as const;

/**
 * TensorFlow in Node, set up by `useTensorflow` of `@taggerjs/backend-tensorflow` (`tensorflow`, on the CPU) or `useCuda` of
 * `@taggerjs/backend-cuda` (`cuda`, on an NVIDIA GPU). A process loads TensorFlow once, for one of the two.
 *
 * @param name which of them
 * @param threads how many compute an operation on the CPU. @default the cores there are
 */
export function tensorflowBackend(name: 'tensorflow' | 'cuda', threads?: number): BackendUnderTest {
  const options = threads === undefined ? {} : { threads };
  return optionalBackend({
    name: threads === undefined ? name : `${name}:${threads}`,
    packageName: PACKAGES[name],
    howToGet:
      `npm install ${PACKAGES[name]}, then npx taggerjs-setup-tensorflow` +
      (name === 'cuda' ? ' --cuda; it needs an NVIDIA GPU and its driver' : ''),
    load: async () => {
      if (name === 'tensorflow') {
        const { useTensorflow, describeSetup } = await import('@taggerjs/backend-tensorflow');
        return { use: useTensorflow, describeSetup };
      }
      const { useCuda, describeSetup } = await import('@taggerjs/backend-cuda');
      return { use: useCuda, describeSetup };
    },
    async use({ use, describeSetup }) {
      const setup = await use(options);
      return { backend: setup.backend, description: describeSetup(setup) };
    },
    // TensorFlow stays in the process that loaded it.
  });
}

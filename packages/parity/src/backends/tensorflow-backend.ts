import type { BackendUnderTest } from '../backend-under-test';
import { optionalBackend } from './optional-backend';

const HOW_TO_GET = 'npm install @taggerjs/backend-cuda, then npx taggerjs-setup-tensorflow';

/**
 * TensorFlow in Node, set up by `useTensorflow` (`tensorflow`, on the CPU) or `useCuda` (`cuda`, on an NVIDIA GPU) of
 * `@taggerjs/backend-cuda`. A process loads TensorFlow once, for one of the two.
 *
 * @param name which of them
 * @param threads how many compute an operation on the CPU. @default the cores there are
 */
export function tensorflowBackend(name: 'tensorflow' | 'cuda', threads?: number): BackendUnderTest {
  const options = threads === undefined ? {} : { threads };
  return optionalBackend({
    name: threads === undefined ? name : `${name}:${threads}`,
    packageName: '@taggerjs/backend-cuda',
    howToGet: name === 'cuda' ? `${HOW_TO_GET} --cuda; it needs an NVIDIA GPU and its driver` : HOW_TO_GET,
    load: () => import('@taggerjs/backend-cuda'),
    async use({ useTensorflow, useCuda, describeSetup }) {
      const setup = await (name === 'cuda' ? useCuda : useTensorflow)(options);
      return { backend: setup.backend, description: describeSetup(setup) };
    },
    // TensorFlow stays in the process that loaded it.
  });
}

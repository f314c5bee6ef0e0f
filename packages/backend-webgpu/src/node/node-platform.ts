import { TaggerError } from '@taggerjs/nn';

import type { Gpu, Place, Platform } from '../platform';
import type { ResolvedOptions } from '../webgpu-options';

/** The Node platform: WebGPU is Dawn, Chromium's implementation, from the package `webgpu`. */
export const nodePlatform: Platform = {
  places,
  advice:
    'Install the driver of the GPU; on Linux its Vulkan part and the loader libvulkan1 (Debian: apt-get install ' +
    'libvulkan1 mesa-vulkan-drivers). Without a GPU use @taggerjs/backend-wasm, or for tests Mesa (Debian: apt-get ' +
    'install libegl1 libgles2 libgl1-mesa-dri) with the option allowSoftware.',
  provideGlobals,
};

/** The parts of the package `webgpu` that this package uses. */
interface Dawn {
  create(options: string[]): Gpu;
  readonly globals: Readonly<Record<string, unknown>>;
}

/** Keeps Dawn instances alive. Collecting one destroys everything created from it, and crashes the process. */
const inUse = /* @__PURE__ */ new Set<Gpu>();

async function places({ featureLevels, dawn }: ResolvedOptions): Promise<Place[]> {
  const { create } = await loadDawn();
  const options = [
    ...(dawn.adapter === undefined ? [] : [`adapter=${dawn.adapter}`]),
    ...(dawn.enable === undefined ? [] : [`enable-dawn-features=${dawn.enable.join(',')}`]),
    ...(dawn.disable === undefined ? [] : [`disable-dawn-features=${dawn.disable.join(',')}`]),
  ];
  const place = (backend: string | undefined, featureLevel: Place['featureLevel']): Place => ({
    name: `${backend ?? "Dawn's choice"} at ${featureLevel} level`,
    featureLevel,
    gpu: {
      // Dawn looks for adapters when it is created, and prints warnings, so create it only when its turn comes.
      async requestAdapter(request) {
        if (backend === 'opengles' || backend === 'opengl') needNoDisplay();
        const gpu = create(backend === undefined ? options : [`backend=${backend}`, ...options]);
        const adapter = await gpu.requestAdapter(request);
        if (adapter !== null) inUse.add(gpu);
        return adapter;
      },
    },
  });
  if (dawn.backend !== undefined) return featureLevels.map((level) => place(dawn.backend, level));
  // Dawn does not try OpenGL ES on its own. It has only the compatibility level.
  return [
    ...featureLevels.map((level) => place(undefined, level)),
    ...(featureLevels.includes('compatibility') ? [place('opengles', 'compatibility')] : []),
  ];
}

/** Lets EGL, which provides OpenGL on Linux, work without a display. */
function needNoDisplay(): void {
  const { env, platform } = process;
  if (platform === 'linux' && !env['DISPLAY'] && !env['WAYLAND_DISPLAY']) env['EGL_PLATFORM'] ??= 'surfaceless';
}

async function loadDawn(): Promise<Dawn> {
  try {
    return (await import('webgpu')) as unknown as Dawn;
  } catch (cause) {
    throw new TaggerError(
      'NO_BACKEND',
      `useWebgpu: WebGPU in Node needs the package webgpu (\`npm install webgpu\`), which cannot be loaded: ${
        (cause as Error).message
      }`,
      { cause },
    );
  }
}

/** The number of backends that use the globals: a new one is created before the old one is removed. */
let users = 0;
/** The globals that this package added. */
let added: readonly string[] = [];

/** tfjs looks up `GPUBufferUsage`, `GPUMapMode` and the like globally. */
async function provideGlobals(): Promise<() => void> {
  const { globals } = await loadDawn();
  if (users++ === 0) {
    added = Object.keys(globals).filter((name) => name.startsWith('GPU') && !(name in globalThis));
    for (const name of added) {
      Object.defineProperty(globalThis, name, { configurable: true, writable: true, value: globals[name] });
    }
  }
  return () => {
    if (--users > 0) return;
    for (const name of added) delete (globalThis as Record<string, unknown>)[name];
  };
}

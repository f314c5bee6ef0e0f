import { TaggerError } from '@taggerjs/nn';

import type { Gpu, Place, Platform } from '../platform';
import type { ResolvedOptions } from '../webgpu-options';

/** Node: WebGPU is Dawn, the implementation of Chromium, from the package `webgpu`. */
export const nodePlatform: Platform = {
  places,
  advice:
    'Install the driver of the GPU; on Linux its Vulkan part and the loader libvulkan1 (Debian: apt-get install ' +
    'libvulkan1 mesa-vulkan-drivers). Without a GPU use @taggerjs/backend-wasm, or for tests Mesa (Debian: apt-get ' +
    'install libegl1 libgles2 libgl1-mesa-dri) with the option allowSoftware.',
  provideGlobals,
};

/** The package `webgpu`, as far as it is used here. */
interface Dawn {
  create(options: string[]): Gpu;
  readonly globals: Readonly<Record<string, unknown>>;
}

/** Dawn takes everything down with an instance that is collected, what is made of it too, and the process with that. */
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
      // Dawn looks for adapters as it is created, and prints warnings: not before it is this place's turn.
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
  // OpenGL ES, which Dawn does not look at by itself, has the compatibility level alone.
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

/** How many backends use the globals: a new one is made before the old one goes. */
let users = 0;
/** The globals that were not there before. */
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

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Makes a folder with the layout of TensorFlow's Python package, with text files instead of libraries. */
export async function makeLibtensorflow(folder: string, buildInfo?: string): Promise<void> {
  await mkdir(join(folder, 'include/tensorflow/c/eager'), { recursive: true });
  await writeFile(join(folder, 'include/tensorflow/c/eager/c_api.h'), 'the header');
  for (const name of ['cc', 'framework']) await writeFile(join(folder, `libtensorflow_${name}.so.2`), `the ${name}`);
  if (buildInfo === undefined) return;
  await mkdir(join(folder, 'python/platform'), { recursive: true });
  await writeFile(join(folder, 'python/platform/build_info.py'), buildInfo);
}

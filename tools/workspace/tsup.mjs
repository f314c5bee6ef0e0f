import { defineConfig } from 'tsup';

/**
 * How every package is built: ESM and CommonJS with declarations for both.
 * @param {{ entry: string[], formats?: ('esm' | 'cjs')[], extra?: import('tsup').Options }} options
 */
export function library({ entry, formats = ['esm', 'cjs'], extra = {} }) {
  return defineConfig({
    entry,
    format: formats,
    target: 'es2022',
    dts: { compilerOptions: { composite: false, customConditions: [] } },
    sourcemap: true,
    clean: true,
    splitting: true,
    treeshake: true,
    shims: true,
    silent: true,
    esbuildOptions(options) {
      options.conditions = ['import'];
    },
    ...extra,
  });
}

import { defineConfig } from 'tsup';

/**
 * How every package is built: ESM and CommonJS with declarations for both.
 *
 * `tsup` in a package's folder makes both; TAGGERJS_BUILD=javascript or =declarations makes one of them, which is how
 * Nx runs it: the JavaScript takes a second and is all that is needed to run, the declarations take longer.
 *
 * @param {{ entry: string[], formats?: ('esm' | 'cjs')[], extra?: import('tsup').Options }} options
 */
export function library({ entry, formats = ['esm', 'cjs'], extra = {} }) {
  const part = process.env.TAGGERJS_BUILD ?? 'all';
  const compilerOptions = { composite: false, customConditions: [] };
  const names = entry.map((file) => /^src\/(.*)\.ts$/.exec(file)[1]);
  const declarations = Object.fromEntries(names.map((name) => [name, `out-tsc/${name}.d.ts`]));
  return defineConfig({
    entry,
    format: formats,
    target: 'es2022',
    dts: part === 'javascript' ? false : { only: part === 'declarations', entry: declarations, compilerOptions },
    sourcemap: true,
    clean: part === 'javascript' ? ['!**/*.d.{ts,cts,mts}'] : true,
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

import { defineConfig } from 'tsup';

/**
 * The build of every package: ESM and CommonJS, with declarations for both.
 *
 * Running `tsup` in a package's folder builds JavaScript and declarations. Nx sets TAGGERJS_BUILD to `javascript` or
 * `declarations` to build them separately: the JavaScript takes a second and is enough to run, the declarations take longer.
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

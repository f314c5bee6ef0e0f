import { createRequire } from 'node:module';
import { VizError } from '../viz-error';

// The figures use the regular and semi-bold weights.
const FILES = ['inter-ui/web/Inter-Regular.woff2', 'inter-ui/web/Inter-SemiBold.woff2'];

/** The part of the canvas library that this module needs. */
interface FontRegistry {
  readonly families: readonly unknown[];
  registerFromPath(path: string, name?: string): unknown;
}

const registered = new WeakSet<FontRegistry>();

/**
 * Registers Inter with the canvas, once, so that text looks the same on every machine, even without installed fonts. If the
 * system has no fonts, also registers Inter as the generic families, which other SVG documents may use.
 *
 * @throws VizError `NO_CANVAS` when the font's files are missing or cannot be read
 */
export function registerFonts(fonts: FontRegistry): void {
  if (registered.has(fonts)) return;
  const bare = fonts.families.length === 0;
  const names = ['Inter', ...(bare ? ['sans-serif', 'serif', 'monospace', 'system-ui'] : [])];
  const require = createRequire(import.meta.url);
  for (const file of FILES) {
    let cause: unknown;
    let path: string | undefined;
    try {
      path = require.resolve(file);
      if (names.every((name) => fonts.registerFromPath(path as string, name))) continue;
    } catch (error) {
      cause = error;
    }
    throw new VizError(
      'NO_CANVAS',
      `renderPng: the font ${path ?? file} cannot be loaded. Reinstall the package inter-ui.`,
      { cause },
    );
  }
  registered.add(fonts);
}

import { registerFonts } from './fonts';

/** A mock font registry with some fonts already installed. */
function registry(families: string[], accepts = true) {
  const calls: string[] = [];
  return {
    calls,
    families,
    registerFromPath(path: string, name?: string) {
      calls.push(`${name}: ${path.split(/[\\/]/).at(-1)}`);
      return accepts ? {} : null;
    },
  };
}

describe('registerFonts', () => {
  it('registers only Inter if the system has fonts', () => {
    const fonts = registry(['Arial']);
    registerFonts(fonts);
    expect(fonts.calls).toEqual(['Inter: Inter-Regular.woff2', 'Inter: Inter-SemiBold.woff2']);
  });

  it('uses Inter for the generic families if the system has no fonts', () => {
    const fonts = registry([]);
    registerFonts(fonts);
    expect(fonts.calls).toContain('sans-serif: Inter-Regular.woff2');
  });

  it('registers once', () => {
    const fonts = registry(['Arial']);
    registerFonts(fonts);
    registerFonts(fonts);
    expect(fonts.calls).toHaveLength(2);
  });

  it('throws if a font cannot be read', () => {
    expect(() => registerFonts(registry([], false))).toThrow(
      expect.objectContaining({ name: 'VizError', code: 'NO_CANVAS' }),
    );
  });
});

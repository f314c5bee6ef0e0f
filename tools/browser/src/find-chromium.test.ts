import { findChromium } from './find-chromium';

describe('findChromium', () => {
  it('returns the path in the environment', () => {
    expect(findChromium({ CHROMIUM_PATH: __filename }, [])).toBe(__filename);
  });

  it('returns the first usual path that exists', () => {
    expect(findChromium({}, ['/nowhere/chromium', __filename, __dirname])).toBe(__filename);
  });

  it('does not fall back if the path in the environment does not exist', () => {
    expect(() => findChromium({ CHROMIUM_PATH: '/nowhere/chromium' }, [__filename])).toThrow();
  });

  it('throws if no browser is found', () => {
    expect(() => findChromium({}, ['/nowhere/chromium'])).toThrow();
  });
});

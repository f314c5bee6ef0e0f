import { findChromium } from './find-chromium';

describe('findChromium', () => {
  it('takes what the environment names', () => {
    expect(findChromium({ CHROMIUM_PATH: __filename }, [])).toBe(__filename);
  });

  it('takes the first of the usual places that exists', () => {
    expect(findChromium({}, ['/nowhere/chromium', __filename, __dirname])).toBe(__filename);
  });

  it('says that what the environment names is not there, and takes no other', () => {
    expect(() => findChromium({ CHROMIUM_PATH: '/nowhere/chromium' }, [__filename])).toThrow(
      'CHROMIUM_PATH says that the browser is /nowhere/chromium, but there is no such file.',
    );
  });

  it('says how to get one', () => {
    expect(() => findChromium({}, ['/nowhere/chromium'])).toThrow(/npm run setup:browser.*CHROMIUM_PATH/);
  });
});

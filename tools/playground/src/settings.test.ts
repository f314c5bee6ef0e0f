import fc from 'fast-check';

import { ELEMENTS, SIDE, within } from './drawing';
import { DEFAULTS, settingsFromHash, settingsToHash } from './settings';

const shape = fc
  .record({
    kind: fc.constantFrom('square' as const, 'upTriangle' as const, 'downTriangle' as const),
    row: fc.integer({ min: 0, max: SIDE - 1 }),
    column: fc.integer({ min: 0, max: SIDE - 1 }),
  })
  .map(within);
const settings = fc.record({
  drawing: fc.record({
    shapes: fc.array(shape, { maxLength: 6 }),
    turned: fc.uniqueArray(fc.integer({ min: 0, max: ELEMENTS - 1 })).map((turned) => turned.sort((a, b) => a - b)),
  }),
  noise: fc.integer({ min: 0, max: 40 }).map((percent) => percent / 100),
  groups: fc.integer({ min: 1, max: 8 }),
  iterations: fc.integer({ min: 1, max: 20 }),
  seed: fc.integer({ min: 0, max: 9999 }),
});

describe('the address', () => {
  it('gives back what was put into it', () => {
    fc.assert(
      fc.property(settings, (settings) => {
        expect({ ...DEFAULTS, ...settingsFromHash(`#${settingsToHash(settings)}`) }).toEqual(settings);
      }),
    );
  });

  it('is short where nothing was changed', () => {
    expect(settingsToHash({ ...DEFAULTS, drawing: { shapes: [], turned: [] } })).toBe('shapes=');
  });

  it('is not believed where it is wrong', () => {
    const hash = '#shapes=x1.1-s99.99-u1.1&noise=0.9&groups=2.5&iterations=0&seed=&pen=%%%';
    expect(settingsFromHash(hash)).toEqual({
      drawing: {
        shapes: [
          { kind: 'square', row: 13, column: 13 },
          { kind: 'upTriangle', row: 1, column: 1 },
        ],
        turned: [],
      },
    });
  });

  it('is never an error', () => {
    fc.assert(fc.property(fc.string(), (text) => void settingsFromHash(text)));
  });
});

import fc from 'fast-check';

import { ELEMENTS, SIDE, within } from './images/drawing';
import { DEFAULTS, settingsFromHash, settingsToHash } from './settings';

const shape = fc
  .record({
    kind: fc.constantFrom('square' as const, 'upTriangle' as const, 'downTriangle' as const),
    row: fc.integer({ min: 0, max: SIDE - 1 }),
    column: fc.integer({ min: 0, max: SIDE - 1 }),
  })
  .map(within);
const others = {
  groups: fc.integer({ min: 1, max: 8 }),
  iterations: fc.integer({ min: 1, max: 20 }),
  seed: fc.integer({ min: 0, max: 9999 }),
  view: fc.constantFrom('blend' as const, 'winner' as const),
};
const settings = fc.record({
  model: fc.constant('shapes' as const),
  sample: fc.constant(0),
  drawing: fc.record({
    shapes: fc.array(shape, { maxLength: 6 }),
    turned: fc.uniqueArray(fc.integer({ min: 0, max: ELEMENTS - 1 })).map((turned) => turned.sort((a, b) => a - b)),
  }),
  noise: fc.integer({ min: 0, max: 40 }).map((percent) => percent / 100),
  ...others,
});
const textures = fc.record({
  model: fc.constant('textures' as const),
  sample: fc.integer({ min: 0, max: 99 }),
  noise: fc.integer({ min: 0, max: 50 }).map((percent) => percent / 100),
  ...others,
});

describe('the URL hash', () => {
  it('round-trips the settings of Shapes', () => {
    fc.assert(
      fc.property(settings, (settings) => {
        expect({ ...DEFAULTS, ...settingsFromHash(`#${settingsToHash(settings)}`) }).toEqual(settings);
      }),
    );
  });

  it('round-trips the settings of textured digits', () => {
    const drawing = { shapes: [], turned: [] };
    fc.assert(
      fc.property(textures, (settings) => {
        const hash = settingsToHash({ ...settings, drawing });
        expect({ ...DEFAULTS, ...settingsFromHash(`#${hash}`) }).toEqual(settings);
        expect(hash).not.toContain('shapes');
      }),
    );
  });

  it('defaults to the number of groups of the model that it names', () => {
    expect(settingsFromHash('#model=textures').groups).toBe(3);
    expect(settingsFromHash('#model=textures&groups=5').groups).toBe(5);
    expect(settingsFromHash('#shapes=').groups).toBe(4);
    expect(settingsFromHash('#seed=3').groups).toBeUndefined();
  });

  it('ignores noise and samples outside the range of the model', () => {
    expect(settingsFromHash('#shapes=&noise=0.45')).toEqual({
      model: 'shapes',
      drawing: { shapes: [], turned: [] },
      groups: 4,
    });
    expect(settingsFromHash('#model=textures&noise=0.45&sample=100')).toEqual({
      model: 'textures',
      noise: 0.45,
      groups: 3,
    });
    expect(settingsFromHash('#model=faces')).toEqual({});
  });

  it('omits defaults', () => {
    expect(settingsToHash({ ...DEFAULTS, drawing: { shapes: [], turned: [] } })).toBe('shapes=');
  });

  it('ignores invalid values', () => {
    const hash = '#shapes=x1.1-s99.99-u1.1&noise=0.9&groups=2.5&iterations=0&seed=&pen=%%%';
    expect(settingsFromHash(hash)).toEqual({
      model: 'shapes',
      drawing: {
        shapes: [
          { kind: 'square', row: 13, column: 13 },
          { kind: 'upTriangle', row: 1, column: 1 },
        ],
        turned: [],
      },
      groups: 4,
    });
  });

  it('never throws', () => {
    fc.assert(fc.property(fc.string(), (text) => void settingsFromHash(text)));
  });
});

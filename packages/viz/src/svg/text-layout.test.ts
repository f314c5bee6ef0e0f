import { createCanvas, GlobalFonts } from '@napi-rs/canvas';
import { registerFonts } from '../png/fonts';
import { textWidth, wrapText } from './text-layout';

describe('textWidth', () => {
  const texts = ['Iteration 5, AMI 0.87', 'Denoising cost (per element)', 'WAVE/iiilll|@#%'];

  it.each(texts)('is within 3 % of the width in the font: %s', (text) => {
    registerFonts(GlobalFonts);
    const context = createCanvas(1, 1).getContext('2d');
    for (const bold of [false, true]) {
      context.font = `${bold ? 600 : 400} 100px Inter`;
      const measured = context.measureText(text).width;
      expect(Math.abs(textWidth(text, 100, bold) / measured - 1)).toBeLessThan(0.03);
    }
  });
});

describe('wrapText', () => {
  const text = 'Each row is one example, and at every iteration the large panel shows all groups.';

  it('keeps every word and every line within the width', () => {
    const lines = wrapText(text, 12, 150);
    expect(lines.join(' ')).toBe(text);
    expect(lines.length).toBeGreaterThan(2);
    for (const line of lines) expect(textWidth(line, 12)).toBeLessThanOrEqual(150);
  });

  it('keeps newlines', () => {
    expect(wrapText('one\ntwo', 12, 1000)).toEqual(['one', 'two']);
  });

  it('puts a word that is too long on its own line', () => {
    expect(wrapText('a incomprehensibilities b', 12, 20)).toEqual(['a', 'incomprehensibilities', 'b']);
  });
});

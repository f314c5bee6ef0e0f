import { DOMParser, onWarningStopParsing } from '@xmldom/xmldom';

import { confusionFigure, type ConfusionFigureOptions } from './confusion-figure';

const parse = (svg: string) => new DOMParser({ onError: onWarningStopParsing }).parseFromString(svg, 'image/svg+xml');
const all = (svg: string, tag: string) => [...parse(svg).getElementsByTagName(tag)];
const texts = (svg: string) => all(svg, 'text').map((text) => text.textContent);
/** The color of a cell. */
const fillOf = (svg: string, cell: string) =>
  all(svg, 'rect')
    .find((rect) => rect.getAttribute('data-cell') === cell)
    ?.getAttribute('fill');

const options: ConfusionFigureOptions = {
  matrix: [
    [8, 0, 0],
    [1.5, 6, 0.5],
    [0, 2, 2],
  ],
};

describe('confusionFigure', () => {
  it('writes every count and the sum of each row', () => {
    expect(texts(confusionFigure(options))).toEqual(
      ['Found', 'True', '0', '1', '2', 'All', '0', '8', '0', '0', '8', '1', '1.5', '6', '0.5', '8', '2', '0', '2', '2', '4'], // prettier-ignore
    );
  });

  it('colors a cell by its share of the row, and leaves empty cells uncolored', () => {
    const svg = confusionFigure(options);
    expect(fillOf(svg, '0 1')).toBe('#ffffff');
    expect(fillOf(svg, '2 1')).toBe(fillOf(svg, '2 2'));
    const red = (cell: string) => Number.parseInt(fillOf(svg, cell)!.slice(1, 3), 16);
    const rising = ['0 0', '1 1', '2 2', '1 0', '1 2', '0 1'].map(red);
    expect(rising).toEqual([...rising].sort((a, b) => a - b));
    expect(new Set(rising).size).toBe(6);
    expect(fillOf(confusionFigure({ ...options, theme: 'dark' }), '0 1')).toBe('#12161c');
  });

  it('draws a class without examples', () => {
    const svg = confusionFigure({ matrix: [[0, 0], [0, 3]] }); // prettier-ignore
    expect(svg).not.toMatch(/NaN|undefined/);
    expect(fillOf(svg, '0 0')).toBe('#ffffff');
  });

  it('writes class names, title and caption as text', () => {
    const svg = confusionFigure({ matrix: [[1]], classLabels: ['<a>'], title: 'T & t', caption: 'C' });
    expect(texts(svg)).toEqual(expect.arrayContaining(['<a>', 'T & t', 'C']));
  });

  it('has a background, or none', () => {
    const grounds = (svg: string) => all(svg, 'rect').filter((rect) => !rect.hasAttribute('data-cell')).length;
    expect(grounds(confusionFigure(options))).toBe(1);
    expect(grounds(confusionFigure({ ...options, transparent: true }))).toBe(0);
  });

  it.each([
    [{ matrix: [] }, 'INVALID_OPTION'],
    [{ matrix: [[-1]] }, 'INVALID_OPTION'],
    [{ matrix: [[NaN]] }, 'NON_FINITE'],
    [{ matrix: [[1, 2]] }, 'INVALID_SHAPE'],
    [{ classLabels: ['one'] }, 'INVALID_SHAPE'],
    [{ theme: 'gray' as 'dark' }, 'INVALID_OPTION'],
  ])('refuses %j', (wrong, code) => {
    expect(() => confusionFigure({ ...options, ...wrong })).toThrow(
      expect.objectContaining({ name: 'VizError', code }),
    );
  });
});

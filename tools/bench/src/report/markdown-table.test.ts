import { formatMarkdown } from './generated-document';
import { figure, markdownTable, percent } from './markdown-table';

describe('a table', () => {
  it('aligns columns of figures on the right', async () => {
    const table = markdownTable([
      { what: 'a | b', ms: '1.5' },
      { what: 'Wᵀ', ms: '10' },
      { what: 'c', ms: '–' },
    ]);
    expect(await formatMarkdown(table)).toBe(
      ['| what   |  ms |', '| ------ | --: |', '| a \\| b | 1.5 |', '| Wᵀ     |  10 |', '| c      |   – |', ''].join(
        '\n',
      ),
    );
  });
});

describe('figures', () => {
  it.each([
    [1234.5, '1235'],
    [101.4, '101'],
    [53.26, '53.3'],
    [9.994, '9.99'],
    [0.8512, '0.851'],
    [0.0004, '0.000400'],
    [0, '0'],
    [NaN, '–'],
  ])('%d is %s', (value, text) => expect(figure(value)).toBe(text));

  it('shares are percent', () => expect([percent(0.847), percent(NaN)]).toEqual(['85 %', '–']));
});

import { markdownTable } from './markdown-table';

describe('a table', () => {
  it('aligns columns, with numbers on the right, as Prettier does', () =>
    expect(
      markdownTable(
        [{ heading: 'what' }, { heading: 'ms', numeric: true }],
        [
          ['a | b', '1.5'],
          ['Wᵀ', '10'],
        ],
      ),
    ).toBe(['| what   |  ms |', '| ------ | --: |', '| a \\| b | 1.5 |', '| Wᵀ     |  10 |', ''].join('\n')));
});

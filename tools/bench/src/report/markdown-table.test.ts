import { markdownTable } from './markdown-table';

describe('a table', () => {
  it('has columns of even width, numbers at the right, as Prettier writes it', () =>
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

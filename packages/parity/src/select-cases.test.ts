import { parityCases } from './cases/parity-cases';
import { selectCases } from './select-cases';

const cases = parityCases();
const names = (...words: string[]) => selectCases(cases, words).map(({ name }) => name);

describe('selectCases', () => {
  it('selects whole groups', () => {
    expect(names('noise')).toEqual(cases.filter(({ group }) => group === 'noise').map(({ name }) => name));
    expect(new Set(selectCases(cases, ['trap', 'golden']).map(({ group }) => group))).toEqual(
      new Set(['golden', 'trap']),
    );
  });

  it('selects by parts of names, ignoring case, each case once and in order', () => {
    expect(names('taggerrelu')).toEqual(['TaggerRelu, 6 x 7', 'TaggerRelu, 64 x 501']);
    expect(names('64 x 501', 'TaggerRelu').filter((name) => name.startsWith('TaggerRelu'))).toEqual([
      'TaggerRelu, 6 x 7',
      'TaggerRelu, 64 x 501',
    ]);
  });

  it.each(['nothing of the kind', ''])('refuses a word that selects nothing: %j', (word) =>
    expect(() => names('noise', word)).toThrow(`'${word}'`),
  );
});

import { withCode } from '@taggerjs-tools/testing';
import { checkFlipProbability, checkOneOf, checkOptionNames, checkPositive } from './options';

const invalid = withCode('INVALID_OPTION');

describe('checkOptionNames', () => {
  const check = (options: unknown) => checkOptionNames('mlp', options, ['sizes', 'norm']);

  it.each([{}, { sizes: [1] }, { sizes: undefined }, { type: 'mlp', sizes: [1] }])('accepts %j', (options) => {
    expect(() => check(options)).not.toThrow();
  });

  it.each([undefined, null, 'mlp', [[100]]])('refuses %j, which is not an object', (options) => {
    expect(() => check(options)).toThrow(invalid);
  });

  it('names the unknown options and the known ones', () => {
    const message = expect.stringMatching(/^mlp: .*'size'.*'nrom'.*sizes, norm/);
    expect(() => check({ size: 1, nrom: 2 })).toThrow(expect.objectContaining({ code: 'INVALID_OPTION', message }));
  });

  it.each([
    ['size', true],
    ['Nor', true],
    ['width', false],
  ])('suggests a similar option for %s: %s', (name, similar) => {
    const message = similar ? expect.stringContaining('?') : expect.not.stringContaining('?');
    expect(() => check({ [name]: 1 })).toThrow(expect.objectContaining({ message }));
  });
});

it('checkOneOf accepts only the allowed values', () => {
  expect(() => checkOneOf('f', 'norm', 'layer', ['layer', 'batch'])).not.toThrow();
  expect(() => checkOneOf('f', 'norm', 'group', ['layer', 'batch'])).toThrow(invalid);
});

it('checkPositive accepts only finite numbers above zero', () => {
  expect(() => checkPositive('f', 'epsilon', 1e-30)).not.toThrow();
  for (const value of [0, -1, NaN, Infinity, '1', null]) expect(() => checkPositive('f', 'x', value)).toThrow(invalid);
});

it('checkFlipProbability accepts only probabilities in (0, 0.5)', () => {
  for (const probability of [1e-6, 0.49]) expect(() => checkFlipProbability('f', probability)).not.toThrow();
  for (const probability of [0, 1e-7, 0.5, -1, NaN])
    expect(() => checkFlipProbability('f', probability)).toThrow(invalid);
});

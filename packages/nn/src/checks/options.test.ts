import { checkOptionNames } from './options';

describe('checkOptionNames', () => {
  it.each([{}, { sizes: [1] }, { sizes: undefined }, { type: 'mlp', sizes: [1] }])('lets %j pass', (options) => {
    expect(() => checkOptionNames('mlp', options, ['sizes', 'norm'])).not.toThrow();
  });

  it.each([
    [undefined, 'mlp: the options must be an object with sizes, norm.'],
    [null, 'mlp: the options must be an object with sizes, norm.'],
    ['mlp', 'mlp: the options must be an object with sizes, norm.'],
    [[100], 'mlp: the options must be an object with sizes, norm.'],
    [{ size: 1, nrom: 2 }, "mlp: there is no option 'size', 'nrom'; there are sizes, norm."],
  ])('refuses %j', (options, message) => {
    expect(() => checkOptionNames('mlp', options, ['sizes', 'norm'])).toThrow(
      expect.objectContaining({ code: 'INVALID_OPTION', message }),
    );
  });
});

import { componentName, parseModuleType } from './module-type';

describe('parseModuleType', () => {
  it.each([
    ['./x.mjs', './x.mjs', 'default'],
    ['../lib/x.js', '../lib/x.js', 'default'],
    ['/abs/x.mjs', '/abs/x.mjs', 'default'],
    ['./x.mjs#codebook', './x.mjs', 'codebook'],
    ['file:///abs/x.mjs', 'file:///abs/x.mjs', 'default'],
    ['https://example.org/x.mjs#mine', 'https://example.org/x.mjs', 'mine'],
    ['a-package#codebook', 'a-package', 'codebook'],
    ['a-package/sub#default', 'a-package/sub', 'default'],
    ['@me/codebook', '@me/codebook', 'default'],
    ['@me/codebook#mine', '@me/codebook', 'mine'],
    ['./a#b/c.mjs', './a#b/c.mjs', 'default'],
  ])('reads %s', (type, specifier, exportName) => {
    expect(parseModuleType(type)).toEqual({ specifier, exportName });
  });

  it.each(['ladder', 'mlp', 'my-mapping', 'my.mapping', '', 'a b', '#x'])('takes %j for a registered name', (type) => {
    expect(parseModuleType(type)).toBeUndefined();
  });
});

describe('componentName', () => {
  it.each([
    ['ladder', 'ladder'],
    ['my.mapping', 'my.mapping'],
    ['./mappings/codebook.mjs', 'codebook'],
    ['../codebook.test.ts', 'codebook.test'],
    ['file:///abs/codebook.mjs?version=2', 'codebook'],
    ['a-package#codebook', 'codebook'],
    ['./x.mjs#codebook', 'codebook'],
    ['./codebook.mjs#default', 'codebook'],
    ['@me/codebook', 'codebook'],
  ])('names %s %s', (type, name) => {
    expect(componentName(type)).toBe(name);
  });
});

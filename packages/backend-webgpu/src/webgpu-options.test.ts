import { resolveOptions } from './webgpu-options';

describe('resolveOptions', () => {
  it('fills in defaults', () => {
    expect(resolveOptions({})).toEqual({
      powerPreference: 'high-performance',
      featureLevels: ['core', 'compatibility'],
      allowSoftware: false,
      limits: {},
      dawn: {},
    });
    expect(resolveOptions({ featureLevel: 'compatibility' }).featureLevels).toEqual(['compatibility']);
  });

  it.each([
    [{ powerPreference: 'fast' }, "powerPreference must be 'high-performance' or 'low-power'; it is 'fast'."],
    [{ featureLevel: 'all' }, "featureLevel must be 'core' or 'compatibility'; it is 'all'."],
    [{ allowSoftware: 'yes' }, "allowSoftware must be true or false; it is 'yes'."],
    [{ limits: { maxBufferSize: -1 } }, 'limits.maxBufferSize must be an integer, 0 or more; it is -1.'],
    [{ dawn: { backend: 'glide' } }, /dawn\.backend must be 'vulkan' or .*; it is 'glide'/],
  ])('refuses %j', (options, message) => {
    expect(() => resolveOptions(options as never)).toThrow(message);
    expect(() => resolveOptions(options as never)).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }));
  });
});

import { withCode } from '@taggerjs-tools/testing';
import type { Component, ComponentConfig, Json, Registries, Registry } from '@taggerjs/nn';

import { isComponent, resolveComponent } from './resolve-component';

/** A component that makes its options. */
const plain =
  (type: string) =>
  (options: { readonly [name: string]: Json } = {}): Component<unknown, number> => ({
    config: { ...options, type },
    create: (environment) => ({ options, environment }),
  });
const registry: Registry<unknown, number> = { one: plain('one'), two: plain('two') };

describe('resolveComponent', () => {
  it('makes the component of its JSON without the type', () => {
    const component = resolveComponent({ type: 'two', size: 3 }, registry);
    expect(component.config).toEqual({ type: 'two', size: 3 });
    expect(component.create(7)).toEqual({ options: { size: 3 }, environment: 7 });
  });

  it('keeps the type it was asked for, whatever the factory calls it', () => {
    const component = resolveComponent({ type: './x.mjs#one', size: 3 }, { './x.mjs#one': plain('one') });
    expect(component.config).toEqual({ type: './x.mjs#one', size: 3 });
    expect(component.create(7)).toEqual({ options: { size: 3 }, environment: 7 });
  });

  it('hands the registries to the factory', () => {
    const registries = { cores: registry };
    let given: Registries | undefined;
    const nesting = (_: unknown, all?: Registries) => {
      given = all;
      return plain('nesting')();
    };
    resolveComponent({ type: 'nesting' }, { nesting }, { registries });
    expect(given).toBe(registries);
  });

  it('names the registered types if the type is unknown', () => {
    expect(() => resolveComponent({ type: 'three' }, registry, { kind: 'mapping' })).toThrow(
      withCode('UNKNOWN_TYPE', 'three', 'one', 'two'),
    );
  });

  it.each(['constructor', 'toString', '__proto__'])('does not take %s of the prototype', (type) => {
    expect(() => resolveComponent({ type }, registry)).toThrow(withCode('UNKNOWN_TYPE'));
  });

  it('names the function that loads a module', () => {
    expect(() => resolveComponent({ type: './x.mjs' }, {})).toThrow(withCode('UNKNOWN_TYPE', 'loadComponentFactories'));
  });

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['a string', 'one'],
    ['no type', { size: 3 }],
    ['a type that is not a string', { type: 3 }],
  ])('refuses %s for a configuration', (_, config) => {
    expect(() => resolveComponent(config as ComponentConfig, registry)).toThrow(withCode('INVALID_OPTION'));
  });

  it('refuses a factory that does not return a component', () => {
    const broken = { broken: () => 3 } as unknown as Registry<unknown, number>;
    expect(() => resolveComponent({ type: 'broken' }, broken)).toThrow(withCode('INVALID_OPTION', 'broken'));
  });
});

describe('isComponent', () => {
  it('distinguishes a component from its JSON', () => {
    expect(isComponent(plain('one')())).toBe(true);
    expect(isComponent({ type: 'one', create: true })).toBe(false);
    expect(isComponent(undefined)).toBe(false);
  });
});

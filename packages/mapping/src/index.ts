// The contracts: what a Tagger asks of its core, and the core of its mapping; what a classifier is.
export type { Core, CoreComponent, CoreContext, CoreEnvironment, CoreOutput } from './core';
export type { MappingComponent, MappingEnvironment, MappingOutput, ParametricMapping } from './parametric-mapping';
export type {
  ClassifierComponent,
  ClassifierCost,
  ClassifierEnvironment,
  ClassifierInputs,
  ClassifierNetwork,
} from './classifier-network';
export type { Norm, Statistics } from '@taggerjs/nn';

// Cores and mappings.
export { projected, type ProjectedOptions } from './projected';
export { mlp, type MlpOptions } from './mlp';
export { convolutional, type ConvolutionalOptions } from './convolutional';
export { spectral, type SpectralOptions } from './spectral';

// Convolutions, of pixels as rows.
export { convolve, double, halve, toPixels, type ImageSize } from './convolve';

// From JSON: what is registered here, what others register, what a configuration names by module.
export { cores, resolveCore } from './cores';
export { mappings, resolveMapping } from './mappings';
export type { ComponentRegistries } from './component-registries';
export { isComponent, resolveComponent, type ResolveOptions } from './resolve-component';
export { loadComponentFactories, loadComponentFactory, type LoadOptions } from './load-component';
export { limitParameters } from './limit-parameters';
export { componentName, parseModuleType, type ModuleType } from './module-type';

// For those who write cores and mappings of their own.
export { joinStates, type Stateful } from './join-states';
export { checkOptionNames } from '@taggerjs/nn';
export { checkNorm, checkSizes } from './check-options';

// The contracts: what a Tagger asks of its core, and the core of its mapping; what a classifier is.
export type { Core, CoreComponent, CoreContext, CoreEnvironment, CoreOutput } from './contracts/core';
export type {
  MappingComponent,
  MappingEnvironment,
  MappingOutput,
  ParametricMapping,
} from './contracts/parametric-mapping';
export type {
  ClassifierComponent,
  ClassifierCost,
  ClassifierEnvironment,
  ClassifierInputs,
  ClassifierNetwork,
} from './contracts/classifier-network';
export type { Norm, Statistics } from '@taggerjs/nn';

// Cores and mappings.
export { projected, type ProjectedOptions } from './projected/projected';
export { mlp, type MlpOptions } from './projected/mlp';
export { convolutional, type ConvolutionalOptions } from './image/convolutional';
export { spectral, type SpectralOptions } from './image/spectral';

// Convolutions, of pixels as rows.
export { convolve, double, halve, toPixels, type ImageSize } from './image/convolve';

// From JSON: what is registered here, what others register, what a configuration names by module.
export { cores, resolveCore } from './registry/cores';
export { mappings, resolveMapping } from './registry/mappings';
export type { ComponentRegistries } from './registry/component-registries';
export { isComponent, resolveComponent, type ResolveOptions } from './registry/resolve-component';
export { loadComponentFactories, loadComponentFactory, type LoadOptions } from './registry/load-component';
export { limitParameters } from './registry/limit-parameters';
export { componentName, parseModuleType, type ModuleType } from './registry/module-type';

// For those who write cores and mappings of their own.
export { joinStates, type Stateful } from './parts/join-states';
export { checkOptionNames } from '@taggerjs/nn';
export { checkNorm, checkSizes } from './parts/check-options';

// The contracts of cores, mappings and classifier networks.
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

// Convolutions on pixels as rows.
export { convolve, double, halve, toPixels, type ImageSize } from './image/convolve';

// Components from JSON: registries, and modules that a configuration names.
export { cores, resolveCore } from './registry/cores';
export { mappings, resolveMapping } from './registry/mappings';
export type { ComponentRegistries } from './registry/component-registries';
export { isComponent, resolveComponent, type ResolveOptions } from './registry/resolve-component';
export { loadComponentFactories, loadComponentFactory, type LoadOptions } from './registry/load-component';
export { limitParameters } from './registry/limit-parameters';
export { componentName, parseModuleType, type ModuleType } from './registry/module-type';

// For custom cores and mappings.
export { joinStates, type Stateful } from './parts/join-states';
export { checkOptionNames } from '@taggerjs/nn';
export { checkNorm, checkSizes } from './parts/check-options';

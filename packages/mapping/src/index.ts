export type { Core, CoreComponent, CoreContext, CoreEnvironment, CoreOutput, Statistics } from './core';
export type { MappingComponent, MappingEnvironment, MappingOutput, ParametricMapping } from './parametric-mapping';

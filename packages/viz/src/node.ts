export { renderPng, type RenderPngOptions } from './render-png';

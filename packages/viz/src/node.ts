export { renderPng, type RenderPngOptions } from './png/render-png';

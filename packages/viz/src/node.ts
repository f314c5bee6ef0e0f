export { renderPng, type RenderPngOptions } from './render-png';
export { writePng, writeSvg } from './write-picture';
export { makeFolder } from './make-folder';

export { FIRST_SAMPLE, sampleDrawing, type Drawing } from './images/drawing';
export { MODEL_KINDS } from './models/model-kinds';
export { DEFAULTS, settingsToHash, type Settings } from './settings';
export { decodeTextures } from './images/textures';

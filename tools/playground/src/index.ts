export { FIRST_SAMPLE, sampleDrawing, type Drawing } from './drawing';
export { MODEL_KINDS } from './model-kinds';
export { DEFAULTS, settingsToHash, type Settings } from './settings';
export { decodeTextures } from './textures';

export { FIRST_SAMPLE, sampleDrawing, type Drawing } from './drawing';
export { DEFAULTS, settingsToHash, type Settings } from './settings';
export { decodeTextures } from './textures';

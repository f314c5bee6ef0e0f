// Loads Dawn from the package `webgpu` in CommonJS.
const path = require('node:path');

const arch = process.platform === 'darwin' ? 'universal' : process.arch;
const folder = path.dirname(require.resolve('webgpu/package.json'));
module.exports = require(path.join(folder, 'dist', `${process.platform}-${arch}`, 'dawn.node'));

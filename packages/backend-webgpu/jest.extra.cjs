// Without a display, EGL, which Dawn uses for OpenGL, needs this setting before Jest copies the environment.
process.env.EGL_PLATFORM ??= 'surfaceless';

module.exports = require('../../tools/workspace/jest.cjs')('backend-webgpu', {
  testMatch: ['<rootDir>/src/**/*.extra.ts'],
});

// Sets up TensorFlow, if needed, with the command that users run.
const { spawnSync } = require('node:child_process');

module.exports = () => {
  const args = ['--conditions=@taggerjs/source', '--import', 'tsx', 'src/setup/run.ts'];
  const { status } = spawnSync(process.execPath, args, { cwd: __dirname, stdio: 'inherit' });
  if (status !== 0) throw new Error('TensorFlow cannot be set up: see above.');
};

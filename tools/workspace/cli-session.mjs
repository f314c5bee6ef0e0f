// Writes docs/cli-session.md: a recorded session with the built `tagger` command. Run it after `npx nx bundle @taggerjs/cli`:
//
//     node tools/workspace/cli-session.mjs
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname ?? '.', '../..');
const bin = join(root, 'packages/cli/bin/tagger.js');
const folder = mkdtempSync(join(tmpdir(), 'tagger-session-'));
copyFileSync(join(root, 'packages/cli/fixtures/bits.png'), join(folder, 'drawing.png'));

const small = '--set model.core.hiddenSize=100 --set model.core.mapping.sizes=[60,30] --set evaluation.examples=100';
const steps = [
  ['Train for forty steps, a small model', `train shapes-quick --steps 40 ${small} --out runs/mine --quiet`],
  ['Evaluate it on some test images', 'evaluate runs/mine --examples 200'],
  ['Draw some examples and their groups', 'show runs/mine --select 3,17,42 --out groups'],
  ['Write a report of the run, one HTML file', 'show runs/mine --report --of 200'],
  ['Export the model at half the size', 'export runs/mine --out mine.safetensors --dtype float16'],
  ['Group your own drawing', 'group mine.safetensors drawing.png --iterations 5'],
  ['Two seeds side by side', `sweep shapes-quick --seeds 0..1 --steps 10 ${small} --jobs 2 --out sweeps/two`],
  ['Compare', 'compare runs/mine sweeps/two'],
  ['For TensorBoard', 'metrics runs/mine --tensorboard logs/mine'],
  ['A mistake', 'train shapes-quik'],
];

const parts = steps.map(([title, command]) => {
  const { stdout, stderr, status } = spawnSync(process.execPath, [bin, ...command.split(' ')], {
    cwd: folder,
    encoding: 'utf8',
    // As if a shell had started it, even if npm started this script.
    env: { ...process.env, NO_COLOR: '1', npm_execpath: undefined },
  });
  const code = status === 0 ? '' : `(exit code ${status})\n`;
  const text = `${stderr}${stdout}${code}`.replaceAll(folder, '~').trimEnd();
  return `## ${title}\n\n\`\`\`console\n$ tagger ${command}\n${text}\n\`\`\`\n`;
});
rmSync(folder, { recursive: true });
const intro = 'The output of `tagger`, progress first. Times and figures differ from machine to machine.';
writeFileSync(
  join(root, 'docs/cli-session.md'),
  `# A session on the command line\n\n${intro} Written by \`node tools/workspace/cli-session.mjs\`.\n\n${parts.join('\n')}`,
);

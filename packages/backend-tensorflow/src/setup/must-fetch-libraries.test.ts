import { cudaLibraryNames } from '../node/cuda-libraries';
import { mustFetchLibraries } from './must-fetch-libraries';

const cudaRequirements = ['nvidia-cublas-cu12==12.5.3.2'];
const facts = { cuda: '12.5.1', cudnn: '9', cudaRequirements };

/** Decides on a system with libraries of some names. */
async function decide(wanted: 'auto' | 'system' | 'fetch', ofWheel = facts, system: readonly string[] = []) {
  const lines: string[] = [];
  const cache = system.map((name) => `\t${name} (libc6,x86-64) => /usr/lib/${name}\n`).join('');
  const fetch = await mustFetchLibraries(
    wanted,
    ofWheel,
    (line) => lines.push(line),
    async () => cache,
  );
  return { fetch, said: lines.join('\n') };
}

it('fetches what the system lacks, and says what that is', async () => {
  const all = cudaLibraryNames('12.5.1', '9') as string[];
  expect(await decide('auto', facts, all)).toEqual({
    fetch: false,
    said: 'The libraries of CUDA 12.5.1 are installed on this system.',
  });
  expect(await decide('auto', facts, [...all.slice(0, -1), 'libcudnn.so.99'])).toEqual({
    fetch: true,
    said: 'The system lacks libraries of CUDA 12.5.1: libcudnn.so.9.',
  });
});

it('does what the option says', async () => {
  expect(await decide('system')).toEqual({ fetch: false, said: '' });
  expect(await decide('fetch')).toEqual({ fetch: true, said: '' });
});

it('leaves the choice to the user for a CUDA version whose libraries it does not know', async () => {
  const other = { cuda: '11.8', cudnn: '8', cudaRequirements: ['nvidia-cublas-cu11==11.11.3.6'] };
  await expect(decide('auto', other)).rejects.toMatchObject({
    code: 'INVALID_OPTION',
    message: expect.stringMatching(/CUDA 11\.8.*--cuda-libraries system.*--cuda-libraries fetch/),
  });
  expect((await decide('fetch', other)).fetch).toBe(true);
  expect((await decide('system', other)).fetch).toBe(false);
});

it.each(['auto', 'fetch'] as const)('refuses to fetch (%s) where the wheel names no packages', async (wanted) => {
  await expect(decide(wanted, { ...facts, cudaRequirements: [] })).rejects.toMatchObject({
    code: 'INVALID_OPTION',
    message: expect.stringMatching(/names no packages.*Install CUDA 12\.5\.1/),
  });
});

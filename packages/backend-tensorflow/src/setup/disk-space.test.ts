import { tmpdir } from 'node:os';

import { megabytes, requireDiskSpace } from './disk-space';

it('refuses what the disk cannot hold, and says how much is missing', async () => {
  await expect(requireDiskSpace(tmpdir(), 1e18, 'This')).rejects.toMatchObject({
    code: 'NO_BACKEND',
    message: expect.stringMatching(/^This needs 1,000,000,000,000 MB in .* and [\d,]+ MB are free\. .*--folder/),
  });
  await requireDiskSpace(tmpdir(), 1, 'This');
});

it('rounds up to megabytes', () => expect(megabytes(719_000_001)).toBe('720 MB'));

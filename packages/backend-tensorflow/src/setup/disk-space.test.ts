import { tmpdir } from 'node:os';

import { megabytes, requireDiskSpace } from './disk-space';

it('refuses what the disk cannot hold', async () => {
  await expect(requireDiskSpace(tmpdir(), 1e18, 'This')).rejects.toMatchObject({ code: 'NO_BACKEND' });
  await requireDiskSpace(tmpdir(), 1, 'This');
});

it('rounds up to megabytes', () => expect(megabytes(719_000_001)).toBe('720 MB'));

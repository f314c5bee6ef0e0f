import { readFileSync } from 'node:fs';

import { readBytes } from './read-bytes';

describe('readBytes', () => {
  it('reads a file as a plain array', async () => {
    const bytes = await readBytes(__filename);
    expect(Buffer.isBuffer(bytes)).toBe(false);
    expect(readFileSync(__filename).equals(bytes)).toBe(true);
  });

  it('refuses a file that cannot be read', async () => {
    await expect(readBytes(`${__filename}.nothing`)).rejects.toMatchObject({ code: 'FILE', cause: { code: 'ENOENT' } });
  });
});

import { newHolder } from './holder';
import { leaseName, leasePrefix, parseLeaseName } from './lease-file';

describe('leaseName', () => {
  it('describes the holder, and all names are equally long', () => {
    const holder = { ...newHolder(60_000), host: 'node-7.cluster' };
    const names = [0, 123].map((renewals) => leaseName({ holder, renewals }));
    expect(names.map(parseLeaseName)).toEqual([
      { holder, renewals: 0 },
      { holder, renewals: 123 },
    ]);
    expect(new Set(names.map(({ length }) => length)).size).toBe(1);
    for (const name of names) expect(name.startsWith(leasePrefix(holder))).toBe(true);
  });

  it('is a file name for every host', () => {
    const name = leaseName({ holder: { ...newHolder(60_000), host: 'a/b,c\u0000ü'.repeat(50) }, renewals: 0 });
    expect(name).toMatch(/^[\w.,-]{1,255}$/);
    expect(parseLeaseName(name)).toBeDefined();
  });

  it.each(['', 'lease', `${leaseName({ holder: newHolder(1), renewals: 0 })}0`])('refuses %j', (name) => {
    expect(parseLeaseName(name)).toBeUndefined();
  });
});

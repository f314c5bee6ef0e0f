import type { Holder } from './holder';

/** A lease, as its file in the folder `lock` describes it. */
export interface Lease {
  readonly holder: Holder;
  /** Number of renewals so far. */
  readonly renewals: number;
}

/** What the names of all files of a holder have in common. */
export function leasePrefix({ host, pid, start, machine, since, lease, token }: Holder): string {
  const safeHost = host.replace(/[^\w.-]/g, '_').slice(0, 80);
  return [safeHost, pid, start ?? '', machine, since, lease, token, ''].join(',');
}

/** Name of a lease's file. All names of a holder are equally long, so that a renewal needs no space in the folder. */
export function leaseName({ holder, renewals }: Lease): string {
  return `${leasePrefix(holder)}${String(renewals).padStart(9, '0')}`;
}

/** Reads the name of a lease's file; undefined if it is not one. */
export function parseLeaseName(name: string): Lease | undefined {
  const match = /^([\w.-]+),(\d+),(\d*),([0-9a-f]{16}),(\d+),(\d+),([0-9a-f]{16}),(\d{9})$/.exec(name);
  if (!match) return undefined;
  const [, host, pid, start, machine, since, lease, token, renewals] = match as unknown as string[];
  const holder = {
    host: host!,
    pid: Number(pid),
    start: start || null,
    machine: machine!,
    since: Number(since),
    lease: Number(lease),
    token: token!,
  };
  return { holder, renewals: Number(renewals) };
}

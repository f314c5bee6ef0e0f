import type { CaseResult, ParityReport } from '@taggerjs/parity';
import { openPage, type BrowserPage, type PageOptions } from '@taggerjs-tools/browser';

import type * as parityProgram from './programs/parity-program';

/** How long cases may take, in seconds. */
export interface TimeLimits {
  /** One of them. */
  readonly one: number;
  /** All of them. */
  readonly all: number;
}

/**
 * Runs cases of the parity suite one by one in a page. One that ends in no time, or is not reached, stands in the report as one
 * that cannot run, with that reason; the page of one that does not end is closed, and another opened for the next.
 */
export async function runInTime(
  backend: Parameters<typeof parityProgram.parityOf>[0],
  cases: readonly parityProgram.CaseName[],
  options: PageOptions,
  limits: TimeLimits,
): Promise<ParityReport> {
  const deadline = Date.now() + 1000 * limits.all;
  const reports: ParityReport[] = [];
  const results: CaseResult[] = [];
  let page: BrowserPage<typeof parityProgram> | undefined;
  try {
    for (const about of cases) {
      const cannot = (message: string) =>
        results.push({ ...about, backend, kernels: 'none', outcome: 'cannot run', message });
      const left = Math.min(limits.one, (deadline - Date.now()) / 1000);
      if (left < 1) {
        cannot(`not reached: the cases before it took the ${limits.all} s that there are`);
        continue;
      }
      page ??= await openPage<typeof parityProgram>(options);
      const report = await within(page.call('parityOf', backend, about.case), left);
      if (report !== undefined) {
        reports.push(report);
        results.push(...report.results);
        continue;
      }
      cannot(`no result within ${left.toFixed(0)} s`);
      const stuck = page;
      page = undefined;
      await stuck.close().catch(() => undefined); // what it has to say was that it did not end
    }
  } finally {
    await page?.close();
  }
  const [first] = reports;
  if (first === undefined) throw new Error(`no case gave a result: ${results[0]?.message}`);
  return { ...first, tolerances: Object.assign({}, ...reports.map(({ tolerances }) => tolerances)), results };
}

/** What a promise gives, or undefined where it takes longer. */
async function within<T>(promise: Promise<T>, seconds: number): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), 1000 * seconds);
  });
  promise.catch(() => undefined); // a page that is closed rejects what it was asked
  try {
    return await Promise.race([promise, limit]);
  } finally {
    clearTimeout(timer);
  }
}

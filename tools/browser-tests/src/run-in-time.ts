import type { CaseResult, ParityReport } from '@taggerjs/parity';
import { openPage, type BrowserPage, type PageOptions } from '@taggerjs-tools/browser';

import type * as parityProgram from './programs/parity-program';

/** Time limits in seconds. */
export interface TimeLimits {
  /** Limit for each case. */
  readonly one: number;
  /** Limit for all cases. */
  readonly all: number;
}

/**
 * Runs cases of the parity suite one by one in a page. The report lists a case that exceeds its limit, or is never reached, as
 * `cannot run` with the reason. Opens a new page after a case that does not finish.
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
        cannot(`not reached: earlier cases used up the limit of ${limits.all} s`);
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
      await stuck.close().catch(() => undefined); // The report already has the reason.
    }
  } finally {
    await page?.close();
  }
  const [first] = reports;
  if (first === undefined) throw new Error(`No case returned a result: ${results[0]?.message}`);
  return { ...first, tolerances: Object.assign({}, ...reports.map(({ tolerances }) => tolerances)), results };
}

/** The value of a promise, or undefined if it takes longer. */
async function within<T>(promise: Promise<T>, seconds: number): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), 1000 * seconds);
  });
  promise.catch(() => undefined); // Closing the page rejects the pending call.
  try {
    return await Promise.race([promise, limit]);
  } finally {
    clearTimeout(timer);
  }
}

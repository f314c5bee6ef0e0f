import type { Page } from 'playwright-core';

/** How evenly a page was drawn over a time. */
export interface Smoothness {
  /** Milliseconds from one frame to the next: sorted. */
  readonly intervals: readonly number[];
  /** Milliseconds of each task of the page's main thread that took more than 50: sorted. */
  readonly longTasks: readonly number[];
}

/** What is put into the page to record it. */
interface Recorder {
  intervals: number[];
  longTasks: number[];
  end(): void;
}

/**
 * Records how a page is drawn while something goes on: the intervals between its animation frames, and its long tasks.
 *
 * @param doing what goes on; recording ends with it
 */
export async function measureSmoothness(page: Page, doing: () => Promise<void>): Promise<Smoothness> {
  // What runs this names functions by a helper that the page has not.
  await page.evaluate('globalThis.__name ??= (made) => made');
  await page.evaluate(() => {
    const intervals: number[] = [];
    const longTasks: number[] = [];
    const observer = new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) longTasks.push(duration);
    });
    observer.observe({ type: 'longtask' });
    let frame = 0;
    let last: number | undefined;
    const onFrame = (now: number) => {
      if (last !== undefined) intervals.push(now - last);
      last = now;
      frame = requestAnimationFrame(onFrame);
    };
    frame = requestAnimationFrame(onFrame);
    const recorder: Recorder = {
      intervals,
      longTasks,
      end() {
        cancelAnimationFrame(frame);
        for (const { duration } of observer.takeRecords()) longTasks.push(duration);
        observer.disconnect();
      },
    };
    Object.assign(globalThis, { recorder });
  });
  await doing();
  return page.evaluate(() => {
    const { recorder } = globalThis as unknown as { recorder: Recorder };
    recorder.end();
    const sorted = (values: readonly number[]) => [...values].sort((a, b) => a - b);
    return { intervals: sorted(recorder.intervals), longTasks: sorted(recorder.longTasks) };
  });
}

/** What was recorded in words: `a frame every 16.7 ms (median of 1,200; ...)`. */
export function smoothnessInWords({ intervals, longTasks }: Smoothness): string {
  const at = (part: number) => intervals[Math.floor(part * (intervals.length - 1))]!.toFixed(1);
  const longest = longTasks.at(-1);
  const tasks =
    longest === undefined
      ? 'no task of over 50 ms'
      : `${longTasks.length} ${longTasks.length === 1 ? 'task' : 'tasks'} of over 50 ms, the longest ${longest.toFixed(0)} ms`;
  return (
    `a frame every ${at(0.5)} ms (median of ${intervals.length.toLocaleString('en')}; 95th percentile ${at(0.95)} ms, longest ` +
    `${at(1)} ms), and ${tasks}`
  );
}

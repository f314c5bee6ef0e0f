import type { Page } from 'playwright-core';

/** How smoothly a page was drawn. */
export interface Smoothness {
  /** Milliseconds between frames, sorted. */
  readonly intervals: readonly number[];
  /** Durations of the main thread's tasks over 50 ms, in milliseconds, sorted. */
  readonly longTasks: readonly number[];
}

/** The recorder that runs in the page. */
interface Recorder {
  intervals: number[];
  longTasks: number[];
  end(): void;
}

/**
 * Records the intervals between a page's animation frames, and its long tasks, while an action runs.
 *
 * @param doing the action; recording ends with it
 */
export async function measureSmoothness(page: Page, doing: () => Promise<void>): Promise<Smoothness> {
  // tsx compiles named functions to calls of a helper that the page lacks.
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

/** The record in words: `a frame every 16.7 ms (median of 1,200; ...)`. */
export function smoothnessInWords({ intervals, longTasks }: Smoothness): string {
  const at = (part: number) => intervals[Math.floor(part * (intervals.length - 1))]!.toFixed(1);
  const longest = longTasks.at(-1);
  const tasks =
    longest === undefined
      ? 'no task over 50 ms'
      : `${longTasks.length} ${longTasks.length === 1 ? 'task' : 'tasks'} over 50 ms, the longest ${longest.toFixed(0)} ms`;
  return (
    `a frame every ${at(0.5)} ms (median of ${intervals.length.toLocaleString('en')}; 95th percentile ${at(0.95)} ms, longest ` +
    `${at(1)} ms), ${tasks}`
  );
}

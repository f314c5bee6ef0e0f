import { Presets, SingleBar } from 'cli-progress';

import type { Output } from './output';

/** Progress of a training. */
export interface Progress {
  readonly step: number;
  readonly steps: number;
  readonly cost: number;
  /** Seconds of training so far. */
  readonly seconds: number;
  /** Time limit in seconds. */
  readonly maxSeconds: number;
}

/** Shows progress: a live bar on a terminal, plain lines every ten seconds elsewhere. */
export interface ProgressReporter {
  update(progress: Progress): void;
  /** Prints a line above the bar. */
  line(text: string): void;
  stop(): void;
}

const SECONDS_BETWEEN_LINES = 10;

/** Creates the reporter that suits the output; `quiet` shows nothing. */
export function createProgress(output: Output, { quiet = false } = {}): ProgressReporter {
  if (quiet) return { update: () => undefined, line: () => undefined, stop: () => undefined };
  return output.interactive ? liveBar(output) : plainLines(output);
}

function liveBar(output: Output): ProgressReporter {
  let bar: SingleBar | undefined;
  const start = () => {
    bar = new SingleBar(
      {
        format: '  {bar} {percentage}% | {done} | cost {cost} | {rate} steps/s | {left} left',
        barsize: 24,
        stream: output.stderr as NodeJS.WriteStream,
        hideCursor: true,
        clearOnComplete: true,
        fps: 5,
        // The command handles Ctrl-C.
        gracefulExit: false,
      },
      Presets.shades_classic,
    );
    bar.start(1000, 0, { done: '', cost: '-', rate: '-', left: '-' });
  };
  const halt = () => {
    bar?.stop();
    bar = undefined;
  };
  let last: Progress | undefined;
  const show = (progress: Progress) => {
    last = progress;
    if (!bar) start();
    const { fraction, rate, left } = estimate(progress);
    bar?.update(Math.round(1000 * fraction), {
      done: stepsText(progress),
      cost: progress.cost.toFixed(4),
      rate: rate.toFixed(1),
      left: clock(left),
    });
  };
  return {
    update: show,
    line(text) {
      halt();
      output.note(text);
      if (last) show(last);
    },
    stop: halt,
  };
}

function plainLines(output: Output): ProgressReporter {
  let next = 0;
  return {
    update(progress) {
      if (progress.seconds < next) return;
      next = progress.seconds + SECONDS_BETWEEN_LINES;
      const { rate, left } = estimate(progress);
      output.note(
        `  ${stepsText(progress)}, cost ${progress.cost.toFixed(4)}, ${rate.toFixed(1)} steps/s, ${clock(left)} left`,
      );
    },
    line: (text) => output.note(text),
    stop: () => undefined,
  };
}

function stepsText({ step, steps }: Progress): string {
  return Number.isFinite(steps) ? `step ${step}/${steps}` : `step ${step}`;
}

function estimate({ step, steps, seconds, maxSeconds }: Progress) {
  const rate = seconds > 0 ? step / seconds : 0;
  const byTime = seconds / maxSeconds;
  const bySteps = step / steps;
  const left = Math.min(maxSeconds - seconds, rate > 0 ? (steps - step) / rate : Infinity);
  return { fraction: Math.min(1, Math.max(byTime, bySteps)), rate, left };
}

/** 75 -> '1:15' */
export function clock(seconds: number): string {
  if (!Number.isFinite(seconds)) return '-';
  const whole = Math.max(0, Math.round(seconds));
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  const rest = String(whole % 60).padStart(2, '0');
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${rest}` : `${minutes}:${rest}`;
}

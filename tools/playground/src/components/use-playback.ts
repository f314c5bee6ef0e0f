import { onBeforeUnmount, readonly, ref, type Ref } from 'vue';

const FRAME_MILLISECONDS = 650;

/** The iteration that is shown, and playback through the iterations. */
export interface Playback {
  /** The iteration that is shown, 0 .. T. */
  readonly at: Readonly<Ref<number>>;
  readonly playing: Readonly<Ref<boolean>>;
  /** Plays from here; at the end, from the start. */
  play(): void;
  pause(): void;
  /** Plays from the start. With reduced motion, shows the end at once. */
  replay(): void;
  /** Pauses at an iteration, clipped to the valid range. */
  goTo(iteration: number): void;
  /** Shows an iteration, clipped to the valid range, without pausing. */
  show(iteration: number): void;
}

/** @param last returns the current number of iterations T */
export function usePlayback(last: () => number): Playback {
  const at = ref(last());
  const playing = ref(false);
  let timer: ReturnType<typeof setInterval> | undefined;

  function show(iteration: number): void {
    at.value = Math.min(last(), Math.max(0, iteration));
  }
  function pause(): void {
    clearInterval(timer);
    playing.value = false;
  }
  function goTo(iteration: number): void {
    pause();
    show(iteration);
  }
  function play(): void {
    clearInterval(timer);
    if (at.value >= last()) at.value = 0;
    playing.value = true;
    timer = setInterval(() => {
      show(at.value + 1);
      if (at.value >= last()) pause();
    }, FRAME_MILLISECONDS);
  }
  function replay(): void {
    if (matchMedia('(prefers-reduced-motion: reduce)').matches) return goTo(last());
    at.value = 0;
    play();
  }
  onBeforeUnmount(pause);
  return { at: readonly(at), playing: readonly(playing), play, pause, replay, goTo, show };
}

import { onBeforeUnmount, readonly, ref, type Ref } from 'vue';

const FRAME_MILLISECONDS = 650;

/** Which iteration is shown, and the playing from one to the next. */
export interface Playback {
  /** The iteration that is shown, 0 .. T. */
  readonly at: Readonly<Ref<number>>;
  readonly playing: Readonly<Ref<boolean>>;
  /** From here on; at the end, from the start. */
  play(): void;
  pause(): void;
  /** From the start; for those who want no motion, the end at once. */
  replay(): void;
  /** Stops at an iteration, or at the nearest there is. */
  goTo(iteration: number): void;
  /** Shows the nearest that there is of an iteration, and plays on where it plays. */
  show(iteration: number): void;
}

/** @param last the number of iterations T, at any time */
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

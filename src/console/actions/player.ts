// Plays the stored steps of the run in a loop. A step waits until the picture before it is on the map.
import { playedRun, store } from '../core/state';

const STEP_MS = 650;
const LAST_STEP_MS = 2_000; // a breath before the loop starts again

let shown: () => Promise<void> = () => Promise.resolve();
let timer = 0;

export function followPlayer(whenShown: () => Promise<void>): void {
  shown = whenShown;
  store.on(['playing', 'runId', 'side'], schedule);
  schedule();
}

const times = (): string[] => playedRun()?.times ?? [];
const index = (): number => Math.max(0, times().indexOf(store.get().time ?? ''));

function schedule(): void {
  clearTimeout(timer);
  if (!store.get().playing) return;
  timer = window.setTimeout(async () => {
    await shown();
    if (!store.get().playing || document.hidden) return schedule();
    const list = times();
    if (list.length > 1) store.set({ time: list[(index() + 1) % list.length] });
    schedule();
  }, index() >= times().length - 1 ? LAST_STEP_MS : STEP_MS);
}

export function play(playing: boolean): void {
  store.set({ playing: playing && times().length > 1, ...(playing ? { show: 'depth' as const } : {}) });
}

export function goTo(step: number): void {
  const list = times();
  if (!list.length) return;
  store.set({ time: list[Math.min(list.length - 1, Math.max(0, step))], playing: false });
}

export const step = (by: number): void => goTo(index() + by);

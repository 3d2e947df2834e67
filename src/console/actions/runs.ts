// Runs: start, cancel, remove, show, compare; and what happens when the server tells of their progress.
import { api, ApiError } from '../api/http';
import type { ResultLayer, Run, Scenario } from '../api/types';
import { local, t } from '../core/i18n';
import { playedRun, reducedMotion, shownRun, store, type Side } from '../core/state';
import { tell, tellError } from './notice';

const newestFirst = (a: Run, b: Run): number => (b.created ?? b.finished ?? '').localeCompare(a.created ?? a.finished ?? '');

function keep(run: Run): Run {
  const { runs } = store.get();
  const old = runs.find((one) => one.id === run.id);
  const merged = { ...old, ...run };
  const rest = runs.filter((one) => one.id !== run.id);
  store.set({ runs: (old ? runs.map((one) => (one.id === run.id ? merged : one)) : [merged, ...rest]).sort(newestFirst) });
  return merged;
}

export async function loadRuns(): Promise<void> {
  store.set({ runs: (await api.runs()).sort(newestFirst) });
}

// The run with its scenario and stored times, which the events leave out.
async function whole(id: string): Promise<Run> {
  const known = store.get().runs.find((run) => run.id === id);
  return known?.scenario && (known.times?.length || known.status !== 'done') ? known : keep(await api.run(id));
}

const nearest = (times: string[], time: string | null): string | null =>
  time === null || !times.length ? times[0] ?? null
    : times.reduce((best, one) => (Math.abs(Date.parse(one) - Date.parse(time)) < Math.abs(Date.parse(best) - Date.parse(time)) ? one : best));

export async function showRun(id: string, view: { time?: string | null; show?: ResultLayer; play?: boolean } = {}): Promise<void> {
  const run = await whole(id);
  const times = run.times ?? [];
  const play = view.play ?? !reducedMotion.matches;
  const still = times[Math.floor(times.length / 2)] ?? null; // where nothing moves, a time with water
  store.set({
    runId: id, withId: null, side: 'base', comparison: null, show: view.show ?? 'depth',
    time: view.time ? nearest(times, view.time) : play ? times[0] ?? null : still, playing: play,
  });
}

// `base` shown against `other`: the difference first, either of the two in time on demand.
export async function compareRuns(base: string, other: string, view: { show?: ResultLayer; side?: Side; time?: string | null } = {}): Promise<void> {
  const [run] = await Promise.all([whole(base), whole(other)]);
  const show = view.show ?? 'difference';
  store.set({
    runId: base, withId: other, side: view.side ?? 'base', show, comparison: null,
    time: nearest(run.times ?? [], view.time ?? store.get().time), playing: false,
  });
  const comparison = await api.compare(base, other);
  if (store.get().runId === base && store.get().withId === other) store.set({ comparison });
}

export function endComparison(): void {
  store.set({ withId: null, side: 'base', comparison: null, show: 'depth' });
}

export function showLayer(show: ResultLayer, side: Side = store.get().side): void {
  store.set({ show, side, playing: show === 'depth' && store.get().playing });
  store.set({ time: nearest(playedRun()?.times ?? [], store.get().time) });
}

export async function start(scenario: Scenario, compareWith: string | null = null): Promise<void> {
  try {
    const run = keep(await api.startRun(scenario));
    if (run.status === 'done') return await present(run.id, compareWith);
    store.set({ awaited: { id: run.id, compareWith } });
    tell(t('runs.started', { title: local(run.title) }));
  } catch (error) {
    tellError(error);
  }
}

async function present(id: string, compareWith: string | null): Promise<void> {
  store.set({ awaited: null });
  if (compareWith && compareWith !== id) await compareRuns(compareWith, id);
  else await showRun(id);
}

// One that ended in the meantime stays as it is.
export async function cancel(run: Run): Promise<void> {
  try {
    await api.cancelRun(run.id);
    keep({ ...run, status: 'cancelled' });
  } catch (error) {
    if (!(error instanceof ApiError && error.status === 409)) tellError(error);
  }
}

export async function remove(run: Run): Promise<void> {
  try {
    await api.removeRun(run.id);
    const { runId, withId } = store.get();
    store.set({ runs: store.get().runs.filter((one) => one.id !== run.id) });
    if (withId === run.id) endComparison();
    if (runId === run.id) store.set({ runId: null, withId: null, comparison: null, time: null, playing: false });
  } catch (error) {
    tellError(error);
  }
}

// A `run` event.
export async function takeRun(event: Run): Promise<void> {
  const before = store.get().runs.find((run) => run.id === event.id)?.status;
  const run = keep(event);
  const { awaited } = store.get();
  try {
    if (run.status === 'done' && before !== 'done') {
      keep(await api.run(run.id));
      if (awaited?.id === run.id) await present(run.id, awaited.compareWith);
      else if (!shownRun()) await showRun(run.id);
    } else if (run.status === 'failed' && before !== 'failed') {
      if (awaited?.id === run.id) store.set({ awaited: null });
      tell(t('runs.failed', { title: local(run.title), text: run.message ?? '' }), 'error');
    } else if (run.status === 'cancelled' && awaited?.id === run.id) store.set({ awaited: null });
  } catch (error) {
    tellError(error);
  }
}

// After events were missed: a run that this page waits for may have ended unseen.
export async function catchUp(): Promise<void> {
  const { awaited } = store.get();
  const seen = awaited && store.get().runs.find((run) => run.id === awaited.id);
  if (seen && ['done', 'failed', 'cancelled'].includes(seen.status)) {
    store.set({ runs: store.get().runs.map((run) => (run.id === seen.id ? { ...run, status: 'running' } : run)) });
    await takeRun(seen);
  }
}

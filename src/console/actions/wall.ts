// Drawing a wall and trying it: the shown run's scenario again, with the wall added.
import { withWall } from '../api/http';
import type { Edit, Text } from '../api/types';
import { inBoth, t } from '../core/i18n';
import { shownRun, store, type WallDraft } from '../core/state';
import { tell } from './notice';
import { start } from './runs';

export const HEIGHT_MIN_M = 0.2;
export const HEIGHT_MAX_M = 10;
const HEIGHT_M = 1.5;
const POINTS_MAX = 200;
const DEGREE_DIGITS = 7; // about a centimetre

export function startWall(): void {
  if (!shownRun()?.scenario) return tell(t('wall.needsRun'));
  store.set({ wall: { points: [], finished: false, heightM: HEIGHT_M }, playing: false, selection: null, feature: null });
}

const change = (patch: Partial<WallDraft>): void => {
  const { wall } = store.get();
  if (wall) store.set({ wall: { ...wall, ...patch } });
};

export function addWallPoint(lngLat: [number, number]): void {
  const points = store.get().wall?.points ?? [];
  const point = lngLat.map((degrees) => Number(degrees.toFixed(DEGREE_DIGITS))) as [number, number];
  const last = points[points.length - 1];
  if (points.length >= POINTS_MAX || (last && last[0] === point[0] && last[1] === point[1])) return;
  change({ points: [...points, point] });
}

export const undoWallPoint = (): void => change({ points: (store.get().wall?.points ?? []).slice(0, -1), finished: false });
export const setWallHeight = (heightM: number): void => change({ heightM });
export const cancelWall = (): void => store.set({ wall: null });

export function finishWall(): void {
  if ((store.get().wall?.points.length ?? 0) < 2) return tell(t('wall.twoPoints'));
  change({ finished: true });
}

// The same wall gets the same id, so that the server finds an equal run again.
function wallId(points: [number, number][], heightM: number): string {
  let hash = 0x811c9dc5; // FNV-1a, 32 bits
  for (const char of JSON.stringify([points, heightM])) hash = Math.imul(hash ^ char.charCodeAt(0), 0x01000193) >>> 0;
  return `wall-${hash.toString(16).padStart(8, '0')}`;
}

export async function runWithWall(): Promise<void> {
  const { wall } = store.get();
  const base = shownRun();
  if (!wall || !base?.scenario) return;
  const edit: Edit = {
    op: 'add', class: 'barrier', id: wallId(wall.points, wall.heightM),
    geometry: { type: 'LineString', coordinates: wall.points },
    properties: { kind: 'wall', height_m: wall.heightM },
  };
  const old: Text = base.scenario.title;
  const title = inBoth('wall.title', (lang) => ({ title: typeof old === 'string' ? old : old[lang] ?? old.en ?? '' }));
  store.set({ wall: null });
  await start(withWall(base.scenario, edit, title), base.id);
}

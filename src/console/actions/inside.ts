// A building opened: which, its storeys, and the one that is shown. The map follows (map/inside.ts).
import { store } from '../core/state';

export const openInside = (building: string): void => store.set({ inside: { building, storeys: [], shown: null, drawn: null } });
export const closeInside = (): void => store.set({ inside: null });

export function showStorey(fid: number): void {
  const { inside } = store.get();
  if (inside) store.set({ inside: { ...inside, shown: fid } });
}

// So many storeys up, or down where it is negative; undefined where there is none.
export function storeyBeside(by: number): number | undefined {
  const { inside } = store.get();
  return inside?.storeys[inside.storeys.findIndex((one) => one.fid === inside.shown) + by]?.fid;
}

export function stepStorey(by: number): void {
  const fid = storeyBeside(by);
  if (fid !== undefined) showStorey(fid);
}

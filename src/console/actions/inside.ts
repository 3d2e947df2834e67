// A building opened: which, its storeys, and the one that is shown. The map follows (map/inside.ts).
import { store } from '../core/state';

export const openInside = (building: string): void => store.set({ inside: { building, storeys: [], shown: null } });
export const closeInside = (): void => store.set({ inside: null });

export function showStorey(fid: number): void {
  const { inside } = store.get();
  if (inside) store.set({ inside: { ...inside, shown: fid } });
}

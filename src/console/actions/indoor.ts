// Opening a building's inside on the map: its storeys, and what lies on the one chosen.
import { api } from '../api/http';
import { bridge } from '../core/bridge';
import { store, type IndoorShown } from '../core/state';
import { tellError } from './notice';

export async function loadIndoor(): Promise<void> {
  try {
    store.set({ indoorBuildings: await api.indoorBuildings() });
  } catch {
    store.set({ indoorBuildings: [] }); // a server without indoor models
  }
}

export function closeIndoor(): void {
  store.set({ indoor: null });
}

export async function openIndoor(building: string): Promise<void> {
  if (!building) return closeIndoor();
  const colour = store.get().indoor?.colourBy ?? 'compartment';
  const opening: IndoorShown = { building, storeys: [], storey: '', asked: '', busy: true, colourBy: colour, findings: [], shown: null };
  store.set({ indoor: opening });
  try {
    const model = await api.indoor(building);
    const now = store.get().indoor;
    if (now?.building !== building) return; // another was opened meanwhile
    const storeys = model.storeys.filter((storey) => model.spaces.some((space) => space.storey === storey.id));
    const ground = storeys.find((storey) => storey.level === 0) ?? storeys[0];
    store.set({ indoor: { ...now, storeys, findings: model.findings, busy: false } });
    if (ground) await showStorey(ground.id, true);
  } catch (error) {
    if (store.get().indoor?.building === building) closeIndoor();
    tellError(error);
  }
}

export async function showStorey(storey: string, fly = false): Promise<void> {
  const before = store.get().indoor;
  if (!before) return;
  store.set({ indoor: { ...before, asked: storey, busy: true } });
  const current = () => {
    const { indoor } = store.get();
    return indoor?.building === before.building && indoor.asked === storey ? indoor : null; // null: another was asked for meanwhile
  };
  try {
    const shown = await api.indoorFeatures(before.building, storey);
    const now = current();
    if (!now) return;
    store.set({ indoor: { ...now, storey, shown, busy: false } });
    const middle = middleOf(shown);
    if (fly && middle) bridge.map.flyTo(middle, 19);
  } catch (error) {
    const now = current();
    if (now) store.set({ indoor: { ...now, asked: now.storey, busy: false } }); // what is drawn stays
    tellError(error);
  }
}

export function colourBy(colour: IndoorShown['colourBy']): void {
  const { indoor } = store.get();
  if (indoor) store.set({ indoor: { ...indoor, colourBy: colour } });
}

function middleOf(shown: GeoJSON.FeatureCollection): [number, number] | null {
  const box = [180, 90, -180, -90];
  for (const { geometry } of shown.features)
    if (geometry.type === 'Polygon')
      for (const [x, y] of geometry.coordinates[0] as [number, number][]) {
        box[0] = Math.min(box[0]!, x);
        box[1] = Math.min(box[1]!, y);
        box[2] = Math.max(box[2]!, x);
        box[3] = Math.max(box[3]!, y);
      }
  return box[0]! > box[2]! ? null : [(box[0]! + box[2]!) / 2, (box[1]! + box[3]!) / 2];
}

// The names of buildings and where they stand: for labels (a building cut by tile edges is named once), for lists and for
// the alarms of devices inside.
import { t } from './i18n';
import { api } from '../api/http';
import { collectionOf } from '../map/base';
import { centre } from '../map/geometry';
import { store } from './state';

export interface Place { name: string; name_zh: string; lngLat: [number, number] }

const BUILDINGS_MAX = 2_000; // of a larger community, the first ones; the others say their name when they are clicked

export async function loadNames(): Promise<void> {
  const { twin } = store.get();
  if (!twin) return;
  const { features } = await api.features(collectionOf(twin, 'building'), BUILDINGS_MAX);
  const places = new Map<string, Place>();
  for (const { id, geometry, properties } of features) {
    const lngLat = centre(geometry);
    const name = String(properties.name || '');
    if (lngLat) places.set(String(id), { name, name_zh: String(properties.name_zh || '') || name, lngLat });
  }
  store.set({ places });
}

// A storey's name in the language of the page, or its level.
export const storeyName = ({ name, name_zh, level }: { name: string; name_zh?: string; level: number }): string =>
  (store.get().lang === 'zh' && name_zh) || name || t('storey.level', { level });

// A building's name in the language of the page, or its id.
export function buildingName(id: string | null | undefined): string {
  const { places, lang } = store.get();
  const place = id ? places.get(id) : undefined;
  return (lang === 'zh' ? place?.name_zh : place?.name) || id || '';
}

// The view in the address: everything after # that brings back what one sees. Written as the view changes, read once at
// the start and whenever somebody puts another address in.
import type { ResultLayer } from '../api/types';
import { LAYER_DEFAULTS, LAYER_IDS, type LayerId } from '../map/groups';
import { store, type LayerView, type Selection, type Side } from './state';

export interface Camera { centre: [number, number]; zoom: number; bearing: number; pitch: number }
export interface View {
  camera: Camera | null;
  lang: 'en' | 'zh' | null;
  layers: Record<LayerId, LayerView>;
  runId: string | null;
  withId: string | null;
  side: Side;
  show: ResultLayer;
  time: string | null;
  selection: Selection | null;
}

// #test=1: for browser tests; the picture can be read back and nothing moves by itself.
export const TEST = new URLSearchParams(location.hash.slice(1)).get('test') === '1';

const SHOWS: ResultLayer[] = ['depth', 'max_depth', 'max_speed', 'max_hazard', 'arrival', 'difference'];

export function writeView(camera: Camera | null): string {
  const { lang, layers, runId, withId, side, show, time, selection } = store.get();
  const parts = new URLSearchParams();
  if (camera) {
    const { centre, zoom, bearing, pitch } = camera;
    parts.set('map', [zoom.toFixed(2), centre[1].toFixed(6), centre[0].toFixed(6), bearing.toFixed(1), pitch.toFixed(1)].join('/'));
  }
  const changed = LAYER_IDS.filter((id) => layers[id].on !== LAYER_DEFAULTS[id].on || layers[id].opacity !== LAYER_DEFAULTS[id].opacity);
  if (changed.length)
    parts.set('layers', changed.map((id) => `${id}:${layers[id].on ? 1 : 0}:${Math.round(layers[id].opacity * 100)}`).join(','));
  if (runId) parts.set('run', runId);
  if (withId) parts.set('with', withId);
  if (withId && side === 'other') parts.set('side', side);
  if (runId && show !== 'depth') parts.set('show', show);
  if (runId && time) parts.set('t', time);
  if (selection?.id) parts.set('sel', `${selection.collection}/${selection.id}`);
  if (selection?.lngLat) parts.set('at', selection.lngLat.map((degrees) => degrees.toFixed(6)).join(','));
  parts.set('lang', lang);
  if (TEST) parts.set('test', '1');
  return `#${parts.toString().replaceAll('%2F', '/').replaceAll('%2C', ',').replaceAll('%3A', ':')}`;
}

const numbers = (text: string | null, count: number, separator: string): number[] | null => {
  const values = (text ?? '').split(separator).map(Number);
  return text && values.length === count && values.every(Number.isFinite) ? values : null;
};

export function readView(hash: string): View {
  const parts = new URLSearchParams(hash.replace(/^#/, ''));
  const map = numbers(parts.get('map'), 5, '/');
  const at = numbers(parts.get('at'), 2, ',') as [number, number] | null;
  const layers = structuredClone(LAYER_DEFAULTS);
  for (const entry of (parts.get('layers') ?? '').split(',')) {
    const [id, on, percent] = entry.split(':');
    if (id in layers && Number.isFinite(Number(percent)))
      layers[id as LayerId] = { on: on === '1', opacity: Math.min(1, Math.max(0, Number(percent) / 100)) };
  }
  const [collection, ...rest] = (parts.get('sel') ?? '').split('/');
  const id = rest.join('/');
  const lang = parts.get('lang');
  const show = parts.get('show') as ResultLayer;
  const withId = parts.get('with');
  return {
    camera: map && { zoom: map[0], centre: [map[2], map[1]], bearing: map[3], pitch: map[4] },
    lang: lang === 'en' || lang === 'zh' ? lang : null,
    layers,
    runId: parts.get('run'),
    withId,
    side: withId && parts.get('side') === 'other' ? 'other' : 'base',
    show: SHOWS.includes(show) && (show !== 'difference' || withId) ? show : 'depth',
    time: parts.get('t'),
    selection: id ? { collection, id, lngLat: at } : at ? { collection: '', id: '', lngLat: at } : null,
  };
}

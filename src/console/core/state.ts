// What the page knows and shows, and its one store.
import type { Alarm, Comparison, Condition, Device, DeviceState, IndoorBuilding, IndoorFinding, IndoorStorey, Lang, Legend, ResultLayer, Run, Scenario, Twin } from '../api/types';
import type { Storey } from '../inside/tileset';
import { LAYER_DEFAULTS, type LayerId } from '../map/groups';
import type { Place } from './names';
import { Store } from './store';

export type Side = 'base' | 'other'; // which run of a compared pair plays in time
export interface LayerView { on: boolean; opacity: number }
export interface Selection { collection: string; id: string; lngLat: [number, number] | null }
export interface Feature { geometry: GeoJSON.Geometry | null; properties: Record<string, unknown> }
export interface WallDraft { points: [number, number][]; finished: boolean; heightM: number }
export interface IndoorShown { building: string; storeys: IndoorStorey[]; storey: string; asked: string; busy: boolean; colourBy: 'compartment' | 'use'; findings: IndoorFinding[]; shown: GeoJSON.FeatureCollection | null }
export interface Notice { text: string; kind: 'info' | 'error' }

// A building by id, storeys by fid: the one asked for and the one that is on the map.
export interface Opened { building: string; storeys: Storey[]; shown: number | null; drawn: number | null }

export interface State {
  lang: Lang;
  link: 'connecting' | 'live' | 'reconnecting';
  condition: Condition; // of the server, as it last said
  twin: Twin | null;
  places: ReadonlyMap<string, Place>; // buildings by id
  layers: Record<LayerId, LayerView>;
  scenarios: Scenario[];
  runs: Run[];
  runId: string | null; // the run shown, the base of a comparison
  withId: string | null; // the run compared with it
  side: Side;
  show: ResultLayer;
  time: string | null; // stored step of the run shown
  playing: boolean;
  legend: Legend | null;
  comparison: Comparison | null;
  selection: Selection | null;
  feature: Feature | null; // what the server says of the selection
  inside: Opened | null;
  wall: WallDraft | null;
  indoorBuildings: readonly IndoorBuilding[]; // that have an inside
  indoor: IndoorShown | null;
  awaited: { id: string; compareWith: string | null } | null; // a run this page started and will show when done
  devices: ReadonlyMap<string, Device>; // the map object stays; deviceTick tells of new values
  deviceTick: number;
  heard: readonly string[]; // devices that the last batch of values came from
  health: Record<DeviceState, number>;
  alarms: Alarm[];
  notice: Notice | null;
}

const prefersChinese = navigator.language.toLowerCase().startsWith('zh');

export const store = new Store({
  lang: prefersChinese ? 'zh' : 'en',
  link: 'connecting',
  condition: { status: 'ok', reasons: [] },
  twin: null,
  places: new Map(),
  layers: structuredClone(LAYER_DEFAULTS),
  scenarios: [],
  runs: [],
  runId: null,
  withId: null,
  side: 'base',
  show: 'depth',
  time: null,
  playing: false,
  legend: null,
  comparison: null,
  selection: null,
  feature: null,
  inside: null,
  wall: null,
  indoorBuildings: [],
  indoor: null,
  awaited: null,
  devices: new Map(),
  deviceTick: 0,
  heard: [],
  health: { ok: 0, alarm: 0, silent: 0, fault: 0 },
  alarms: [],
  notice: null,
});

export const reducedMotion = matchMedia('(prefers-reduced-motion: reduce)');

// The run whose depth plays over time: the base, or the other one of a compared pair.
export function playedRun(state: Readonly<State> = store.get()): Run | null {
  const id = state.side === 'other' && state.withId ? state.withId : state.runId;
  return state.runs.find((run) => run.id === id) ?? null;
}

export const shownRun = (state: Readonly<State> = store.get()): Run | null =>
  state.runs.find((run) => run.id === state.runId) ?? null;

// The answers of the server that the page reads (see the OpenAPI document at /api).

export type Lang = 'en' | 'zh';
export type Text = string | { en?: string; zh?: string };

export interface Code { value: string; title: Text }
export interface Attribute { name: string; title: Text; unit?: string | null; type: string; codes?: Code[] }
export interface Collection {
  id: string;
  class?: string;
  title: Text;
  geometry: string;
  count: number;
  attributes: Attribute[];
}
export interface Twin {
  title: Text;
  crs: string;
  attribution: string; // what must be said of the data's owners; '' = nothing
  bounds: [number, number, number, number] | null; // of everything in it; null = it is empty
  version: number;
  collections: Collection[];
}

export interface Edit {
  op: 'add' | 'set' | 'remove';
  class?: string;
  id: string;
  geometry?: { type: string; coordinates: number[][] };
  properties?: Record<string, unknown>;
}
export interface RainInterval { from_s: number; to_s: number; intensity_mm_h: number }
export interface Scenario {
  title: Text;
  start: string;
  duration_s: number;
  rain?: RainInterval[];
  edits?: Edit[];
  [other: string]: unknown;
}

export type RunStatus = 'queued' | 'running' | 'done' | 'failed' | 'cancelled';
// What is wrong with the server as a whole.
export const REASONS = ['disk-full', 'disk-read-only', 'storage-fails', 'broker-lost'] as const;
export type Reason = (typeof REASONS)[number];
export interface Condition { status: 'ok' | 'degraded'; reasons: Reason[] }

export interface Run {
  id: string;
  title: Text;
  status: RunStatus;
  progress: number;
  message?: string | null;
  created?: string;
  finished?: string | null;
  start?: string;
  end?: string;
  times?: string[];
  scenario?: Scenario;
}
export type ResultLayer = 'depth' | 'max_depth' | 'max_speed' | 'max_hazard' | 'arrival' | 'difference';

export interface LegendClass { min: number | null; max: number | null; color: string; label: Text }
export interface Legend { layer: string; unit: string; title: Text; classes: LegendClass[] }

export interface Indicator {
  id: string;
  title: Text;
  unit: string;
  base: number | null;
  other: number | null;
  delta: number | null;
  better: 'lower' | 'higher';
}
export interface BuildingChange {
  id: string;
  name?: string | null;
  base_depth_m: number | null;
  other_depth_m: number | null;
  delta_m: number;
}
export interface ReachedBuilding { id: string; max_depth_m: number; arrival: string | null; residents?: number }
export interface FloodedRoom { // a storey, a garage, or a building without storeys
  id: string;
  name: string;
  name_zh: string;
  building: string | null;
  floor_m: number;
  max_depth_m: number;
  volume_m3: number; // at the end
}
export interface Comparison { base: string; other: string; indicators: Indicator[]; buildings: BuildingChange[] }

export type DeviceState = 'ok' | 'alarm' | 'silent' | 'fault';
export interface Device {
  id: string;
  kind: string;
  property: string;
  unit?: string | null;
  building?: string | null;
  value: number | null;
  time: string | null;
  state: DeviceState;
  severity?: number | null;
}
export type AlarmState = 'active' | 'acknowledged' | 'cleared';
export interface Alarm {
  id: number | string;
  device: string;
  property: string;
  rule?: string;
  kind?: string | null;
  unit?: string | null;
  severity: number; // 1 red (highest) .. 4 blue
  state: AlarmState;
  raised: string;
  value: number | null;
  acknowledged_by?: string | null;
}
export interface IndoorBuilding { id: string; name: string; storeys: number }
export interface IndoorStorey { id: string; name: string; name_zh?: string; level: number }
export interface IndoorFinding { rule: string; id: string; other: string | null; text: string }
export interface IndoorModel { storeys: IndoorStorey[]; spaces: { storey: string | null }[]; findings: IndoorFinding[] }
export interface HistoryPoint { t: number; v: number } // seconds since 1970, value

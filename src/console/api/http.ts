// Calls to the server. Every failure becomes an ApiError that carries the server's own words (RFC 9457).
import type { Alarm, Comparison, Condition, Device, Edit, FloodedRoom, HistoryPoint, IndoorBuilding, IndoorModel, Legend, ReachedBuilding, ResultLayer, Run, Scenario, Twin } from './types';

export const ROOT = location.origin;
const TIMEOUT_MS = 20_000;

export class ApiError extends Error {
  constructor(readonly status: number, message: string) {
    super(message);
  }
}

async function call(path: string, init: RequestInit = {}): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(ROOT + path, {
      ...init,
      headers: { accept: 'application/json', ...init.headers },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
  } catch (cause) {
    throw new ApiError(0, cause instanceof Error ? cause.message : String(cause));
  }
  if (response.ok) return response;
  let detail = `${response.status} ${response.statusText}`;
  try {
    const problem = await response.json();
    detail = problem.detail || problem.title || detail;
  } catch {
    // no problem document: the status line has to do
  }
  throw new ApiError(response.status, detail);
}

const get = async <T>(path: string): Promise<T> => (await call(path)).json();
const post = (path: string, body: unknown) =>
  call(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
const id = encodeURIComponent;

export const api = {
  twin: () => get<Twin>('/twin'),
  scenarios: async () => (await get<{ scenarios: Scenario[] }>('/scenarios')).scenarios,
  runs: async () => (await get<{ runs: Run[] }>('/runs')).runs,
  run: (run: string) => get<Run>(`/runs/${id(run)}`),
  startRun: async (scenario: Scenario) => (await post('/runs', scenario)).json() as Promise<Run>,
  cancelRun: (run: string) => call(`/runs/${id(run)}?cancel=true`, { method: 'DELETE' }),
  removeRun: (run: string) => call(`/runs/${id(run)}`, { method: 'DELETE' }),
  compare: (run: string, other: string) => get<Comparison>(`/runs/${id(run)}/compare?with=${id(other)}`),
  legend: (run: string, layer: ResultLayer, other: string | null) =>
    get<Legend>(`/runs/${id(run)}/maps/${layer}/legend${layer === 'difference' && other ? `?with=${id(other)}` : ''}`),
  reached: async (run: string) =>
    (await get<{ buildings: ReachedBuilding[] }>(`/runs/${id(run)}/buildings`)).buildings,
  rooms: async (run: string) => (await get<{ rooms: FloodedRoom[] }>(`/runs/${id(run)}/rooms`)).rooms,
  depthAt: (run: string, lngLat: [number, number], time: string) =>
    get<{ value: number | null; unit: string; class: number | null }>(
      `/runs/${id(run)}/maps/depth/point?lon=${lngLat[0]}&lat=${lngLat[1]}&datetime=${id(time)}`,
    ),
  depthSeries: (run: string, lngLat: [number, number]) =>
    get<{ times: string[]; values: (number | null)[] }>(
      `/runs/${id(run)}/maps/depth/series?lon=${lngLat[0]}&lat=${lngLat[1]}`,
    ),
  feature: (collection: string, feature: string) =>
    get<{ geometry: GeoJSON.Geometry | null; properties: Record<string, unknown> }>(
      `/collections/${id(collection)}/items/${id(feature)}`,
    ),
  features: (collection: string, limit: number) =>
    get<{ features: { id: string | number; geometry: GeoJSON.Geometry | null; properties: Record<string, unknown> }[] }>(
      `/collections/${id(collection)}/items?limit=${limit}`,
    ),
  devices: async () => (await get<{ devices: Device[] }>('/live/devices')).devices,
  alarms: async () => (await get<{ alarms: Alarm[] }>('/live/alarms?open=true')).alarms,
  acknowledge: (alarm: number | string, by: string) => post(`/live/alarms/${id(String(alarm))}/acknowledge`, { by }),
  indoorBuildings: async () => (await get<{ buildings: IndoorBuilding[] }>('/indoor')).buildings,
  indoor: (building: string) => get<IndoorModel>(`/indoor/${id(building)}`),
  indoorFeatures: (building: string, storey: string) =>
    get<GeoJSON.FeatureCollection>(`/indoor/${id(building)}/features?storey=${id(storey)}`),
  condition: () => get<Condition>('/health'),
  history: async (device: string, property: string, limit: number): Promise<HistoryPoint[]> =>
    readHistory(await get(`/live/devices/${id(device)}/history?property=${id(property)}&limit=${limit}`)),
};

// The history comes newest first, as {"values":[{"t"|"time","v"|"value"}]}; charts want oldest first.
function readHistory(answer: Record<string, unknown>): HistoryPoint[] {
  const rows = (answer.values ?? answer.observations ?? answer.history ?? []) as Record<string, unknown>[];
  return rows
    .map((row) => ({ t: Date.parse(String(row.t ?? row.time)) / 1000, v: Number(row.v ?? row.value) }))
    .filter((point) => Number.isFinite(point.t) && Number.isFinite(point.v))
    .sort((a, b) => a.t - b.t);
}

export function withWall(scenario: Scenario, wall: Edit, title: Scenario['title']): Scenario {
  return { ...scenario, title, edits: [...(scenario.edits ?? []), wall] };
}

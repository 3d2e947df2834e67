// A building's tileset: where it stands, its storeys, and the contents that show each in full.
import { readGlb, type Content } from './glb';

export interface Storey { fid: number; id: string; name: string; name_zh?: string; level: number; elevation: number; height: number }
export interface Building {
  lngLat: [number, number];
  height: number; // of the frame's origin, metres above the ellipsoid as the twin has it
  storeys: Storey[]; // from the lowest
  contents: Map<number, string[]>; // by the storey's fid
  base: string; // of the contents' addresses
}

/* eslint-disable @typescript-eslint/no-explicit-any -- the document is the server's own */
type Json = any;
const A = 6378137;
const E2 = 0.0066943799901413165; // WGS 84

// From earth-centred coordinates (Bowring 1976; exact to far less than a millimetre near the ground).
function geographic([x, y, z]: number[]): { lngLat: [number, number]; height: number } {
  const p = Math.hypot(x, y);
  const b = A * Math.sqrt(1 - E2);
  const u = Math.atan2(z * A, p * b);
  const lat = Math.atan2(z + (E2 / (1 - E2)) * b * Math.sin(u) ** 3, p - E2 * A * Math.cos(u) ** 3);
  const height = p * Math.cos(lat) + z * Math.sin(lat) - A * Math.sqrt(1 - E2 * Math.sin(lat) ** 2);
  return { lngLat: [(Math.atan2(y, x) * 180) / Math.PI, (lat * 180) / Math.PI], height };
}

const TIMEOUT_MS = 60_000; // a storey may come by a slow line

// A failure tells its status as an ApiError does: 0 where nothing answered.
async function load(address: string): Promise<Response> {
  const answer = await fetch(address, { signal: AbortSignal.timeout(TIMEOUT_MS) }).catch((cause: unknown) => {
    throw Object.assign(new Error(String(cause)), { status: 0 });
  });
  if (!answer.ok) throw Object.assign(new Error(`${answer.status} ${answer.statusText}`), { status: answer.status });
  return answer;
}

export async function loadBuilding(base: string): Promise<Building> {
  const answer = await load(`${base}tileset.json`);
  const json: Json = await answer.json();
  const storeys = new Map<number, Storey>();
  const contents = new Map<number, string[]>();
  const visit = (tile: Json) => {
    const group = json.groups?.[tile.content?.group]?.properties;
    if (group?.storey !== undefined && tile.geometricError === 0) {
      const { fid, storey: id, name, name_zh, level, elevation_m: elevation = 0, height_m: height = 3 } = group;
      storeys.set(fid, { fid, id, name, name_zh, level, elevation, height });
      contents.set(fid, [...(contents.get(fid) ?? []), tile.content.uri]);
    }
    for (const child of tile.children ?? []) visit(child);
  };
  visit(json.root);
  return {
    ...geographic(json.root.transform.slice(12, 15)), base, contents,
    storeys: [...storeys.values()].sort((a, b) => a.elevation - b.elevation || a.level - b.level),
  };
}

export const loadStorey = (building: Building, fid: number): Promise<Content[]> =>
  Promise.all((building.contents.get(fid) ?? []).map(async (uri) => {
    const answer = await load(building.base + uri);
    return readGlb(await answer.arrayBuffer());
  }));

// Walls on the map: those that the shown runs' scenarios add, and the one being drawn; as bodies of their height.
import type { GeoJSONSource, Map as GlMap } from 'maplibre-gl';
import { playedRun, shownRun, store } from '../core/state';
import { thicken } from './geometry';
import type { LayerTree } from './map';

const WALL_WIDTH_M = 3; // wider than built, to be seen from above

type Feature = GeoJSON.Feature;
const collection = (features: Feature[]): GeoJSON.FeatureCollection => ({ type: 'FeatureCollection', features });

export class WallsView {
  constructor(private readonly map: GlMap, tree: LayerTree) {
    map.addSource('walls', { type: 'geojson', data: collection([]) });
    map.addSource('draft', { type: 'geojson', data: collection([]) });
    map.addLayer({ id: 'walls', type: 'fill-extrusion', source: 'walls', paint: {
      'fill-extrusion-color': ['case', ['get', 'draft'], '#ffe08a', '#ffb84d'], 'fill-extrusion-height': ['get', 'height_m'] } });
    map.addLayer({ id: 'draft-line', type: 'line', source: 'draft', filter: ['==', ['geometry-type'], 'LineString'],
      layout: { 'line-cap': 'round', 'line-join': 'round' }, paint: { 'line-color': '#ffe08a', 'line-width': 3, 'line-dasharray': [1.5, 1.2] } });
    map.addLayer({ id: 'draft-points', type: 'circle', source: 'draft', filter: ['==', ['geometry-type'], 'Point'],
      paint: { 'circle-radius': 5, 'circle-color': '#0b141c', 'circle-stroke-color': '#ffe08a', 'circle-stroke-width': 2.5 } });
    tree.join('walls', 'walls', { 'fill-extrusion-opacity': 1 });
    store.on(['wall', 'runId', 'withId', 'side', 'show', 'runs'], () => this.apply());
    this.apply();
  }

  private apply(): void {
    const { wall, show, withId, runs } = store.get();
    const run = show === 'difference' ? runs.find((one) => one.id === withId) ?? shownRun() : playedRun();
    const bodies: Feature[] = [];
    for (const edit of run?.scenario?.edits ?? [])
      if (edit.op === 'add' && edit.class === 'barrier' && edit.geometry?.type === 'LineString')
        bodies.push(body(edit.geometry.coordinates as [number, number][], Number(edit.properties?.height_m ?? 1), false));
    const points = wall?.points ?? [];
    if (wall && points.length > 1) bodies.push(body(points, wall.heightM, true));
    this.source('walls').setData(collection(bodies));
    this.source('draft').setData(collection([
      ...(points.length > 1 ? [{ type: 'Feature', properties: {}, geometry: { type: 'LineString', coordinates: points } } as Feature] : []),
      ...points.map((point): Feature => ({ type: 'Feature', properties: {}, geometry: { type: 'Point', coordinates: point } })),
    ]));
  }

  private source(id: string): GeoJSONSource {
    return this.map.getSource(id) as GeoJSONSource;
  }
}

const body = (points: [number, number][], heightM: number, draft: boolean): Feature => ({
  type: 'Feature',
  properties: { height_m: heightM, draft },
  geometry: { type: 'MultiPolygon', coordinates: thicken(points, WALL_WIDTH_M).map((ring) => [ring]) },
});

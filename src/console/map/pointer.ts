// What clicks on the map mean: a point of the wall while one is drawn, else the thing under the pointer.
import type { Map as GlMap, MapGeoJSONFeature, MapMouseEvent } from 'maplibre-gl';
import type { Twin } from '../api/types';
import { addWallPoint, finishWall } from '../actions/wall';
import { select } from '../actions/select';
import { store } from '../core/state';
import { collectionOf } from './base';
import type { InsideView } from './inside';

const SMALL = ['devices', 'cameras', 'hydrants', 'gates', 'drain-nodes', 'drain-links', 'barriers', 'indoor-openings', 'indoor-stairs']; // found within a few pixels
const LARGE = ['indoor-rooms', 'buildings', 'paths', 'roads', 'parking', 'green', 'water', 'shelters', 'grid-fill'];
const REACH_PX = 5;

export function followPointer(map: GlMap, twin: Twin, inside: InsideView): void {
  const there = (layers: string[]) => layers.filter((id) => map.getLayer(id));
  const under = (event: MapMouseEvent): MapGeoJSONFeature | undefined => {
    const { x, y } = event.point;
    const near = map.queryRenderedFeatures([[x - REACH_PX, y - REACH_PX], [x + REACH_PX, y + REACH_PX]], { layers: there(SMALL) });
    return near[0] ?? map.queryRenderedFeatures(event.point, { layers: there(LARGE) })[0];
  };

  const selectUnder = (event: MapMouseEvent, at: [number, number]): void => {
    const feature = under(event);
    const collection = feature?.source === 'indoor' ? collectionOf(twin, String(feature.properties.part)) : feature?.sourceLayer;
    select(feature && collection
      ? { collection, id: String(feature.properties.id ?? feature.id), lngLat: at }
      : { collection: '', id: '', lngLat: at });
  };

  map.on('click', (event) => {
    const at: [number, number] = [event.lngLat.lng, event.lngLat.lat];
    const { wall } = store.get();
    if (wall) {
      if (!wall.finished) addWallPoint(at);
      return;
    }
    if (inside.isOpen) void inside.at(event.point).then((found) => (found ? select({ ...found, lngLat: at }) : selectUnder(event, at)));
    else selectUnder(event, at);
  });
  map.on('dblclick', (event) => {
    if (!store.get().wall) return;
    event.preventDefault();
    finishWall();
  });
  let waiting = false;
  map.on('mousemove', (event) => {
    if (waiting) return; // one look for each frame is enough
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      map.getCanvas().style.cursor = store.get().wall ? 'crosshair' : under(event) ? 'pointer' : '';
    });
  });

  // The chosen thing stands out: buildings by their colour, everything else by an outline of its own (outline.ts).
  const buildings = collectionOf(twin, 'building');
  let last = '';
  store.on(['selection'], () => {
    const { selection } = store.get();
    const now = selection?.collection === buildings ? selection.id : '';
    const set = (id: string, selected: boolean) =>
      id && map.setFeatureState({ source: 'twin', sourceLayer: buildings, id }, { selected });
    if (now === last) return;
    set(last, false);
    set(now, true);
    last = now;
  });
}

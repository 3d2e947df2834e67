// Names of buildings as points of their own (see core/names.ts), so that tile edges do not double them.
import type { GeoJSONSource, Map as GlMap } from 'maplibre-gl';
import { store } from '../core/state';

export class NameLabels {
  constructor(private readonly map: GlMap) {
    store.on(['places'], () => this.apply());
    this.apply();
  }

  private apply(): void {
    const features = [...store.get().places.entries()].map(([id, { name, name_zh, lngLat }]): GeoJSON.Feature => ({
      type: 'Feature', properties: { id, name, name_zh }, geometry: { type: 'Point', coordinates: lngLat },
    }));
    (this.map.getSource('names') as GeoJSONSource).setData({ type: 'FeatureCollection', features });
  }
}

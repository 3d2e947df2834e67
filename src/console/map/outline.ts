// The outline of the selected feature, and a mark at the place that was clicked.
import type { GeoJSONSource, Map as GlMap } from 'maplibre-gl';
import { SELECTED } from './colours';

export class Outline {
  constructor(private readonly map: GlMap) {
    map.addSource('selected', { type: 'geojson', data: { type: 'FeatureCollection', features: [] } });
    map.addLayer({ id: 'selected-line', type: 'line', source: 'selected', filter: ['!=', ['geometry-type'], 'Point'],
      layout: { 'line-join': 'round' }, paint: { 'line-color': SELECTED, 'line-width': 2.5 } });
    map.addLayer({ id: 'selected-point', type: 'circle', source: 'selected', filter: ['==', ['geometry-type'], 'Point'],
      paint: { 'circle-radius': ['case', ['==', ['get', 'mark'], true], 4, 10], 'circle-color': ['case', ['==', ['get', 'mark'], true], SELECTED, 'transparent'],
        'circle-stroke-color': ['case', ['==', ['get', 'mark'], true], '#0b141c', SELECTED], 'circle-stroke-width': 2 } });
  }

  show(geometry: GeoJSON.Geometry | null, mark: [number, number] | null): void {
    const features: GeoJSON.Feature[] = [];
    if (geometry) features.push({ type: 'Feature', properties: { mark: false }, geometry });
    if (mark) features.push({ type: 'Feature', properties: { mark: true }, geometry: { type: 'Point', coordinates: mark } });
    (this.map.getSource('selected') as GeoJSONSource).setData({ type: 'FeatureCollection', features });
  }
}

// The inside of a building on one storey: rooms by compartment or use, doors, links between rooms, exits, stairs.
import type { ExpressionSpecification, GeoJSONSource, Map as GlMap } from 'maplibre-gl';
import { store } from '../core/state';
import { POINTS } from './base';
import { allBut, type LayerFilters } from './filters';

const EMPTY: GeoJSON.FeatureCollection = { type: 'FeatureCollection', features: [] };
const PARTS = ['#5b9bd5', '#e3a857', '#6fbf8f', '#c98bd0', '#d9737a', '#8fb0c9', '#b9b45f', '#7f8fd9'];
const USES: Record<string, string> = {
  corridor: '#e0c36a', lobby: '#e0c36a', stairwell: '#d98a5a', lift_shaft: '#8a8f98', service_shaft: '#8a8f98', office: '#6f8fb5',
  classroom: '#b79a62', shop: '#8c86c2', medical: '#b97f92', hall: '#c58bd6', storage: '#9a8f7a', plant: '#76806f', parking: '#6b747d',
  bathroom: '#62b0b8', kitchen: '#d9a37a', bedroom: '#7d94a9', living: '#8fb58a', dwelling: '#7d94a9', balcony: '#6fbf8f',
};
const OTHER = '#8299ac';
const EXIT = '#4ecb9e';

const part = (name: string): ExpressionSpecification => ['==', ['get', 'part'], name];
const byCompartment = ['case', ['==', ['get', 'compartment'], null], OTHER,
  ['match', ['%', ['get', 'compartment'], PARTS.length], ...PARTS.flatMap((colour, i) => [i, colour]), OTHER]] as unknown as ExpressionSpecification;
const byUse = ['match', ['get', 'use'], ...Object.entries(USES).flat(), OTHER] as unknown as ExpressionSpecification;

export class IndoorView {
  constructor(private readonly map: GlMap, private readonly filters: LayerFilters) {
    map.addSource('indoor', { type: 'geojson', data: EMPTY });
    map.addLayer({ id: 'indoor-rooms', type: 'fill', source: 'indoor', filter: part('space'),
      paint: { 'fill-color': byCompartment, 'fill-opacity': 0.9, 'fill-outline-color': '#0b141c' } }, POINTS);
    map.addLayer({ id: 'indoor-links', type: 'line', source: 'indoor', filter: part('link'),
      paint: { 'line-color': ['case', ['get', 'exit'], EXIT, '#f4f7fa'], 'line-width': 1.2, 'line-dasharray': [2, 1.6] } }, POINTS);
    map.addLayer({ id: 'indoor-stairs', type: 'line', source: 'indoor', filter: part('transition'),
      paint: { 'line-color': '#d98a5a', 'line-width': 5 } }, POINTS);
    map.addLayer({ id: 'indoor-openings', type: 'line', source: 'indoor', filter: part('opening'),
      paint: { 'line-color': ['case', ['get', 'exit'], EXIT, ['get', 'passable'], '#f4f7fa', '#7fd4ff'],
        'line-width': ['case', ['get', 'exit'], 6, ['get', 'passable'], 4, 2] } }, POINTS);
    store.on(['indoor'], () => this.apply());
    this.apply();
  }

  private apply(): void {
    const { indoor } = store.get();
    (this.map.getSource('indoor') as GeoJSONSource).setData(indoor?.shown ?? EMPTY);
    this.map.setPaintProperty('indoor-rooms', 'fill-color', indoor?.colourBy === 'use' ? byUse : byCompartment);
    // The building's body would hide the storey.
    this.filters.set('buildings', 'indoor', indoor?.shown ? allBut(indoor.building) : null);
  }
}

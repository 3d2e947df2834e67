// The map's own layers over the twin's vector tiles: for each, the group of the tree it belongs to and the paint
// properties that the group's opacity scales.
import type { DataDrivenPropertyValueSpecification, ExpressionSpecification, LayerSpecification } from 'maplibre-gl';
import type { Twin } from '../api/types';
import {
  SELECTED, SEVERITY_COLOURS, STATE_COLOURS, USE_COLOURS, USE_OTHER, WET_HIGH, WET_HIGH_M, WET_LOW, WET_LOW_M,
} from './colours';
import type { LayerId } from './groups';

const SILENT_FILL = '#33414d';

export interface TwinLayer { group: LayerId; spec: LayerSpecification; opacity: Record<string, number> }

// The collection of a class: as the server says, else by the catalogue's rule for names.
export function collectionOf(twin: Twin, className: string): string {
  const named = twin.collections.find((collection) => collection.class === className);
  return named?.id ?? `${className}s`;
}
export const DRAWN_CLASSES = [
  'building', 'road', 'path', 'green', 'water', 'parking', 'drain_node', 'drain_link', 'barrier', 'grid_cell', 'device', 'camera',
  'hydrant', 'gate', 'shelter',
];

export const classOf = (twin: Twin, collection: string): string =>
  DRAWN_CLASSES.find((name) => collectionOf(twin, name) === collection) ?? collection;

const state = (name: string): ExpressionSpecification => ['feature-state', name];
const byZoom = (...stops: number[]): ExpressionSpecification =>
  ['interpolate', ['exponential', 1.6], ['zoom'], ...stops] as unknown as ExpressionSpecification;
// Width of a thing of `metres` (an attribute) on the screen: 2^zoom pixels grow with it; never thinner than `least`.
const METRES_PER_PIXEL_Z20 = 0.0645; // 512-pixel tiles at 30 degrees of latitude
const width = (attribute: string, otherwise: number, least: number): DataDrivenPropertyValueSpecification<number> => {
  const metres: ExpressionSpecification = ['max', 1, ['to-number', ['get', attribute], otherwise]];
  return ['interpolate', ['exponential', 2], ['zoom'],
    12, ['max', least, ['/', metres, METRES_PER_PIXEL_Z20 * 256]],
    20, ['max', least, ['/', metres, METRES_PER_PIXEL_Z20]]] as unknown as ExpressionSpecification;
};

const buildingColour = [
  'case',
  ['boolean', state('selected'), false], SELECTED,
  ['>=', ['to-number', state('wet_m'), 0], WET_HIGH_M], WET_HIGH,
  ['>=', ['to-number', state('wet_m'), 0], WET_LOW_M], WET_LOW,
  ['match', ['to-string', ['get', 'use']], ...Object.entries(USE_COLOURS).flat(), USE_OTHER],
] as unknown as ExpressionSpecification;
const deviceColour = ['match', ['to-string', state('state')],
  'alarm', ['match', ['to-number', state('severity'), 1], 1, SEVERITY_COLOURS[0], 2, SEVERITY_COLOURS[1], 3, SEVERITY_COLOURS[2], SEVERITY_COLOURS[3]],
  'silent', SILENT_FILL, 'fault', STATE_COLOURS.fault, STATE_COLOURS.ok] as unknown as ExpressionSpecification;
const radius = (alarm: number, other: number): ExpressionSpecification =>
  ['case', ['==', ['to-string', state('state')], 'alarm'], alarm, ['boolean', state('fresh'), false], other * 1.9, other];

// Bottom to top. Flood pictures go in below BELOW.
export function twinLayers(twin: Twin, lang: string): TwinLayer[] {
  const of = (className: string) => ({ source: 'twin', 'source-layer': collectionOf(twin, className) });
  const name = ['coalesce', ['get', lang === 'zh' ? 'name_zh' : 'name'], ['get', 'name'], ''] as unknown as ExpressionSpecification;
  const label = { 'text-field': name, 'text-font': ['sans-serif'], 'text-size': byZoom(15, 10, 19, 14), 'text-max-width': 8 };
  const ink = { 'text-color': '#eef5fa', 'text-halo-color': '#0b141c', 'text-halo-width': 1.4 };
  return [
    { group: 'ground', opacity: { 'raster-opacity': 1 }, spec: { id: 'ground', type: 'raster', source: 'ground',
      paint: { 'raster-brightness-max': 0.46, 'raster-saturation': -0.55, 'raster-contrast': 0.12, 'raster-fade-duration': 0 } } },
    { group: 'green', opacity: { 'fill-opacity': 0.5 }, spec: { id: 'green', type: 'fill', ...of('green'),
      paint: { 'fill-color': ['match', ['to-string', ['get', 'kind']], 'sports', '#4a6b4a', 'trees', '#2c5a41', '#38684c'] } } },
    { group: 'roads', opacity: { 'fill-opacity': 0.5 }, spec: { id: 'parking', type: 'fill', ...of('parking'),
      filter: ['!=', ['get', 'kind'], 'underground'], paint: { 'fill-color': '#414d59' } } },
    { group: 'water', opacity: { 'fill-opacity': 0.92 }, spec: { id: 'water', type: 'fill', ...of('water'),
      paint: { 'fill-color': '#173c58', 'fill-outline-color': '#2b6288' } } },
    { group: 'paths', opacity: { 'line-opacity': 0.6 }, spec: { id: 'paths', type: 'line', ...of('path'), minzoom: 14,
      layout: { 'line-cap': 'round', 'line-join': 'round' },
      paint: { 'line-color': '#8d8672', 'line-width': width('width_m', 2, 0.6) } } },
    { group: 'roads', opacity: { 'line-opacity': 0.95 }, spec: { id: 'roads-case', type: 'line', ...of('road'),
      layout: { 'line-cap': 'round', 'line-join': 'round' },
      paint: { 'line-color': '#18222c', 'line-width': width('width_m', 7, 2), 'line-gap-width': 0 } } },
    { group: 'roads', opacity: { 'line-opacity': 1 }, spec: { id: 'roads', type: 'line', ...of('road'),
      layout: { 'line-cap': 'round', 'line-join': 'round' },
      paint: { 'line-color': ['match', ['to-string', ['get', 'kind']], 'arterial', '#64788a', 'collector', '#576a7b', 'underpass', '#6e5f74', '#4a5a69'],
        'line-width': width('width_m', 6, 1.2) } } },
    { group: 'grid', opacity: { 'fill-opacity': 0.08 }, spec: { id: 'grid-fill', type: 'fill', ...of('grid_cell'), paint: { 'fill-color': '#c58bd6' } } },
    { group: 'grid', opacity: { 'line-opacity': 0.9 }, spec: { id: 'grid', type: 'line', ...of('grid_cell'),
      paint: { 'line-color': '#c58bd6', 'line-width': 1.4, 'line-dasharray': [3, 2] } } },
    { group: 'drains', opacity: { 'line-opacity': 0.9 }, spec: { id: 'drain-links', type: 'line', ...of('drain_link'), minzoom: 14,
      paint: { 'line-color': ['match', ['to-string', ['get', 'network']], 'foul', '#a58a5f', '#35b5b0'],
        'line-width': ['interpolate', ['linear'], ['zoom'], 14, 1, 18, ['+', 1.5, ['*', 2, ['to-number', ['get', 'diameter_m'], 0.5]]]] } } },
    { group: 'barriers', opacity: { 'line-opacity': 0.95 }, spec: { id: 'barriers', type: 'line', ...of('barrier'),
      layout: { 'line-cap': 'butt', 'line-join': 'round' },
      paint: { 'line-color': ['match', ['to-string', ['get', 'kind']], 'dike', '#c4a886', 'flood_barrier', '#ffb84d', 'fence', '#6d7f8d', '#a9a397'],
        'line-width': ['match', ['to-string', ['get', 'kind']], 'dike', 3.2, 'flood_barrier', 3.2, 1.4] } } },
    { group: 'drains', opacity: { 'circle-opacity': 1, 'circle-stroke-opacity': 1 }, spec: { id: 'drain-nodes', type: 'circle', ...of('drain_node'), minzoom: 15,
      paint: { 'circle-radius': byZoom(15, 1.6, 19, 5), 'circle-color': '#0f2a30', 'circle-stroke-color': '#4fd0ca', 'circle-stroke-width': 1.2 } } },
    { group: 'safety', opacity: { 'fill-opacity': 0.35 }, spec: { id: 'shelters', type: 'fill', ...of('shelter'), paint: { 'fill-color': '#7fd6a5' } } },
    { group: 'buildings', opacity: { 'fill-extrusion-opacity': 0.94 }, spec: { id: 'buildings', type: 'fill-extrusion', ...of('building'),
      paint: { 'fill-extrusion-color': buildingColour, 'fill-extrusion-height': ['to-number', ['get', 'height_m'], 6],
        'fill-extrusion-vertical-gradient': true } } },
    { group: 'labels', opacity: { 'text-opacity': 1 }, spec: { id: 'road-labels', type: 'symbol', ...of('road'), minzoom: 16.2, filter: ['!=', ['get', 'kind'], 'service'],
      layout: { ...label, 'symbol-placement': 'line', 'text-pitch-alignment': 'viewport', 'text-size': 11.5 }, paint: { ...ink, 'text-color': '#c3d2de' } } },
    { group: 'safety', opacity: { 'circle-opacity': 1, 'circle-stroke-opacity': 1 }, spec: { id: 'gates', type: 'circle', ...of('gate'), minzoom: 14,
      paint: { 'circle-radius': byZoom(14, 2, 19, 6), 'circle-color': '#0f1922', 'circle-stroke-color': '#ffd08a', 'circle-stroke-width': 1.6 } } },
    { group: 'safety', opacity: { 'circle-opacity': 1, 'circle-stroke-opacity': 1 }, spec: { id: 'hydrants', type: 'circle', ...of('hydrant'), minzoom: 14,
      paint: { 'circle-radius': byZoom(14, 1.6, 19, 5), 'circle-color': '#ff8fa3', 'circle-stroke-color': '#0f1922', 'circle-stroke-width': 1 } } },
    { group: 'cameras', opacity: { 'circle-opacity': 1, 'circle-stroke-opacity': 1 }, spec: { id: 'cameras', type: 'circle', ...of('camera'),
      paint: { 'circle-radius': byZoom(14, 2, 19, 6), 'circle-color': '#2a2248', 'circle-stroke-color': '#b9a5ff', 'circle-stroke-width': 1.6 } } },
    { group: 'devices', opacity: { 'circle-opacity': 0.9, 'circle-stroke-opacity': 0.9 }, spec: { id: 'devices', type: 'circle', ...of('device'), minzoom: 13,
      layout: { 'circle-sort-key': 0 },
      paint: { 'circle-color': deviceColour,
        'circle-radius': ['interpolate', ['linear'], ['zoom'], 14, radius(3.5, 1.1), 16, radius(5, 2), 19, radius(9, 5.5)],
        'circle-stroke-width': ['interpolate', ['linear'], ['zoom'], 15, 0.4, 18, 1.2],
        'circle-stroke-color': ['match', ['to-string', state('state')], 'silent', '#a7b5c1', 'fault', '#ffffff', '#0b141c'] } } },
    { group: 'labels', opacity: { 'text-opacity': 1 }, spec: { id: 'building-labels', type: 'symbol', source: 'names', minzoom: 15.8, layout: label, paint: ink } },
  ];
}

// Flood pictures are put under the first of these layers, so that buildings stand in the water.
export const BELOW = 'grid-fill';
// The plan of a storey is put under the first of these points, so that devices and hydrants stand on it.
export const POINTS = 'gates';

// The map: made once the twin is known, fed from the twin's own tiles, and kept in step with the layer tree.
import { AttributionControl, Map as GlMap, NavigationControl, ScaleControl, setWorkerUrl, type VectorTileSource } from 'maplibre-gl';
import type { Twin } from '../api/types';
import { ROOT } from '../api/http';
import { t, type Key } from '../core/i18n';
import { reducedMotion, store } from '../core/state';
import type { Camera } from '../core/url';
import { collectionOf, DRAWN_CLASSES, twinLayers } from './base';
import { LAYER_IDS, type LayerId } from './groups';

declare const WORKER_NAME: string; // set by build.mjs

const FIRST_VIEW = { pitch: 52, bearing: -24 };
const CLOSER = 0.52;
const FIRST_SHIFT_PX: [number, number] = [0, 20];
const BACKGROUND = '#0b131b';
export const WORLD: [number, number, number, number] = [-180, -85, 180, 85];
const TILE_ZOOMS = { minzoom: 12, maxzoom: 18 };

const CONTROLS: [selector: string, key: Key][] = [
  ['.maplibregl-canvas', 'map.canvas'], ['.maplibregl-ctrl-zoom-in', 'map.zoomIn'], ['.maplibregl-ctrl-zoom-out', 'map.zoomOut'],
  ['.maplibregl-ctrl-compass', 'map.north'], ['.maplibregl-ctrl-attrib-button', 'map.attribution'],
];

const vectorTiles = (twin: Twin): string => {
  const names = DRAWN_CLASSES.map((name) => collectionOf(twin, name)).filter((id) => twin.collections.some((c) => c.id === id));
  return `${ROOT}/tiles/WebMercatorQuad/{z}/{y}/{x}?collections=${names.join(',')}`;
};

// The control takes HTML; files tell plain text.
const asHtml = (text: string): string => {
  const holder = document.createElement('span');
  holder.textContent = text;
  return holder.innerHTML;
};

export function makeMap(twin: Twin, camera: Camera | null, test: boolean): GlMap {
  setWorkerUrl(new URL(WORKER_NAME, import.meta.url).href);
  const bounds = twin.bounds ?? WORLD;
  const [west, south, east, north] = bounds;
  const map = new GlMap({
    container: 'map',
    ...(camera
      ? { center: camera.centre, zoom: camera.zoom, bearing: camera.bearing, pitch: camera.pitch }
      : { bounds: [[west, south], [east, north]], fitBoundsOptions: { ...FIRST_VIEW, padding: 10 }, ...FIRST_VIEW }),
    minZoom: twin.bounds ? 11 : 0,
    maxZoom: 21,
    maxPitch: 75,
    attributionControl: false,
    fadeDuration: test || reducedMotion.matches ? 0 : 200,
    canvasContextAttributes: { antialias: !test, preserveDrawingBuffer: test },
    style: {
      version: 8,
      transition: { duration: test ? 0 : 200, delay: 0 },
      light: { anchor: 'map', position: [1.3, 215, 38], color: '#ffffff', intensity: 0.38 },
      sources: {
        twin: { type: 'vector', tiles: [vectorTiles(twin)], bounds, promoteId: 'id', ...TILE_ZOOMS },
        ground: { type: 'raster', tiles: [`${ROOT}/collections/${collectionOf(twin, 'terrain')}/map/tiles/WebMercatorQuad/{z}/{y}/{x}`],
          tileSize: 256, bounds, ...TILE_ZOOMS },
        names: { type: 'geojson', data: { type: 'FeatureCollection', features: [] } },
      },
      layers: [
        { id: 'background', type: 'background', paint: { 'background-color': BACKGROUND } },
        ...twinLayers(twin, store.get().lang).map((layer) => layer.spec),
      ],
    },
  });
  if (!camera && twin.bounds) {
    map.jumpTo({ ...FIRST_VIEW, zoom: map.getZoom() + CLOSER }); // the bounds were fitted to a flat view
    map.panBy(FIRST_SHIFT_PX, { animate: false }); // what is near takes more room than what is far
  }
  map.addControl(new NavigationControl({ visualizePitch: true }), 'top-right');
  map.addControl(new ScaleControl({ maxWidth: 110 }), 'bottom-right');
  if (twin.attribution) map.addControl(new AttributionControl({ compact: true, customAttribution: asHtml(twin.attribution) }), 'bottom-right');
  return map;
}

// Follows visibility, opacity and language of the layers, and new versions of the twin.
export class LayerTree {
  private readonly extra = new Map<LayerId, { id: string; opacity: Record<string, number> }[]>();

  constructor(private readonly map: GlMap, private readonly twin: Twin) {
    store.on(['layers'], () => this.apply());
    store.on(['lang'], () => this.relabel());
    this.relabel();
  }

  // Layers that others add to the map and that belong to a group too.
  join(group: LayerId, id: string, opacity: Record<string, number>): void {
    this.extra.set(group, [...(this.extra.get(group) ?? []), { id, opacity }]);
  }

  apply(): void {
    const { layers, lang } = store.get();
    const known = twinLayers(this.twin, lang).map((layer) => ({ group: layer.group, id: layer.spec.id, opacity: layer.opacity }));
    for (const group of LAYER_IDS) {
      const view = layers[group];
      const members = [...known.filter((layer) => layer.group === group), ...(this.extra.get(group) ?? [])];
      for (const { id, opacity } of members) {
        if (!this.map.getLayer(id)) continue;
        this.map.setLayoutProperty(id, 'visibility', view.on ? 'visible' : 'none');
        for (const [property, full] of Object.entries(opacity))
          this.map.setPaintProperty(id, property as 'fill-opacity', full * view.opacity);
      }
    }
  }

  refresh(): void {
    (this.map.getSource('twin') as VectorTileSource).setTiles([vectorTiles(this.twin)]);
  }

  // Names on the map, and the words of the library's own controls.
  private relabel(): void {
    for (const [selector, key] of CONTROLS) {
      const control = this.map.getContainer().querySelector(selector);
      control?.setAttribute('aria-label', t(key));
      if (control?.hasAttribute('title')) control.setAttribute('title', t(key));
    }
    for (const { spec } of twinLayers(this.twin, store.get().lang))
      if (spec.type === 'symbol' && this.map.getLayer(spec.id)) this.map.setLayoutProperty(spec.id, 'text-field', spec.layout?.['text-field']);
  }
}

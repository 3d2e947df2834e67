// Flood pictures on the map without flicker. Each picture (a run's layer at a time) lives in a slot: a raster source and
// its layer. A slot is filled while it is transparent and is made visible only when all its tiles are there, in the same
// frame in which the one before becomes transparent. Spare slots load what comes next.
import type { Map as GlMap, RasterTileSource } from 'maplibre-gl';
import { BELOW } from './base';

const SLOTS = 4;
const LAST_ZOOM = 18;
const PATIENCE_MS = 8_000; // then the picture is shown as far as it has come

interface Slot { id: string; url: string; used: number; ready: Promise<void> }

export class WaterFilm {
  private readonly slots: Slot[] = [];
  private shown: Slot | null = null;
  private wanted = '';
  private clock = 0;
  private opacity = 1;

  constructor(private readonly map: GlMap, private readonly bounds: [number, number, number, number]) {}

  // Resolves when the picture is on the map, or when another one was asked for in between.
  async show(url: string): Promise<void> {
    this.wanted = url;
    const slot = this.take(url);
    await slot.ready;
    if (this.wanted !== url || slot.url !== url || this.shown === slot) return;
    this.paint(slot, this.opacity);
    if (this.shown) this.paint(this.shown, 0);
    this.shown = slot;
  }

  prefetch(url: string): void {
    if (url !== this.wanted) this.take(url);
  }

  hide(): void {
    this.wanted = '';
    if (this.shown) this.paint(this.shown, 0);
    this.shown = null;
  }

  setOpacity(opacity: number): void {
    this.opacity = opacity;
    if (this.shown) this.paint(this.shown, opacity);
  }

  // What is on the map now; '' = nothing.
  get picture(): string {
    return this.shown?.url ?? '';
  }

  private paint(slot: Slot, opacity: number): void {
    this.map.setPaintProperty(slot.id, 'raster-opacity', opacity);
  }

  private take(url: string): Slot {
    let slot = this.slots.find((one) => one.url === url);
    if (!slot) {
      slot = this.slots.length < SLOTS ? this.add() : this.oldest();
      slot.url = url;
      (this.map.getSource(slot.id) as RasterTileSource).setTiles([url]);
      slot.ready = this.settled(slot.id, url);
    }
    slot.used = ++this.clock;
    return slot;
  }

  private oldest(): Slot {
    const free = this.slots.filter((slot) => slot !== this.shown && slot.url !== this.wanted);
    return free.reduce((a, b) => (b.used < a.used ? b : a), free[0]);
  }

  private add(): Slot {
    const slot: Slot = { id: `flood-${this.slots.length}`, url: '', used: 0, ready: Promise.resolve() };
    this.map.addSource(slot.id, { type: 'raster', tiles: [], tileSize: 256, bounds: this.bounds, maxzoom: LAST_ZOOM });
    this.map.addLayer({ id: slot.id, type: 'raster', source: slot.id, paint: {
      'raster-opacity': 0, 'raster-opacity-transition': { duration: 0, delay: 0 }, 'raster-resampling': 'nearest', 'raster-fade-duration': 0,
    } }, BELOW);
    this.slots.push(slot);
    return slot;
  }

  private settled(id: string, url: string): Promise<void> {
    const { map } = this;
    return new Promise((resolve) => {
      let frames = 0; // a new address is taken up in the first frame; its tiles are counted from the second on
      const done = () => {
        clearTimeout(timer);
        map.off('render', check);
        map.off('sourcedata', nudge);
        resolve();
      };
      const check = () => {
        const replaced = this.slots.every((slot) => slot.url !== url);
        if (replaced || (++frames > 2 && map.isSourceLoaded(id))) done();
        else if (frames <= 2) map.triggerRepaint();
      };
      const nudge = () => map.triggerRepaint();
      const timer = window.setTimeout(done, PATIENCE_MS);
      map.on('render', check);
      map.on('sourcedata', nudge);
      map.triggerRepaint();
    });
  }
}

// The opened building on the map: one storey in place of its block. Loader and drawing are fetched when they are needed.
import type { Map as GlMap } from 'maplibre-gl';
import type { Twin } from '../api/types';
import { ApiError, ROOT } from '../api/http';
import { closeInside, showStorey } from '../actions/inside';
import { tell, tellError } from '../actions/notice';
import { t } from '../core/i18n';
import { store } from '../core/state';
import type * as Inside from '../inside/inside';
import type { Building, Storey } from '../inside/tileset';
import { collectionOf } from './base';
import { allBut, type LayerFilters } from './filters';

declare const INSIDE_NAME: string; // set by build.mjs

const CUT_M = 2; // above the floor: what is higher is cut off, so that one sees in
type Module = typeof Inside;
export interface Found { collection: string; id: string }

export class InsideView {
  private module: Promise<Module> | null = null;
  private open: { id: string; building: Building; layer: Inside.StoreyLayer } | null = null;
  private shown: number | null = null;
  private work: Promise<void> = Promise.resolve();

  constructor(private readonly map: GlMap, private readonly twin: Twin, private readonly filters: LayerFilters) {
    store.on(['inside'], () => {
      this.work = this.work.then(() => this.follow()).catch((error: unknown) => this.failed(error));
    });
    store.on(['selection'], () => this.open?.layer.choose(store.get().selection?.id ?? null));
  }

  get isOpen(): boolean {
    return this.open !== null;
  }

  // The storey is on the map, with all that it is made of.
  whenShown(): Promise<void> {
    return this.work;
  }

  // What is drawn at a place of the map, of the storey shown.
  async at(point: { x: number; y: number }): Promise<Found | null> {
    const row = await this.open?.layer.pick(point.x, point.y);
    return row ? { collection: collectionOf(this.twin, row.class), id: row.id } : null;
  }

  // The storey that is drawn stays.
  private failed(error: unknown): void {
    const { inside } = store.get();
    if (inside?.drawn != null) showStorey(inside.drawn);
    else closeInside();
    tellError(error);
  }

  // Asked for again after a failure.
  private load(): Promise<Module> {
    this.module ??= (import(new URL(INSIDE_NAME, import.meta.url).href) as Promise<Module>).catch((cause: unknown) => {
      this.module = null;
      throw new ApiError(0, String(cause));
    });
    return this.module;
  }

  private async follow(): Promise<void> {
    const { inside } = store.get();
    if (this.open && this.open.id !== inside?.building) this.close();
    if (!inside) return;
    const module = await this.load();
    if (!this.open) return this.start(module, inside.building);
    const { building, layer } = this.open;
    const storey = building.storeys.find((one) => one.fid === inside.shown);
    if (!storey || this.shown === storey.fid) return;
    const contents = await module.loadStorey(building, storey.fid);
    this.shown = storey.fid;
    layer.show(contents, storey.elevation + Math.min(CUT_M, storey.height) - building.height, this.shift(building, storey));
    layer.choose(store.get().selection?.id ?? null);
    const now = store.get().inside;
    if (now?.building === this.open.id) store.set({ inside: { ...now, drawn: storey.fid } });
  }

  // The map's ground lies at height 0: the ground floor is laid on it, and a storey below the ground too.
  private shift(building: Building, storey: Storey): number {
    const ground = building.storeys.find((one) => one.level >= 0) ?? storey;
    return building.height - Math.min(ground.elevation, storey.elevation);
  }

  private async start(module: Module, id: string): Promise<void> {
    const building = await module.loadBuilding(`${ROOT}/3dtiles/buildings/id:${encodeURIComponent(id)}/`);
    const { inside } = store.get();
    if (inside?.building !== id) return; // closed in the meantime
    if (!building.storeys.length) {
      closeInside();
      tell(t('inside.none'));
      return;
    }
    const layer = new module.StoreyLayer(this.map, building.lngLat);
    this.open = { id, building, layer };
    this.map.addLayer(layer);
    this.filters.set('buildings', 'inside', allBut(id));
    const first = building.storeys.find((one) => one.level >= 0) ?? building.storeys[0];
    store.set({ inside: { building: id, storeys: building.storeys, shown: first.fid, drawn: null } });
  }

  private close(): void {
    this.open = null;
    this.shown = null;
    if (this.map.getLayer('storey')) this.map.removeLayer('storey');
    this.filters.set('buildings', 'inside', null);
  }
}

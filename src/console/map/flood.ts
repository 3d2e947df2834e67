// Keeps the flood picture, its legend and the buildings that the water reached in step with the state.
import type { Map as GlMap } from 'maplibre-gl';
import { api, ROOT } from '../api/http';
import type { ReachedBuilding, Run, Twin } from '../api/types';
import { playedRun, store } from '../core/state';
import { collectionOf } from './base';
import { WORLD } from './map';
import { WaterFilm } from './water';

const TILES = 'tiles/WebMercatorQuad/{z}/{y}/{x}';

function picture(run: Run | null, time: string | null): string {
  const { show, runId, withId } = store.get();
  if (show === 'difference')
    return runId && withId ? `${ROOT}/runs/${runId}/maps/difference/${TILES}?with=${encodeURIComponent(withId)}` : '';
  if (!run || run.status !== 'done') return '';
  if (show !== 'depth') return `${ROOT}/runs/${run.id}/maps/${show}/${TILES}`;
  return time ? `${ROOT}/runs/${run.id}/maps/depth/${TILES}?datetime=${encodeURIComponent(time)}` : '';
}

export class FloodView {
  readonly film: WaterFilm;
  private shown: Promise<void> = Promise.resolve();
  private kind = ''; // what the picture shows but for its time
  private legendOf = '';
  private reached: { run: string; list: ReachedBuilding[] } = { run: '', list: [] };

  constructor(private readonly map: GlMap, private readonly twin: Twin) {
    this.film = new WaterFilm(map, twin.bounds ?? WORLD);
    store.on(['runId', 'withId', 'side', 'show', 'time', 'layers', 'runs'], () => this.apply());
    this.apply();
  }

  // Resolves when the picture asked for last is on the map.
  whenShown(): Promise<void> {
    return this.shown;
  }

  private apply(): void {
    const { layers, time, show, withId } = store.get();
    const run = playedRun();
    const view = layers.flood;
    this.film.setOpacity(view.opacity);
    const kind = `${run?.id}/${show}/${show === 'difference' ? withId : ''}`;
    if (kind !== this.kind) this.film.hide(); // another run or quantity under this legend would be a lie
    this.kind = kind;
    const url = view.on ? picture(run, time) : '';
    if (!url) {
      this.film.hide();
      this.shown = Promise.resolve();
    } else this.shown = this.film.show(url);
    const times = run?.times ?? [];
    const next = times[(times.indexOf(time ?? '') + 1) % (times.length || 1)];
    if (url && show === 'depth' && next) this.film.prefetch(picture(run, next));
    void this.loadLegend(run);
    void this.tintBuildings(run, view.on);
  }

  private async loadLegend(run: Run | null): Promise<void> {
    const { show, withId, runId } = store.get();
    const owner = show === 'difference' ? runId : run?.id ?? null;
    const wanted = `${owner}/${show}/${show === 'difference' ? withId : ''}`;
    if (wanted === this.legendOf) return;
    this.legendOf = wanted;
    if (!owner || (show === 'difference' && !withId)) return store.set({ legend: null });
    try {
      const legend = await api.legend(owner, show, withId);
      if (this.legendOf === wanted) store.set({ legend });
    } catch {
      this.legendOf = ''; // asked again with the next change
    }
  }

  // Buildings take the colour of the water that stands at their wall, from the time it arrived.
  private async tintBuildings(run: Run | null, on: boolean): Promise<void> {
    const source = { source: 'twin', sourceLayer: collectionOf(this.twin, 'building') };
    if (run?.status === 'done' && this.reached.run !== run.id) {
      for (const building of this.reached.list) this.map.removeFeatureState({ ...source, id: building.id }, 'wet_m');
      this.reached = { run: run.id, list: [] };
      try {
        const list = (await api.reached(run.id)).filter((building) => building.max_depth_m > 0);
        if (this.reached.run === run.id) this.reached.list = list;
      } catch {
        return; // the picture of the water says the same
      }
    }
    const { time, show } = store.get();
    for (const building of this.reached.list) {
      const wet = on && show !== 'difference' && run?.id === this.reached.run &&
        (show !== 'depth' || (building.arrival !== null && time !== null && Date.parse(building.arrival) <= Date.parse(time)));
      this.map.setFeatureState({ ...source, id: building.id }, { wet_m: wet ? building.max_depth_m : 0 });
    }
  }
}

// window.cimtwin: what browser tests (and the curious) may ask of the page.
import type { Map as GlMap } from 'maplibre-gl';
import type { FloodView } from '../map/flood';
import type { Found, InsideView } from '../map/inside';
import type { LayerId } from '../map/groups';
import { goTo } from '../actions/player';
import { playedRun, store, type LayerView, type State } from './state';

export interface TestHook {
  ready: boolean; // the first complete picture is drawn
  map: GlMap;
  state(): Readonly<State>;
  device(id: string): unknown;
  setLayer(id: LayerId, view: Partial<LayerView>): void;
  showTime(time: string): Promise<string>; // resolves with the picture's address when it is on the map
  whenIdle(): Promise<void>;
  whenInside(): Promise<void>; // the storey that was asked for is drawn
  insideAt(x: number, y: number): Promise<Found | null>; // what of it lies at a pixel of the map
  picture(): string; // address of the flood picture that is on the map; '' = none
}

declare global {
  interface Window { cimtwin?: TestHook }
}

export function installTestHook(map: GlMap, flood: FloodView, inside: InsideView): void {
  const whenIdle = () => new Promise<void>((resolve) => {
    map.once('idle', () => resolve());
    map.triggerRepaint();
  });
  const hook: TestHook = {
    ready: false,
    map,
    state: () => store.get(),
    device: (id) => store.get().devices.get(id),
    setLayer: (id, view) => {
      const { layers } = store.get();
      store.set({ layers: { ...layers, [id]: { ...layers[id], ...view } } });
    },
    showTime: async (time) => {
      goTo((playedRun()?.times ?? []).indexOf(time));
      await Promise.resolve(); // the store tells its listeners after this turn
      await flood.whenShown();
      await whenIdle();
      return flood.film.picture;
    },
    whenIdle,
    whenInside: async () => {
      await Promise.resolve(); // the store tells its listeners after this turn
      await inside.whenShown();
      await whenIdle();
    },
    insideAt: (x, y) => inside.at({ x, y }),
    picture: () => flood.film.picture,
  };
  window.cimtwin = hook;
  map.once('load', () => {
    hook.ready = true;
  });
}

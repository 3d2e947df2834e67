// The page's start: panels, then the twin, then the map and everything live. The server may come later than the page.
import { api } from './api/http';
import { follow, loadLive } from './actions/live';
import { loadIndoor } from './actions/indoor';
import { followPlayer } from './actions/player';
import { tell, tellError } from './actions/notice';
import { compareRuns, loadRuns, showRun } from './actions/runs';
import { select } from './actions/select';
import { bridge } from './core/bridge';
import { followLanguage, t } from './core/i18n';
import { followKeys } from './core/keys';
import { loadNames } from './core/names';
import { reducedMotion, store } from './core/state';
import { readView, TEST, writeView, type Camera } from './core/url';
import { DevicesView } from './map/devices';
import { FloodView } from './map/flood';
import { LayerFilters } from './map/filters';
import { IndoorView } from './map/indoor';
import { NameLabels } from './map/labels';
import { InsideView } from './map/inside';
import { LayerTree, makeMap } from './map/map';
import { Outline } from './map/outline';
import { followPointer } from './map/pointer';
import { WallsView } from './map/walls';
import type { Twin } from './api/types';
import type { Map as GlMap } from 'maplibre-gl';
import { installTestHook } from './core/test-hook';
import './panels/all';

const RETRY_MS = 2_000;
const ADDRESS_PAUSE_MS = 400;

// Asks until the server answers.
async function insist<T>(ask: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await ask();
    } catch {
      store.set({ link: 'reconnecting' });
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }
}

const cameraOf = (map: GlMap): Camera => {
  const { lng, lat } = map.getCenter();
  return { centre: [lng, lat], zoom: map.getZoom(), bearing: map.getBearing(), pitch: map.getPitch() };
};

function followAddress(map: GlMap): void {
  let timer = 0;
  let written = '';
  const write = () => {
    clearTimeout(timer);
    timer = window.setTimeout(() => {
      written = writeView(cameraOf(map));
      history.replaceState(null, '', location.pathname + written);
    }, ADDRESS_PAUSE_MS);
  };
  map.on('moveend', write);
  store.on(['lang', 'layers', 'runId', 'withId', 'side', 'show', 'time', 'selection'], write);
  addEventListener('hashchange', ({ newURL }) => {
    const { hash } = new URL(newURL); // the address itself may have been written anew since
    if (hash === written) return;
    const { camera } = readView(hash);
    if (camera) map.jumpTo({ center: camera.centre, zoom: camera.zoom, bearing: camera.bearing, pitch: camera.pitch });
    restore(hash).catch(tellError);
  });
}

// The address's view, or the story: the latest finished run, playing.
async function restore(hash: string): Promise<void> {
  const view = readView(hash);
  store.set({ layers: view.layers, ...(view.lang ? { lang: view.lang } : {}) });
  select(view.selection);
  const done = store.get().runs.filter((run) => run.status === 'done');
  const known = (id: string | null) => id !== null && done.some((run) => run.id === id);
  if (known(view.runId) && known(view.withId))
    await compareRuns(view.runId!, view.withId!, { show: view.show, side: view.side, time: view.time });
  else if (known(view.runId)) await showRun(view.runId!, { time: view.time, show: view.show, play: view.time === null && !reducedMotion.matches });
  else if (done[0]) await showRun(done[0].id);
}

function stage(twin: Twin): GlMap {
  const map = makeMap(twin, readView(location.hash).camera, TEST);
  const tree = new LayerTree(map, twin);
  map.once('style.load', () => {
    const flood = new FloodView(map, twin);
    const devices = new DevicesView(map, twin);
    new WallsView(map, tree);
    const filters = new LayerFilters(map);
    new IndoorView(map, filters);
    const outline = new Outline(map);
    store.on(['feature', 'selection'], () => {
      const { feature, selection } = store.get();
      outline.show(feature?.geometry ?? null, selection?.lngLat ?? null);
    });
    tree.apply();
    const inside = new InsideView(map, twin, filters);
    followPointer(map, twin, inside);
    map.once('load', () => followPlayer(() => flood.whenShown())); // the story starts with the first complete picture
    bridge.map = {
      flyTo: (lngLat, zoom = 17) => map.flyTo({ center: lngLat, zoom: Math.max(zoom, map.getZoom()), animate: !reducedMotion.matches && !TEST }),
      centre: () => map.getCenter().toArray() as [number, number],
      placeOf: (device) => devices.place(device),
      resize: () => map.resize(),
    };
    followAddress(map);
    follow(async () => {
      store.set({ twin: await api.twin() });
      tree.refresh();
      await Promise.all([loadNames(), loadIndoor()]);
    });
    new NameLabels(map);
    installTestHook(map, flood, inside);
  });
  return map;
}

followLanguage();
followKeys();
const first = readView(location.hash);
store.set({ layers: first.layers, ...(first.lang ? { lang: first.lang } : {}) });

const twin = await insist(api.twin);
store.set({ twin });
const [scenarios] = await insist(() => Promise.all([api.scenarios(), loadRuns(), loadLive()]));
store.set({ scenarios });
const { hash } = location; // before the map writes its own
try {
  stage(twin);
} catch {
  tell(t('error.webgl'), 'error', true); // lists, alarms and runs work without the map
  follow(async () => store.set({ twin: await api.twin() }));
}
void loadNames().catch(tellError);
void loadIndoor();
await restore(hash).catch(tellError);

// Runs, legends, comparison and pictures of the mock server.
import { COLLECTIONS, depth_m, metres, wallsOf } from './mock-community.mjs';

const both = (en, zh) => ({ en, zh });
const START = Date.parse('2026-07-20T20:00:00Z');
const steps = (scenario) => Array.from({ length: Math.floor(scenario.duration_s / scenario.output_step_s) + 1 },
  (_, i) => new Date(START + i * scenario.output_step_s * 1000).toISOString().replace('.000', ''));

export const SCENARIO = {
  title: both('Cloudburst', '特大暴雨'), engine: 'flood', start: '2026-07-20T20:00:00Z', duration_s: 5400, output_step_s: 600, cell_m: 4, seed: 1, edits: [],
  rain: [[0, 900, 20], [900, 1800, 55], [1800, 2700, 110], [2700, 3600, 70], [3600, 4500, 25]].map(([from_s, to_s, intensity_mm_h]) => ({ from_s, to_s, intensity_mm_h })),
};

export function makeRun(id, scenario, status = 'done') {
  return { id, title: scenario.title, scenario, status, progress: status === 'done' ? 1 : 0, message: null, created: '2026-11-21T06:00:00Z',
    start: scenario.start, end: '2026-07-20T21:30:00Z', times: status === 'done' ? steps(scenario) : [] };
}
export const finish = (run) => Object.assign(run, { status: 'done', progress: 1, times: steps(run.scenario) });

const ramp = (rows) => rows.map(([min, max, color, en, zh]) => ({ min, max, color, label: both(en, zh) }));
const DEPTHS = ramp([[0.03, 0.15, '#b9e3f5', '0.03–0.15 m: wet', '0.03–0.15 米：湿'], [0.15, 0.3, '#7cc4ec', '0.15–0.3 m: ankles', '0.15–0.3 米：脚踝'], [0.3, 0.5, '#3f9fdc', '0.3–0.5 m: cars stop', '0.3–0.5 米：车辆熄火'],
  [0.5, 1, '#1f73bd', '0.5–1 m: dangerous', '0.5–1 米：危险'], [1, 2, '#124c93', '1–2 m: deep', '1–2 米：深'], [2, null, '#3a1d78', 'over 2 m', '2 米以上']]);
const CHANGES = ramp([[null, -0.5, '#1f5fbf', '0.5 m less or more', '减少 0.5 米以上'], [-0.5, -0.15, '#5a9be6', '0.15–0.5 m less', '减少 0.15–0.5 米'], [-0.15, -0.03, '#a9cdf5', '0.03–0.15 m less', '减少 0.03–0.15 米'],
  [0.03, 0.15, '#f7b9a9', '0.03–0.15 m more', '增加 0.03–0.15 米'], [0.15, 0.5, '#ea6a54', '0.15–0.5 m more', '增加 0.15–0.5 米'], [0.5, null, '#b52a1e', '0.5 m more or more', '增加 0.5 米以上']]);
const TITLES = { depth: ['Water depth', '水深'], max_depth: ['Greatest depth', '最大水深'], max_speed: ['Greatest speed', '最大流速'], max_hazard: ['Greatest hazard', '最大危险度'], arrival: ['Arrival', '到达时间'], difference: ['Change of greatest depth', '最大水深变化'] };

export const legend = (layer) => ({ layer, unit: 'm', title: both(...TITLES[layer]), classes: layer === 'difference' ? CHANGES : DEPTHS });
export function classOf(layer, value) {
  return legend(layer).classes.findIndex(({ min, max }) => value >= (min ?? -Infinity) && value < (max ?? Infinity));
}
const rgba = (hex) => [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16)).concat(255);

const part = (run, time) => Math.max(0, run.times.filter((one) => one <= time).length - 1) / (run.times.length - 1);
const most = (run, x, y) => Math.max(...[0.6, 0.7, 0.8, 1].map((moment) => depth_m(x, y, moment, wallsOf(run.scenario))));

export function valueAt(run, layer, place, time, other) {
  const [x, y] = metres(place);
  if (layer === 'depth') return depth_m(x, y, part(run, time), wallsOf(run.scenario));
  if (layer === 'difference') return most(other, x, y) - most(run, x, y);
  return most(run, x, y);
}
export const colourOf = (run, layer, time, other) => {
  const colours = legend(layer).classes.map((one) => rgba(one.color));
  return (lon, lat) => colours[classOf(layer, valueAt(run, layer, [lon, lat], time, other))] ?? null;
};

const middle = (feature) => {
  const ring = feature.geometry.coordinates[0].slice(0, -1).map(metres);
  return [0, 1].map((axis) => ring.reduce((sum, point) => sum + point[axis], 0) / ring.length);
};
const buildings = COLLECTIONS.find((one) => one.id === 'buildings').features;
export const reached = (run) => buildings.map((feature) => {
  const max_depth_m = most(run, ...middle(feature));
  return { id: feature.properties.id, max_depth_m, arrival: max_depth_m >= 0.15 ? run.times[3] : null, residents: feature.properties.residents };
});

// The ground floor takes a tenth of what stands at the wall, the basement fills; the storey above stays dry.
export const rooms = (run) => reached(run).flatMap(({ id, max_depth_m }) => [['Storey 2', '二层', 0, 13], ['Ground floor', '一层', 0.1, 10], ['Basement', '地下室', 1, 7]]
  .map(([name, name_zh, share, floor_m], i) => ({ class: 'storey', id: `${id}-s${i}`, name, name_zh, building: id, floor_m, area_m2: 100, max_depth_m: share * max_depth_m, depth_m: 0, volume_m3: 100 * share * max_depth_m })));

export function compare(base, other) {
  const [a, b] = [reached(base), reached(other)];
  const wet = (list) => list.filter((one) => one.max_depth_m >= 0.15);
  const people = (list) => wet(list).reduce((sum, one) => sum + one.residents, 0);
  const row = (id, en, zh, unit, x, y) => ({ id, title: both(en, zh), unit, base: x, other: y, delta: y - x, better: 'lower' });
  const worst = (list) => Math.max(...list.map((one) => one.max_depth_m));
  return {
    base: base.id, other: other.id,
    indicators: [row('flooded_area_m2', 'Flooded area', '淹没面积', 'm2', 214300, 214300 - 61200 * wallsOf(other.scenario).length),
      row('buildings_reached', 'Buildings reached', '进水建筑', null, wet(a).length, wet(b).length),
      row('residents_reached', 'Residents reached', '受影响居民', '{person}', people(a), people(b)),
      row('max_depth_m', 'Greatest depth', '最大水深', 'm', worst(a), worst(b)), row('roads_closed_m', 'Roads closed', '封闭道路', 'm', 1480, 1730)],
    buildings: a.map((one, i) => ({ id: one.id, name: buildings[i].properties.name, base_depth_m: one.max_depth_m, other_depth_m: b[i].max_depth_m, delta_m: b[i].max_depth_m - one.max_depth_m }))
      .filter((one) => one.delta_m !== 0).sort((x, y) => Math.abs(y.delta_m) - Math.abs(x.delta_m)),
  };
}

// A small made-up community for the mock server: a street grid on a river, blocks, devices, and water that is a plain
// function of place and time, so that a test can say what must be seen where.
export const CENTRE = [121.47, 31.23];
const METRES_X = 111_320 * Math.cos((CENTRE[1] * Math.PI) / 180);
const METRES_Y = 111_320;
const HALF_M = 450;

export const at = (x, y) => [CENTRE[0] + x / METRES_X, CENTRE[1] + y / METRES_Y];
export const metres = ([lon, lat]) => [(lon - CENTRE[0]) * METRES_X, (lat - CENTRE[1]) * METRES_Y];
export const BOUNDS = [...at(-HALF_M, -HALF_M), ...at(HALF_M, HALF_M)];

const box = (x0, y0, x1, y1) => ({ type: 'Polygon', coordinates: [[at(x0, y0), at(x0, y1), at(x1, y1), at(x1, y0), at(x0, y0)]] });
const line = (...points) => ({ type: 'LineString', coordinates: points.map(([x, y]) => at(x, y)) });
const point = (x, y) => ({ type: 'Point', coordinates: at(x, y) });

let fid = 0;
const feature = (id, geometry, properties) => ({ fid: ++fid, geometry, properties: { id, ...properties } });

const USES = ['residential', 'residential', 'residential', 'commercial', 'residential', 'school', 'residential', 'office', 'clinic', 'market', 'kindergarten', 'residential'];
const buildings = [];
for (let col = 0; col < 7; col++)
  for (let row = 0; row < 7; row++) {
    const n = col * 7 + row;
    const [x, y] = [-400 + col * 100, -395 + row * 115];
    const use = USES[(n * 5) % USES.length];
    const tall = use === 'residential' ? 18 + ((n * 37) % 5) * 15 : 12 + (n % 3) * 6;
    buildings.push(feature(`bldg-${n + 1}`, n % 3 ? box(x, y, x + 62, y + 18) : box(x, y, x + 26, y + 58),
      { use, name: `Block ${n + 1}`, name_zh: `${n + 1}号楼`, height_m: tall, storeys_above: Math.round(tall / 3), residents: use === 'residential' ? tall * 5 : 0, year_built: 1998 + (n % 20) }));
  }
const roads = [];
for (let k = 0; k < 8; k++) {
  const kind = k % 3 === 1 ? 'collector' : 'local';
  roads.push(feature(`road-v${k}`, line([-418 + k * 100, -440], [-418 + k * 100, 440]), { kind, width_m: kind === 'collector' ? 14 : 8, name: `Street ${k + 1}`, name_zh: `${k + 1}号街` }));
  roads.push(feature(`road-h${k}`, line([-440, -412 + k * 115], [300, -412 + k * 115]), { kind, width_m: kind === 'collector' ? 14 : 8, name: `Lane ${k + 1}`, name_zh: `${k + 1}号巷` }));
}
const KINDS = [['water_level', 'water_level_m', 'm'], ['smoke_detector', 'smoke', '%'], ['temperature', 'temperature_c', 'Cel'], ['electricity_meter', 'power_kw', 'kW']];
const devices = [];
for (let n = 0; n < 240; n++) {
  const [kind, property, unit] = KINDS[n % KINDS.length];
  devices.push(feature(`dev-${n + 1}`, point(-420 + ((n * 71) % 700), -420 + ((n * 113) % 830)), { kind, property, unit, name: `Device ${n + 1}`, name_zh: `设备${n + 1}`, threshold_red: 5 }));
}
const cells = [];
for (let col = 0; col < 3; col++)
  for (let row = 0; row < 3; row++)
    cells.push(feature(`cell-${col}${row}`, box(-440 + col * 245, -440 + row * 290, -195 + col * 245, -150 + row * 290), { code: `31010100${col}${row}`, households: 120 + col * 20 + row, residents: 380 }));

const both = (en, zh) => ({ en, zh });
const text = (name, en, zh, extra = {}) => ({ name, title: both(en, zh), unit: null, type: 'text', ...extra });
const real = (name, en, zh, unit) => ({ name, title: both(en, zh), unit, type: 'real' });
const codes = (...list) => ({ codes: list.map(([value, en, zh]) => ({ value, title: both(en, zh) })) });
const names = [text('name', 'Name', '名称'), text('name_zh', 'Chinese name', '中文名称')];

const collection = (id, cls, en, zh, geometry, features, attributes) =>
  ({ id, class: cls, title: both(en, zh), geometry, count: features.length, attributes: [...names, ...attributes], features });

export const COLLECTIONS = [
  collection('buildings', 'building', 'Buildings', '建筑', 'MultiPolygon', buildings, [
    text('use', 'Use', '用途', codes(['residential', 'Residential', '住宅'], ['commercial', 'Commercial', '商业'], ['school', 'School', '学校'], ['kindergarten', 'Kindergarten', '幼儿园'], ['clinic', 'Clinic', '诊所'], ['market', 'Market', '市场'], ['office', 'Office', '办公'])),
    real('height_m', 'Height', '高度', 'm'), { ...real('storeys_above', 'Storeys above ground', '地上层数', null), type: 'integer' },
    { ...real('residents', 'Residents', '居民', '{person}'), type: 'integer' }, { ...real('year_built', 'Year built', '建成年份', null), type: 'integer' }]),
  collection('roads', 'road', 'Roads', '道路', 'MultiLineString', roads, [text('kind', 'Kind', '类别', codes(['collector', 'Collector', '次干路'], ['local', 'Local', '支路'])), real('width_m', 'Width', '宽度', 'm')]),
  collection('paths', 'path', 'Paths', '步行道', 'MultiLineString', [feature('path-1', line([-440, -350], [-100, -330], [180, -100], [260, 430]), { kind: 'footway', width_m: 3 })], [text('kind', 'Kind', '类别'), real('width_m', 'Width', '宽度', 'm')]),
  collection('greens', 'green', 'Green', '绿地', 'MultiPolygon', [feature('green-1', box(300, -440, 340, 440), { kind: 'lawn', name: 'River park', name_zh: '滨河公园' })], [text('kind', 'Kind', '类别')]),
  collection('waters', 'water', 'Water', '水体', 'MultiPolygon', [feature('river-1', box(350, -450, 450, 450), { kind: 'river', name: 'East River', name_zh: '东河', level_m: 2.1 })], [text('kind', 'Kind', '类别', codes(['river', 'River', '河流'])), real('level_m', 'Normal level', '常水位', 'm')]),
  collection('drain_nodes', 'drain_node', 'Drain nodes', '排水节点', 'Point', [feature('mh-1', point(-418, -412), { kind: 'manhole', network: 'storm' })], [text('kind', 'Kind', '类别')]),
  collection('drain_links', 'drain_link', 'Drains', '排水管', 'MultiLineString', [feature('pipe-1', line([-418, -412], [340, -412]), { network: 'storm', diameter_m: 0.8 })], [real('diameter_m', 'Diameter', '直径', 'm')]),
  collection('barriers', 'barrier', 'Barriers', '屏障', 'MultiLineString', [feature('dike-1', line([344, -450], [344, 450]), { kind: 'dike', height_m: 1.2 })], [text('kind', 'Kind', '类别', codes(['dike', 'Dike', '堤'])), real('height_m', 'Height', '高度', 'm')]),
  collection('grid_cells', 'grid_cell', 'Grid cells', '网格', 'MultiPolygon', cells, [text('code', 'Code', '编码'), { ...real('households', 'Households', '户数', null), type: 'integer' }]),
  collection('devices', 'device', 'Devices', '设备', 'Point', devices, [
    text('kind', 'Kind', '类别', codes(['water_level', 'Water level gauge', '水位计'], ['smoke_detector', 'Smoke detector', '烟感'], ['temperature', 'Thermometer', '温度计'], ['electricity_meter', 'Electricity meter', '电表'])),
    text('property', 'Observed property', '观测量'), text('unit', 'Unit', '单位'), real('threshold_red', 'Red threshold', '红色阈值', null)]),
  collection('cameras', 'camera', 'Cameras', '摄像机', 'Point', [feature('cam-1', point(-100, 0), { heading_deg: 90 })], [real('heading_deg', 'Heading', '朝向', 'deg')]),
  collection('terrain', 'terrain', 'Terrain', '地形', 'MultiPolygon', [feature('dem-1', box(-450, -450, 450, 450), { kind: 'dem' })], []),
];

export const TWIN = {
  title: both('Riverside (mock)', '滨河社区（模拟）'), crs: 'EPSG:4549', attribution: 'Town & <b>mappers</b>', bounds: BOUNDS, centre: CENTRE, version: 1,
  terrain: { min_m: 1, max_m: 9 }, collections: COLLECTIONS.map(({ features, ...rest }) => rest),
};

// ---- ground and water ------------------------------------------------------------------------------------------------
const inside = (x, y) => Math.abs(x) <= HALF_M && Math.abs(y) <= HALF_M;

export function groundColour(lon, lat) {
  const [x, y] = metres([lon, lat]);
  if (!inside(x, y)) return null;
  const shade = 150 + 40 * Math.sin(x / 60) * Math.cos(y / 90) + 20 * Math.sin((x + y) / 37);
  return [shade, shade * 0.98, shade * 0.88, 255];
}

// Metres of water at a place, `part` (0..1) of the run; each wall keeps the water from the places west of it.
export function depth_m(x, y, part, walls) {
  if (!inside(x, y) || x > 344) return 0;
  const basin = 1.7 * Math.exp(-(((x - 60) / 190) ** 2) - ((y + 60) / 230) ** 2) + 0.5 * Math.exp(-(((x + 260) / 90) ** 2) - ((y - 220) / 110) ** 2);
  const rise = Math.min(1, part * 1.6) * (1 - 0.35 * Math.max(0, part - 0.7));
  const wet = basin * rise - 0.12;
  return Math.max(0, walls.some((wall) => x < wall) ? wet - 0.3 : wet);
}
export const wallsOf = (scenario) => (scenario.edits ?? []).filter((edit) => edit.class === 'barrier')
  .map((edit) => edit.geometry.coordinates.reduce((sum, place) => sum + metres(place)[0], 0) / edit.geometry.coordinates.length);

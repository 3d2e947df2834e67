// Every vector tile of zooms 12 to 18 over the community, decoded by Mapbox's own library: layers, ids, attributes and
// geometry types come out, rings wind as the specification says, coordinates stay inside the buffer.
import {spawn} from 'node:child_process';
import {createRequire} from 'node:module';
import path from 'node:path';
import readline from 'node:readline';

const require = createRequire(path.join(process.env.NODE_PATH ?? '.', 'x.js'));
let VectorTile, Pbf;
try {
  ({VectorTile} = await import(require.resolve('@mapbox/vector-tile')));
  const pbf = await import(require.resolve('pbf'));
  Pbf = pbf.PbfReader ?? pbf.default;
} catch (error) {
  console.log(`skipped: @mapbox/vector-tile is missing (${error.message})`);
  process.exit(77);
}

const server = spawn(process.env.CIMTWIN, ['serve', process.env.TWIN, '--listen', '127.0.0.1:0'], {stdio: ['ignore', 'pipe', 'inherit']});
const first = await new Promise((done) => readline.createInterface({input: server.stdout}).once('line', done));
const url = first.slice(first.lastIndexOf(' ') + 1).replace(/\/$/, '');
const problems = [];
let tiles = 0, features = 0, rings = 0;

function problem(text) {
  if (problems.push(text) <= 20) console.error(text);
}

// Twice the signed area; positive for exterior rings (y runs down).
function signedArea(ring) {
  let sum = 0;
  for (let i = 0; i + 1 < ring.length; i++) sum += ring[i].x * ring[i + 1].y - ring[i + 1].x * ring[i].y;
  return sum;
}

function checkFeature(where, feature, ids) {
  features++;
  const {id} = feature.properties;
  if (typeof id !== 'string' || !id) problem(`${where}: a feature without its text id`);
  if (!Number.isSafeInteger(feature.id) || ids.has(feature.id)) problem(`${where}: ${id} has no number of its own`);
  ids.add(feature.id);
  if ('keeper' in feature.properties) problem(`${where}: a personal attribute`);
  const geometry = feature.loadGeometry();
  if (!geometry.length) problem(`${where}: ${id} has no geometry`);
  geometry.forEach((ring, i) => {
    rings++;
    for (const {x, y} of ring)
      if (x < -64 || y < -64 || x > 4160 || y > 4160) problem(`${where}: ${id} leaves the buffer at ${x} ${y}`);
    if (feature.type !== 3) return;
    const area = signedArea(ring);
    if (area === 0 || (i === 0 && area < 0)) problem(`${where}: ${id} winds wrongly or is flat`);
  });
}

try {
  const json = async (place) => (await fetch(url + place)).json();
  const {collections} = await json('/collections?f=json');
  for (const {id: collection} of collections) {
    const info = await json(`/collections/${collection}/tiles/WebMercatorQuad?f=tilejson`);
    if (!info.bounds) continue;
    const [west, south, east, north] = info.bounds;
    for (let z = 12; z <= 18; z++) {
      const n = 2 ** z, column = (lon) => Math.floor(((lon + 180) / 360) * n);
      const row = (lat) => Math.floor(((1 - Math.asinh(Math.tan((lat * Math.PI) / 180)) / Math.PI) / 2) * n);
      for (let x = column(west); x <= column(east); x++)
        for (let y = row(north); y <= row(south); y++) {
          const answer = await fetch(`${url}/collections/${collection}/tiles/WebMercatorQuad/${z}/${y}/${x}`);
          const where = `${collection} ${z}/${x}/${y}`;
          tiles++;
          if (answer.status === 204) continue;
          if (answer.status !== 200) { problem(`${where}: status ${answer.status}`); continue; }
          const tile = new VectorTile(new Pbf(new Uint8Array(await answer.arrayBuffer())));
          const names = Object.keys(tile.layers);
          if (names.length !== 1 || names[0] !== collection) { problem(`${where}: layers ${names}`); continue; }
          const layer = tile.layers[collection], ids = new Set();
          if (layer.version !== 2 || layer.extent !== 4096) problem(`${where}: version ${layer.version}, extent ${layer.extent}`);
          for (let i = 0; i < layer.length; i++) checkFeature(where, layer.feature(i), ids);
        }
    }
  }
} finally {
  server.kill();
}
console.log(`${tiles} tiles, ${features} features, ${rings} rings, ${problems.length} problems`);
process.exit(problems.length || features < 1000 ? 1 : 0);

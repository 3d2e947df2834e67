// Filters of layers by contributor (src/console/map/filters.ts), on a map that only keeps what it is told.
import assert from 'node:assert';
import path from 'node:path';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { skip } from './browser.mjs';

const console_ = path.join(path.dirname(fileURLToPath(import.meta.url)), '../../src/console');
let esbuild;
try {
  esbuild = createRequire(path.join(console_, 'package.json'))('esbuild');
} catch {
  skip('no esbuild (run npm ci in src/console)');
}
const { text } = (await esbuild.build({ entryPoints: [path.join(console_, 'map/filters.ts')], bundle: true, write: false, format: 'esm' })).outputFiles[0];
const { LayerFilters, allBut } = await import(`data:text/javascript;base64,${Buffer.from(text).toString('base64')}`);

function fakeMap(filters) {
  const told = [];
  return { told, filters,
    getLayer: (id) => (id in filters ? {} : undefined),
    getFilter: (id) => filters[id] ?? undefined,
    setFilter: (id, filter) => {
      told.push(id);
      filters[id] = filter;
    } };
}

const own = ['!=', ['get', 'kind'], 'underground'];
const map = fakeMap({ buildings: null, parking: own });
const filters = new LayerFilters(map);

filters.set('buildings', 'inside', allBut('a'));
assert.deepEqual(map.filters.buildings, allBut('a'));
filters.set('buildings', 'indoor', allBut('b'));
assert.deepEqual(map.filters.buildings, ['all', allBut('b'), allBut('a')], 'both hide their own, in an order that depends on nothing else');
filters.set('buildings', 'inside', allBut('c'));
assert.deepEqual(map.filters.buildings, ['all', allBut('b'), allBut('c')], 'a contributor has one filter');
filters.set('buildings', 'inside', null);
assert.deepEqual(map.filters.buildings, allBut('b'), 'who leaves takes only its own away');
filters.set('buildings', 'indoor', null);
assert.equal(map.filters.buildings, null);

filters.set('parking', 'inside', allBut('a'));
assert.deepEqual(map.filters.parking, ['all', own, allBut('a')], "the layer's own filter stays");
filters.set('parking', 'inside', null);
assert.deepEqual(map.filters.parking, own);

const before = map.told.length;
filters.set('buildings', 'nobody', null);
filters.set('absent', 'inside', allBut('a'));
assert.equal(map.told.length, before, 'the map is told of changes only, and of layers that it has');
console.log('ok   filters by contributor');

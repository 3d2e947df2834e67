// Other people's viewers draw the served 3D tiles: 3d-tiles-renderer (three.js) and CesiumJS, each on a page made here. From
// straight above a building the middle of the picture is its roof: the id that the viewer tells leads to that building.
// The viewers come from npm (tests/browser/clients); without them the test is skipped, and says so.
// Environment: CIMTWIN, TWIN (a community).
import assert from 'node:assert';
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import readline from 'node:readline';
import { spawn, spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { launch, skip } from './browser.mjs';

const { CIMTWIN: cimtwin, TWIN: twin } = process.env;
if (!cimtwin || !twin) skip('CIMTWIN and TWIN name the program and the community');
const here = path.join(path.dirname(fileURLToPath(import.meta.url)), 'clients');
const modules = path.join(here, 'node_modules');
const INSTALL_MS = 240_000;
const PAGE_MS = 240_000;

if (!fs.existsSync(path.join(modules, 'cesium/Build/Cesium/Cesium.js'))) {
  const { status } = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: here, timeout: INSTALL_MS, stdio: 'ignore' });
  if (status !== 0) skip('the viewers are missing, and npm could not fetch them (npm ci in tests/browser/clients)');
}
let esbuild;
try {
  esbuild = createRequire(path.join(here, '../../../src/console/package.json'))('esbuild');
} catch {
  skip('no esbuild (run npm ci in src/console)');
}

const bundle = (await esbuild.build({ entryPoints: [path.join(here, 'three_page.js')], bundle: true, write: false, format: 'esm', logLevel: 'warning' })).outputFiles[0].text;
const pages = {
  '/three.html': '<!doctype html><meta charset="utf-8"><title>three</title><body><script type="module" src="three.js"></script>',
  '/cesium.html': '<!doctype html><meta charset="utf-8"><title>cesium</title><link rel="stylesheet" href="cesium/Widgets/widgets.css">'
    + '<body style="margin:0"><div id="view" style="width:512px;height:512px"></div><script>window.CESIUM_BASE_URL = "/cesium/";</script>'
    + '<script src="cesium/Cesium.js"></script><script src="cesium_page.js"></script>',
  '/three.js': bundle,
  '/cesium_page.js': fs.readFileSync(path.join(here, 'cesium_page.js')),
  '/favicon.ico': '',
};
const TYPES = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.json': 'application/json', '.wasm': 'application/wasm' };
const files = http.createServer((request, answer) => {
  const place = decodeURIComponent(new URL(request.url, 'http://x').pathname);
  const file = path.join(modules, 'cesium/Build/Cesium', place.slice('/cesium/'.length));
  const body = pages[place] ?? (place.startsWith('/cesium/') && !place.includes('..') && fs.existsSync(file) ? fs.readFileSync(file) : null);
  answer.writeHead(body === null ? 404 : 200, { 'content-type': TYPES[path.extname(place)] ?? 'application/octet-stream' });
  answer.end(body);
});
await new Promise((resolve) => files.listen(0, '127.0.0.1', resolve));
const own = `http://127.0.0.1:${files.address().port}`;

const server = spawn(cimtwin, ['serve', twin, '--listen', '127.0.0.1:0'], { stdio: ['ignore', 'pipe', 'ignore'] });
const first = await new Promise((resolve, reject) => {
  readline.createInterface({ input: server.stdout }).once('line', resolve);
  server.once('exit', (code) => reject(new Error(`the server ended with ${code}`)));
});
const url = first.slice(first.lastIndexOf(' ') + 1).replace(/\/$/, '');
const get = async (place) => (await fetch(url + place)).json();

// WGS 84, as tests/unit/geo/ecef_test.c has it.
function earthCentred(lon, lat, height) {
  const [l, f] = [lon, lat].map((degrees) => (degrees * Math.PI) / 180);
  const e2 = 0.0066943799901413165;
  const n = 6378137 / Math.sqrt(1 - e2 * Math.sin(f) ** 2);
  return [(n + height) * Math.cos(f) * Math.cos(l), (n + height) * Math.cos(f) * Math.sin(l), (n * (1 - e2) + height) * Math.sin(f)];
}

// A tall building that is a rectangle, so that its middle lies in it.
async function chosen() {
  const { features } = await get('/collections/buildings/items?limit=1000');
  const [best] = features.filter(({ geometry, properties }) => geometry?.coordinates.flat(1)[0].length === 5 && properties.base_m !== null)
    .sort((a, b) => b.properties.height_m - a.properties.height_m);
  assert(best, 'the community has a rectangular building');
  const ring = best.geometry.coordinates.flat(1)[0].slice(1);
  const [lon, lat] = [0, 1].map((axis) => ring.reduce((sum, point) => sum + point[axis], 0) / 4);
  return { id: best.id, lon, lat, roof: best.properties.base_m + best.properties.height_m };
}

const browser = await launch();
let failed = false;
try {
  const building = await chosen();
  const target = earthCentred(building.lon, building.lat, building.roof);
  const eye = earthCentred(building.lon, building.lat, building.roof + 150);
  const north = earthCentred(building.lon, building.lat + 1e-4, building.roof).map((v, i) => v - target[i]);
  const length = Math.hypot(...north);
  for (const name of ['three', 'cesium']) {
    const context = await browser.newContext({ viewport: { width: 640, height: 640 }, deviceScaleFactor: 1 });
    const page = await context.newPage();
    page.setDefaultTimeout(PAGE_MS);
    const errors = [];
    const outside = [];
    page.on('pageerror', (error) => errors.push(String(error)));
    await page.route('**/*', (route) => {
      const { hostname, protocol, href } = new URL(route.request().url());
      if (hostname === '127.0.0.1' || ['blob:', 'data:'].includes(protocol)) return route.continue();
      outside.push(href);
      return route.abort();
    });
    await page.goto(`${own}/${name}.html`);
    await page.waitForFunction(() => window.client);
    await page.evaluate(async (base) => {
      for (const tileset of ['buildings', 'terrain']) await window.client.add(`${base}/3dtiles/${tileset}/tileset.json`);
    }, url);
    await page.evaluate((places) => window.client.look(...places), [eye, target, north.map((v) => v / length)]);
    const { drawn, visible, problems } = await page.evaluate(() => window.client.draw());
    const found = await page.evaluate(() => window.client.pick());
    assert.deepEqual(problems, [], name);
    assert.deepEqual(errors, [], name);
    assert.deepEqual(outside, [], name);
    assert(visible.every((count) => count > 0), `${name}: tiles of ${visible}`);
    assert(drawn > 0.9, `${name}: ${drawn} of the picture is drawn`);
    assert.equal(found?.id, building.id, `${name}: ${JSON.stringify(found)}`);
    const feature = await get(`/collections/${found.class}s/items/${found.id}`);
    assert.equal(feature.id, building.id);
    console.log(`ok   ${name}: ${visible.join(' and ')} tiles, ${(100 * drawn).toFixed(0)} % drawn, picked ${found.class} ${found.id}`);
    await context.close();
  }
} catch (error) {
  failed = true;
  console.log(`FAIL ${error.stack}`);
} finally {
  await browser.close();
  server.kill();
  files.close();
}
process.exit(failed ? 1 : 0);

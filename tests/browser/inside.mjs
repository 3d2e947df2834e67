// A building opened on the page: its storeys are offered, one at a time is drawn in place of the block, what is clicked is
// found by the server under the number that the tile told, and closing brings the block back.
// Environment: CIMTWIN, TWIN (a community), CONSOLE (the built page).
import assert from 'node:assert';
import fs from 'node:fs';
import { accessibility, launch, openPage, skip } from './browser.mjs';
import { startStack } from './stack.mjs';
import { state, until } from './tools.mjs';

const { CIMTWIN: cimtwin, TWIN: twin, CONSOLE: built } = process.env;
if (!cimtwin || !twin || !built) skip('CIMTWIN, TWIN and CONSOLE name the program, the community and the built page');
if (!fs.existsSync(`${built}/index.html`)) skip(`the page is not built in ${built}`);

const browser = await launch();
const stack = await startStack({ cimtwin, twin, page: built });
let opened;
let failed = false;
try {
  const { features: storeys } = await stack.get('/collections/storeys/items?limit=10000');
  const by = Map.groupBy?.(storeys, (one) => one.properties.building)
    ?? storeys.reduce((map, one) => map.set(one.properties.building, [...(map.get(one.properties.building) ?? []), one]), new Map());
  const [building, own] = [...by].sort((a, b) => b[1].length - a[1].length)[0];
  assert(own.length > 3, 'the community has a building of several storeys');

  opened = await openPage(browser, `${stack.url}/console/#test=1&sel=buildings/${building}`);
  const { page } = opened;
  const chunk = () => page.evaluate(() => performance.getEntriesByType('resource').filter((one) => /\/inside-[0-9a-f]+\.js$/.test(one.name)).length);
  assert.equal(await chunk(), 0, 'the 3D part is not in the first load');
  await page.click('[data-test=open-inside]');
  await until(page, (s) => s.inside?.shown, null, 60_000);
  assert.equal(await chunk(), 1);
  await page.evaluate(() => window.cimtwin.whenInside());
  assert.equal(await page.locator('[data-test=storey] option').count(), own.length);

  const place = async (feature) => {
    const ring = feature.geometry.coordinates.flat(feature.geometry.type === 'MultiPolygon' ? 1 : 0)[0].slice(1);
    return [0, 1].map((axis) => ring.reduce((sum, point) => sum + point[axis], 0) / ring.length);
  };
  const middle = await place(own[0]);
  await page.evaluate(async (centre) => {
    window.cimtwin.map.jumpTo({ center: centre, zoom: 18.5, pitch: 0, bearing: 0 });
    await window.cimtwin.whenIdle();
  }, middle);
  // Straight from above the ground floor lies in the middle; higher ones come nearer but stay there.
  for (const level of [0, 1, own.length > 5 ? 4 : 2]) {
    const wanted = own.find((one) => one.properties.level === level);
    if (!wanted) continue;
    const fid = await state(page, (s, id) => s.inside.storeys.find((one) => one.id === id).fid, wanted.id);
    await page.selectOption('[data-test=storey]', String(fid));
    await until(page, (s, number) => s.inside.shown === number, fid);
    await page.evaluate(() => window.cimtwin.whenInside());
    const box = await page.locator('#map').boundingBox();
    const point = await page.evaluate((lngLat) => window.cimtwin.map.project(lngLat), middle);
    const found = await page.evaluate(({ x, y }) => window.cimtwin.insideAt(x, y), point);
    assert.deepEqual(found, { collection: 'storeys', id: wanted.id }, `level ${level}`);
    await page.mouse.click(box.x + point.x, box.y + point.y);
    await until(page, (s, id) => s.selection?.id === id && s.feature !== null, wanted.id);
    const told = await state(page, (s) => s.feature.properties);
    assert.equal(told.level, level);
    assert.equal(told.building, building);
    await page.waitForSelector('[data-test=card] dd');
  }
  assert.equal(await page.evaluate(() => window.cimtwin.insideAt(3, 3)), null, 'beside the building there is nothing of it');
  assert.deepEqual(await accessibility(page), []);
  const block = () => page.evaluate(async (id) => {
    await window.cimtwin.whenIdle();
    return window.cimtwin.map.queryRenderedFeatures({ layers: ['buildings'] }).filter((one) => one.properties.id === id).length;
  }, building);
  assert.equal(await block(), 0, 'the block is out of the way');
  await page.click('[data-test=storeys] button');
  await until(page, (s) => s.inside === null);
  assert(await block() > 0, 'the block is back');
  assert.deepEqual(opened.errors, []);
  assert.deepEqual(opened.outside, []);
  console.log(`ok   ${own.length} storeys of ${building}`);
} catch (error) {
  failed = true;
  console.log(`FAIL ${error.stack}`);
  await opened?.page.screenshot({ path: 'browser-inside-failed.png' }).catch(() => undefined);
} finally {
  await browser.close();
  await stack.close();
}
process.exit(failed ? 1 : 0);

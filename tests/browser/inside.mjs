// A building opened on the page: its storeys are offered, one at a time is drawn in place of the block, what is clicked is
// found by the server under the number that the tile told, and closing brings the block back.
// Environment: CIMTWIN, TWIN (a community), CONSOLE (the built page).
import assert from 'node:assert';
import fs from 'node:fs';
import { accessibility, keepPicture, launch, openPage, skip } from './browser.mjs';
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

  // By keyboard: up and down, by keys and by buttons; the ends stay where they are.
  const shown = () => state(page, (s) => s.inside.storeys.findIndex((one) => one.fid === s.inside.shown));
  const settled = () => until(page, (s) => s.inside.drawn === s.inside.shown, null, 60_000);
  const from = await shown();
  await page.focus('.maplibregl-canvas');
  await page.keyboard.press('PageUp');
  assert.equal(await shown(), Math.min(from + 1, own.length - 1));
  await settled();
  await page.focus('[data-test=storey-down]');
  for (let i = own.length; i >= 0; i--) await page.keyboard.press('Enter');
  assert.equal(await shown(), 0);
  assert.equal(await page.getAttribute('[data-test=storey-down]', 'aria-disabled'), 'true');
  assert(await page.evaluate(() => document.activeElement.dataset.test === 'storey-down'), 'the keyboard stays on the button');
  await settled();
  const lowest = await page.locator('[data-test=storey] option').last().innerText();
  assert((await page.innerText('ct-storeys [role=status]')).includes(lowest), 'the storey on the map is told');

  // The plan of a storey hides its building's block too: each view takes away its own only.
  const blocks = (...ids) => page.evaluate(async (wanted) => {
    await window.cimtwin.whenIdle();
    const there = new Set(window.cimtwin.map.queryRenderedFeatures({ layers: ['buildings'] }).map((one) => one.properties.id));
    return wanted.map((id) => there.has(id));
  }, ids);
  const plan = async (id) => {
    await page.selectOption('[data-test=indoor-building]', id);
    await until(page, (s, value) => (value ? s.indoor?.building === value && s.indoor.shown !== null && !s.indoor.busy : s.indoor === null), id, 60_000);
  };
  const { buildings } = await stack.get('/indoor');
  let other;
  for (const { id } of buildings)
    if (!other && id !== building && (await stack.get(`/indoor/${id}`)).spaces.some((one) => one.storey)) other = id;
  assert(other, 'the community has a second building with rooms');
  const everything = () => page.evaluate(async (centre) => {
    window.cimtwin.map.jumpTo({ center: centre, zoom: 15, pitch: 0, bearing: 0 });
    await window.cimtwin.whenIdle();
  }, middle);
  await everything();
  assert.deepEqual(await blocks(building, other), [false, true], 'the block is out of the way');
  await plan(other);
  await everything();
  assert.deepEqual(await blocks(building, other), [false, false], 'so are both');
  await plan('');
  assert.deepEqual(await blocks(building, other), [false, true], 'closing the plan brings back its own');
  await plan(other);
  await page.click('[data-test=storeys-close]');
  await until(page, (s) => s.inside === null);
  await everything();
  assert.deepEqual(await blocks(building, other), [true, false], 'closing the storeys brings back theirs');

  // Storeys have their names in the language of the page.
  const named = async (list, wanted) => {
    const texts = await page.locator(`[data-test=${list}] option`).allInnerTexts();
    assert(texts.includes(wanted), `${wanted} among ${texts.slice(0, 3)}`);
  };
  const below = storeys.find((one) => one.properties.building === other && one.properties.level === 0);
  assert(below.properties.name && below.properties.name_zh, 'the community names its storeys in both languages');
  await named('indoor-storey', below.properties.name);
  await page.click('text=中文');
  await named('indoor-storey', below.properties.name_zh);
  assert.deepEqual(await accessibility(page), [], 'in Chinese');
  await page.click('text=English');

  // A room of the plan is found like everything else.
  const room = await state(page, (s) => {
    const whole = s.indoor.shown.features.filter((one) => one.properties.part === 'space');
    const box = ({ geometry }) => geometry.coordinates.flat(geometry.type === 'MultiPolygon' ? 2 : 1);
    const square = whole.find((one) => box(one).length === 5) ?? whole[0];
    const ring = box(square).slice(1);
    return { id: square.properties.id, at: [0, 1].map((axis) => ring.reduce((sum, point) => sum + point[axis], 0) / ring.length) };
  });
  await page.evaluate(async (centre) => {
    window.cimtwin.setLayer('devices', { on: false });
    window.cimtwin.map.jumpTo({ center: centre, zoom: 20, pitch: 0, bearing: 0 });
    await window.cimtwin.whenIdle();
  }, room.at);
  const canvas = await page.locator('#map').boundingBox();
  const spot = await page.evaluate((lngLat) => window.cimtwin.map.project(lngLat), room.at);
  await page.mouse.click(canvas.x + spot.x, canvas.y + spot.y);
  await until(page, (s, id) => s.selection?.id === id && s.feature !== null, room.id);
  assert.equal(await state(page, (s) => s.selection.collection), 'spaces');
  assert.deepEqual(await accessibility(page), []);
  await page.keyboard.press('Escape'); // the card
  await until(page, (s) => s.selection === null && s.indoor !== null);
  await page.keyboard.press('Escape'); // the plan
  await until(page, (s) => s.indoor === null);
  assert.deepEqual(await blocks(other), [true], 'all are back');

  // A slow and broken line: what is loading is told, a storey that does not come leaves the one that is drawn.
  await page.evaluate((id) => (location.hash = `#test=1&sel=buildings/${id}`), building);
  let hold = () => undefined;
  const held = new Promise((resolve) => (hold = resolve));
  await page.route('**/3dtiles/**/tileset.json', async (route) => {
    await held;
    await route.continue();
  });
  await page.waitForSelector('[data-test=open-inside]');
  await page.focus('[data-test=open-inside]');
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => document.querySelector('ct-storeys [role=status]')?.textContent.trim());
  await page.waitForFunction(() => document.activeElement?.dataset.test === 'storeys-close');
  assert.deepEqual(await accessibility(page), [], 'while it loads');
  hold();
  await page.waitForFunction(() => document.querySelector('[data-test=storey]'));
  await settled();
  const kept = await state(page, (s) => s.inside.shown);
  await page.click('text=中文');
  await named('storey', own[0].properties.name_zh);
  await page.click('text=English');
  await page.route('**/3dtiles/**', (route) => route.abort());
  await page.click('[data-test=storey-up]');
  await until(page, (s) => s.notice?.kind === 'error', null, 60_000);
  await until(page, (s, fid) => s.inside?.shown === fid && s.inside.drawn === fid, kept);
  await page.unroute('**/3dtiles/**');
  await page.click('[data-test=storey-up]');
  await settled();
  assert.notEqual(await state(page, (s) => s.inside.drawn), kept, 'it comes when it is asked for again');
  await page.click('[data-test=storeys-close]');
  await page.waitForFunction(() => document.activeElement?.dataset.test === 'open-inside', null, { timeout: 15_000 });
  assert.deepEqual(opened.errors.filter((text) => !text.includes('ERR_FAILED')), []); // but the storey that was held back
  assert.deepEqual(opened.outside, []);
  console.log(`ok   ${own.length} storeys of ${building}`);
} catch (error) {
  failed = true;
  console.log(`FAIL ${error.stack}`);
  await keepPicture(opened?.page, 'inside');
} finally {
  await browser.close();
  await stack.close();
}
process.exit(failed ? 1 : 0);

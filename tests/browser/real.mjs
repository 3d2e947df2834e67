// The page on the real server, broker and device simulator, in the order of the story: the cloudburst is started on the
// page, its water has the colours of its depths, a device's value arrives and outlives the server, a wall is drawn and
// helps, both languages are whole. Environment: CIMTWIN, TWIN (a community), CONSOLE (the built page), DEVSIM.
import assert from 'node:assert';
import fs from 'node:fs';
import { accessibility, keepPicture, launch, openPage, skip } from './browser.mjs';
import { assertLanguage } from './texts.mjs';
import { pixelAt, state, until } from './tools.mjs';
import { startStack } from './stack.mjs';
import { findPlaces, findBehind } from './places.mjs';

const { CIMTWIN: cimtwin, TWIN: twin, CONSOLE: built, DEVSIM: devsim } = process.env;
if (!cimtwin || !twin || !built) skip('CIMTWIN, TWIN and CONSOLE name the program, the community and the built page');
if (!fs.existsSync(`${built}/index.html`)) skip(`the page is not built in ${built}`);
const RUN_MS = 240_000;
const SEEN_MS = 1_000;
const CELL_M = 8; // a fifth of the time of the scenarios' own cells, which tests/scene/wall_test.c runs
const BACKGROUND = '#0b131b';

const browser = await launch();
const stack = await startStack({ cimtwin, twin, page: built, devsim, cellM: CELL_M });
let opened;
let failed = false;
const step = async (name, work) => {
  const started = Date.now();
  const said = await work();
  console.log(`ok   ${name} (${((Date.now() - started) / 1000).toFixed(1)} s)${said ? `: ${said}` : ''}`);
};

// Nothing but the flood picture, flat, so that a pixel is a class of the legend.
const bare = (page, lngLat, zoom) => page.evaluate(async ([centre, level]) => {
  const { map, setLayer, state: read, whenIdle } = window.cimtwin;
  for (const id of Object.keys(read().layers)) setLayer(id, { on: id === 'flood', opacity: 1 });
  map.jumpTo({ center: centre, zoom: level, pitch: 0, bearing: 0 });
  await whenIdle();
}, [lngLat, zoom]);

async function clickLine(page, line) {
  const box = await page.locator('#map').boundingBox();
  for (const lngLat of line) {
    const point = await page.evaluate((place) => window.cimtwin.map.project(place), lngLat);
    await page.mouse.click(box.x + point.x, box.y + point.y);
  }
}

try {
  opened = await openPage(browser, `${stack.url}/console/#test=1`);
  const { page } = opened;
  const { scenarios } = await stack.get('/scenarios');
  const plain = scenarios.findIndex((one) => !one.edits?.length);
  const walled = scenarios.find((one) => one.edits?.some((edit) => edit.class === 'barrier'));
  assert(plain >= 0 && walled, 'the community brings a cloudburst, and one with a wall');
  let base;

  await step('the cloudburst runs from the page', async () => {
    if (scenarios.length > 1) await page.selectOption('ct-runs select', { index: plain });
    await page.click('[data-test=start]');
    await page.waitForSelector('ct-runs progress');
    await until(page, (s) => s.runs.some((run) => run.status === 'running' && run.progress > 0), null, RUN_MS);
    await until(page, (s) => s.runId !== null && s.time !== null, null, RUN_MS);
    base = await stack.get(`/runs/${await state(page, (s) => s.runId)}`);
    assert.equal(base.status, 'done');
    return `${base.times.length} stored times`;
  });

  await step('the water has the colour of its depth', async () => {
    const { classes } = await stack.get(`/runs/${base.id}/maps/depth/legend`);
    const times = [0.3, 0.5, 1].map((part) => base.times[Math.round(part * (base.times.length - 1))]);
    const places = await findPlaces(stack, base, times, classes);
    for (const time of times)
      for (const { lngLat, found } of places) {
        await bare(page, lngLat, 17.5);
        const picture = await page.evaluate((one) => window.cimtwin.showTime(one), time);
        assert(picture.includes(encodeURIComponent(time)), picture);
        const expected = found[time] === null ? BACKGROUND : classes[found[time]].color;
        assert.equal(await pixelAt(page, lngLat), expected, `${time} at ${lngLat}`);
      }
    return `${times.length} times, ${places.length} places, classes ${[...new Set(places.flatMap((one) => Object.values(one.found)))].sort().join(' ')}`;
  });

  await step('a published value is on the page within a second, and after a restart', async () => {
    if (stack.simulated) {
      await until(page, (s) => s.health.ok > 0, null, 60_000);
      await stack.stopSimulator(); // so that the values below are the last ones
    }
    const { devices } = await stack.get('/live/devices');
    const device = devices.find((one) => one.kind === 'temperature') ?? devices[0];
    await page.evaluate((id) => { window.location.hash = `#test=1&sel=devices/${id}`; }, device.id);
    await page.waitForSelector('[data-test=device-value]');
    // The page itself notes when it shows a value; a single hiccup of a busy machine is not the system's.
    await page.evaluate(() => {
      window.seenAt = {};
      const note = () => { window.seenAt[document.querySelector('[data-test=device-value]')?.textContent] ??= Date.now(); };
      new MutationObserver(note).observe(document.querySelector('ct-card'), { childList: true, subtree: true, characterData: true });
    });
    const delays = [];
    for (const value of [1.23, 2.34, 3.21, 4.32, 5.43]) {
      stack.publish(device.id, value);
      const published = Date.now();
      await page.waitForFunction((text) => window.seenAt[text], String(value));
      delays.push(Math.max(0, await page.evaluate((text) => window.seenAt[text], String(value)) - published));
    }
    const median = delays.sort((a, b) => a - b)[2];
    assert(median < SEEN_MS, `it took ${delays.join(', ')} ms`);
    await stack.restart();
    await until(page, (s) => s.link === 'live', null, 30_000);
    assert.equal((await stack.get(`/live/devices/${device.id}`)).value, 5.43);
    const again = await openPage(browser, `${stack.url}/console/#test=1&sel=devices/${device.id}`);
    await again.page.waitForFunction(() => document.querySelector('[data-test=device-value]')?.textContent === '5.43');
    await again.close();
    return `after ${delays.join(', ')} ms`;
  });

  await step('a wall drawn on the page lowers the water behind it', async () => {
    const wall = walled.edits.find((edit) => edit.class === 'barrier');
    const line = wall.geometry.coordinates.map(([lon, lat]) => [lon, lat]);
    const middle = [0, 1].map((axis) => line.reduce((sum, place) => sum + place[axis], 0) / line.length);
    await page.evaluate(() => { window.location.hash = '#'; });
    await until(page, (s, id) => s.runId === id && s.selection === null, base.id);
    await bare(page, middle, 17);
    await page.click('[data-test=wall]');
    await clickLine(page, line);
    await page.keyboard.press('Enter');
    await page.fill('[data-test=wall-height]', String(Math.max(1, wall.properties.height_m)));
    await page.click('[data-test=wall-run]');
    await until(page, (s) => s.comparison !== null, null, RUN_MS);
    const other = await state(page, (s) => s.withId);
    assert.equal(await state(page, (s) => s.show), 'difference');
    const better = await page.locator('[data-indicator] .better').count();
    assert(better > 0, `an indicator is lower: ${await page.locator('[data-test=comparison]').innerText()}`);
    const sheltered = (await state(page, (s) => s.comparison.buildings)).find((one) => /kindergarten/i.test(one.name ?? ''));
    assert(sheltered?.delta_m < -0.05, `the kindergarten behind the wall: ${JSON.stringify(sheltered)}`);
    const behind = await findBehind(stack, base.id, other, line);
    await bare(page, behind.lngLat, 17.5);
    const { classes } = await stack.get(`/runs/${base.id}/maps/difference/legend?with=${other}`);
    assert((classes[behind.index].max ?? 1) <= 0, 'less water behind the wall');
    assert.equal(await pixelAt(page, behind.lngLat), classes[behind.index].color);
    return `${better} indicators better, ${sheltered.delta_m.toFixed(2)} m at the kindergarten, ${behind.value.toFixed(2)} m behind the wall`;
  });

  await step('both languages are whole, nothing bars the way', async () => {
    const names = [...new Set([(await stack.get('/twin')).title, ...(await state(page, (s) => s.comparison.buildings.map((one) => one.name))).filter(Boolean)])];
    for (const lang of ['zh', 'en']) {
      await page.click(`.segments [lang=${lang === 'zh' ? 'zh-CN' : 'en'}]`);
      await page.waitForTimeout(200);
      await assertLanguage(page, lang, names);
    }
    assert.deepEqual(await accessibility(page), []);
  });

  assert.deepEqual(opened.errors.filter((text) => !/live\/events|ERR_CONNECTION_REFUSED|ERR_INCOMPLETE/.test(text)), []); // the restart is seen
  assert.deepEqual(opened.outside, []);
} catch (error) {
  failed = true;
  console.log(`FAIL ${error.stack}`);
  await keepPicture(opened?.page, 'real');
} finally {
  await browser.close();
  await stack.close();
}
process.exit(failed ? 1 : 0);

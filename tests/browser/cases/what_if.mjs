// Runs and the wall: progress, cancel, the posted edit, and the comparison that follows.
import assert from 'node:assert';
import { depth_m, metres, wallsOf } from '../mock-community.mjs';
import { bareWater, coloursAt, state, until, windowPoint } from '../tools.mjs';

export default {
  async run_starts_shows_progress_and_plays({ open, mock }) {
    mock.runs.length = 0;
    mock.pace.tickMs = 600; // slow enough to be seen on a busy machine
    const page = await open();
    assert.equal(await state(page, (s) => s.runId), null);
    await page.click('[data-test=start]');
    await page.waitForSelector('ct-runs progress');
    await page.waitForFunction(() => document.querySelector('ct-runs progress')?.value > 20);
    await until(page, (s) => s.runId !== null && s.runs[0].status === 'done');
    assert.equal(mock.posts[0].title.en, 'Cloudburst');
    assert.equal(await page.locator('ct-runs progress').count(), 0);
  },

  async run_is_cancelled({ open, mock }) {
    mock.pace.tickMs = 2_000; // it must not end by itself first
    const page = await open();
    await page.click('[data-test=start]');
    await page.waitForSelector('ct-runs progress');
    await page.click('.run:has(progress) .run-tools button:last-child');
    await page.waitForSelector('.status-cancelled');
    assert.equal(mock.runs[0].status, 'cancelled');
    // Removing is asked first.
    const row = `[data-run="${mock.runs[0].id}"]`;
    const count = mock.runs.length;
    await page.click(`${row} .run-tools button:last-child`);
    await page.click(`${row} [data-test=keep]`);
    await page.waitForSelector('[data-test=keep]', { state: 'detached' });
    assert.equal(mock.runs.length, count);
    await page.click(`${row} .run-tools button:last-child`);
    await page.click(`${row} [data-test=remove]`);
    await page.waitForSelector(row, { state: 'detached' });
    assert.equal(mock.runs.length, count - 1);
  },

  async wall_is_drawn_tried_and_compared({ open, mock }) {
    const page = await open();
    await page.evaluate(() => { window.cimtwin.map.jumpTo({ zoom: 15.6, pitch: 0, bearing: 0 }); return window.cimtwin.whenIdle(); });
    await page.click('[data-test=wall]');
    const line = [[60, -200], [60, 0], [60, 150]];
    for (const place of line) await page.mouse.click(...(await windowPoint(page, place)));
    await page.keyboard.press('Backspace');
    assert.equal(await state(page, (s) => s.wall.points.length), 2);
    await page.mouse.click(...(await windowPoint(page, line[2])));
    await page.keyboard.press('Enter');
    await page.fill('[data-test=wall-height]', '2.4');
    await page.click('[data-test=wall-run]');
    await page.waitForSelector('[data-indicator=flooded_area_m2]');

    const [posted] = mock.posts;
    const { id, ...edit } = posted.edits[0];
    assert.match(id, /^wall-[0-9a-f]{8}$/);
    assert.deepEqual({ op: edit.op, class: edit.class, type: edit.geometry.type, properties: edit.properties },
      { op: 'add', class: 'barrier', type: 'LineString', properties: { kind: 'wall', height_m: 2.4 } });
    edit.geometry.coordinates.map(metres).forEach(([x, y], i) => assert(Math.hypot(x - line[i][0], y - line[i][1]) < 4, `point ${i}: ${x}, ${y}`));
    assert.equal(posted.rain.length, 5, 'the rest of the scenario is kept');

    assert.equal(await state(page, (s) => s.show), 'difference');
    const row = await page.locator('[data-indicator=flooded_area_m2]').innerText();
    assert.match(row, /−61,200/);
    assert.match(await page.locator('[data-indicator=flooded_area_m2] .delta').getAttribute('class'), /better/);
    assert.match(await page.locator('[data-indicator=roads_closed_m] .delta').getAttribute('class'), /worse/);
    await bareWater(page);
    assert(depth_m(-40, -60, 0.7, []) > depth_m(-40, -60, 0.7, wallsOf(posted)));
    const [behind, before] = await coloursAt(page, [[-40, -60], [150, -60]]);
    assert.equal(behind, '#5a9be6', 'less water behind the wall is blue');
    assert.equal(before, '#0b131b', 'no change before it');
    await page.click('text=After');
    await until(page, (s) => s.side === 'other' && s.show === 'depth' && s.withId !== null);
    await page.click('.sides .tool');
    assert.equal(await state(page, (s) => s.withId), null);
  },

  async wall_without_a_mouse({ open, mock }) {
    const page = await open();
    await page.focus('[data-test=wall]');
    await page.keyboard.press('Enter');
    const add = page.getByRole('button', { name: 'Point at the cross' });
    await add.focus();
    await page.keyboard.press('Enter');
    await page.focus('.maplibregl-canvas');
    const from = await page.evaluate(() => window.cimtwin.map.getCenter().lat);
    await page.keyboard.press('ArrowUp');
    await page.waitForFunction((lat) => window.cimtwin.map.getCenter().lat !== lat && !window.cimtwin.map.isMoving(), from);
    await add.focus();
    await page.keyboard.press('Enter');
    await page.focus('[data-test=wall-finish]');
    await page.keyboard.press('Enter');
    await page.focus('[data-test=wall-height]');
    await page.keyboard.press('Enter');
    await until(page, (s) => s.withId !== null);
    assert.equal(mock.posts[0].edits[0].geometry.coordinates.length, 2);
    await page.click('[data-test=wall]');
    await page.keyboard.press('Escape');
    assert.equal(await state(page, (s) => s.wall), null);
  },
};

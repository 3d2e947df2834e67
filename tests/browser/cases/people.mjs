// For people: both languages complete, no barrier for keyboards and screen readers, a link that brings the view back.
import assert from 'node:assert';
import { accessibility } from '../browser.mjs';
import { assertLanguage } from '../texts.mjs';
import { state, until } from '../tools.mjs';

// Opens every panel: a device's card, the comparison, the wall tool, the help.
async function openEverything(page, mock) {
  const other = { ...structuredClone(mock.runs[0]), id: 'ffff0000' };
  other.scenario.edits = [{ op: 'add', class: 'barrier', id: 'wall-1', geometry: { type: 'LineString', coordinates: [[121.47, 31.229], [121.47, 31.231]] }, properties: { kind: 'wall', height_m: 2 } }];
  mock.runs.push(other);
  mock.publish('run', other);
  await page.click('[data-run=ffff0000] .tool[aria-pressed]');
  await page.waitForSelector('[data-indicator]');
  for (const summary of await page.locator('.legend-body summary').all()) await summary.click();
}

export default {
  async both_languages_are_complete({ open, mock }) {
    for (const lang of ['zh', 'en']) {
      const page = await open(`#sel=devices/dev-8&lang=${lang}`);
      await openEverything(page, mock);
      await page.waitForSelector('[data-test=device-value]');
      mock.runs.splice(1);
      await assertLanguage(page, lang);
      const label = JSON.stringify(await page.evaluate(() => window.cimtwin.map.getLayoutProperty('building-labels', 'text-field')));
      assert.equal(label.includes('name_zh'), lang === 'zh');
    }
  },

  async default_language_is_the_browsers({ open }) {
    const page = await open('', { locale: 'zh-CN' });
    assert.equal(await page.getAttribute('html', 'lang'), 'zh-CN');
    await page.click('text=English');
    await page.waitForSelector('text=Open alarms');
  },

  async no_barriers({ open, mock }) {
    const page = await open('#sel=devices/dev-8');
    assert.deepEqual(await accessibility(page), [], 'first view');
    await openEverything(page, mock);
    assert.deepEqual(await accessibility(page), [], 'comparison');
    await page.click('[data-test=wall]');
    assert.deepEqual(await accessibility(page), [], 'wall tool');
    await page.keyboard.press('Escape');
    await page.click('[aria-label="Keyboard shortcuts"]');
    assert.deepEqual(await accessibility(page), [], 'help');
    await page.keyboard.press('Escape');
    await page.setViewportSize({ width: 600, height: 900 });
    assert.deepEqual(await accessibility(page), [], 'narrow');
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    assert(wide <= 600, `no sideways scrolling: ${wide}`);
  },

  async keyboard_plays_and_steps({ open }) {
    const page = await open();
    assert.equal(await state(page, (s) => s.playing), false, 'reduced motion does not play by itself');
    await page.keyboard.press('Space');
    await until(page, (s) => s.playing);
    await page.keyboard.press('Space');
    await until(page, (s) => !s.playing);
    const step = (s) => s.runs.find((run) => run.id === s.runId).times.indexOf(s.time);
    const before = await state(page, step);
    await page.keyboard.press('ArrowRight');
    assert.equal(await state(page, step), before + 1);
    await page.keyboard.press('ArrowLeft');
    assert.equal(await state(page, step), before);
    await page.focus('[data-test=slider]');
    await page.keyboard.press('End');
    assert.equal(await state(page, step), 9);
    assert.match(await page.getAttribute('[data-test=slider]', 'aria-valuetext'), /^\d\d:\d\d$/);
    await page.focus('input[data-layer=roads]');
    await page.keyboard.press('Space');
    assert.equal(await state(page, (s) => s.layers.roads.on), false);
    assert.equal(await state(page, (s) => s.playing), false, 'Space on a control is the control\'s');
  },

  async link_brings_the_view_back({ open, mock }) {
    const first = await open();
    await first.evaluate(async () => {
      const { map, setLayer, showTime, state } = window.cimtwin;
      setLayer('roads', { on: false });
      setLayer('flood', { opacity: 0.5 });
      map.jumpTo({ center: [121.4712, 31.2311], zoom: 16.25, pitch: 40, bearing: 15 });
      await showTime(state().runs[0].times[4]);
    });
    await first.click('text=中文');
    await first.waitForFunction(() => /lang=zh/.test(location.hash));
    await first.evaluate(() => { window.location.hash += '&sel=buildings/bldg-3'; });
    await first.waitForSelector('[data-test=card] dd');
    await first.waitForFunction(() => /sel=buildings/.test(location.hash) && /lang=zh/.test(location.hash) && /t=/.test(location.hash));
    const second = await open(await first.evaluate(() => location.hash), { locale: 'en-GB' });
    await second.waitForSelector('[data-test=card] dd');
    const read = (page) => page.evaluate(() => {
      const { map, state } = window.cimtwin;
      const { lang, layers, runId, time, selection } = state();
      return { lang, roads: layers.roads, flood: layers.flood, runId, time, selected: selection.id, zoom: map.getZoom().toFixed(2), pitch: map.getPitch().toFixed(1),
        bearing: map.getBearing().toFixed(1), centre: map.getCenter().toArray().map((degrees) => degrees.toFixed(5)) };
    });
    const [a, b] = [await read(first), await read(second)];
    assert.deepEqual(b, a);
    assert.equal(b.time, mock.runs[0].times[4]);
    assert.equal(b.lang, 'zh');
  },
};

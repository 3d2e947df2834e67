// What the map draws: every layer from its tiles, the water's colours, the card of what is clicked.
import assert from 'node:assert';
import { classOf, legend, valueAt } from '../mock-results.mjs';
import { at } from '../mock-community.mjs';
import { bareWater, coloursAt, state, until, windowPoint } from '../tools.mjs';

const PLACES = [[60, -60], [150, 60], [-90, -150], [-260, 220], [400, 0]];

export default {
  async layers_are_drawn({ open }) {
    const page = await open();
    await page.evaluate(async () => {
      const { map, setLayer, whenIdle } = window.cimtwin;
      for (const id of ['drains', 'grid', 'cameras']) setLayer(id, { on: true });
      map.jumpTo({ zoom: 15.4, pitch: 0, bearing: 0 });
      await whenIdle();
    });
    const counts = await page.evaluate(() => Object.fromEntries(['buildings', 'roads', 'paths', 'green', 'water', 'drain-links', 'drain-nodes', 'barriers', 'grid', 'devices', 'cameras', 'building-labels']
      .map((id) => [id, new Set(window.cimtwin.map.queryRenderedFeatures({ layers: [id] }).map((one) => one.properties.id)).size])));
    for (const [id, count] of Object.entries(counts)) if (id !== 'building-labels') assert(count > 0, `layer ${id} draws nothing`);
    assert.equal(counts.buildings, 49);
    assert(counts.devices > 200, `devices drawn: ${counts.devices}`);
  },

  async owners_of_the_data_are_told({ open }) {
    const page = await open();
    const told = page.locator('.maplibregl-ctrl-attrib-inner');
    assert.equal(await told.textContent(), 'Town & <b>mappers</b>', 'as text, not as HTML');
    const button = page.locator('.maplibregl-ctrl-attrib-button');
    const wasShown = await told.isVisible();
    await button.click();
    assert.equal(await told.isVisible(), !wasShown);
  },

  async opens_on_the_story_playing({ open }) {
    const page = await open('', { reducedMotion: 'no-preference' });
    await until(page, (s) => s.playing && s.runId !== null);
    const first = await state(page, (s) => s.time);
    await until(page, (s, time) => s.time !== time, first);
    assert.equal(await page.locator('[data-test=legend] li').count(), 6);
    await page.click('[data-test=play]');
    assert.equal(await state(page, (s) => s.playing), false);
  },

  async water_has_the_colour_of_its_depth({ open, mock }) {
    const page = await open();
    await bareWater(page);
    const [run] = mock.runs;
    let wet = 0;
    for (const index of [2, 5, 9]) {
      const url = await page.evaluate((time) => window.cimtwin.showTime(time), run.times[index]);
      assert(url.includes(encodeURIComponent(run.times[index])), url);
      const colours = await coloursAt(page, PLACES);
      PLACES.forEach((place, i) => {
        const found = classOf('depth', valueAt(run, 'depth', at(...place), run.times[index]));
        wet += found >= 0;
        assert.equal(colours[i], found < 0 ? '#0b131b' : legend('depth').classes[found].color, `step ${index}, place ${place}`);
      });
    }
    assert(wet > 5, `wet samples: ${wet}`);
  },

  async card_tells_of_the_building_and_the_water({ open }) {
    const page = await open();
    await page.evaluate(() => window.cimtwin.showTime(window.cimtwin.state().runs[0].times[5]));
    await page.evaluate(() => { window.cimtwin.map.jumpTo({ zoom: 16, pitch: 0, bearing: 0 }); return window.cimtwin.whenIdle(); });
    await page.mouse.click(...(await windowPoint(page, [10, -40])));
    await page.waitForSelector('[data-test=card] dd');
    const text = await page.locator('[data-test=card]').innerText();
    for (const word of ['Buildings', 'Use', 'Height', 'Water depth here']) assert(text.includes(word), `card lacks "${word}": ${text}`);
    await page.waitForSelector('[data-test=depth-here]');
    assert.match(await page.locator('[data-test=depth-here]').innerText(), /\d\.\d\d\s*m/);
    assert((await page.locator('[data-test=card] canvas').count()) > 0, 'chart of the depth');
    await page.waitForSelector('[data-test=rooms] dd');
    const rooms = await page.locator('[data-test=rooms] dt').allInnerTexts();
    assert.deepEqual(rooms, ['Ground floor', 'Basement'], 'the wet storeys, from above');
    assert.match(await page.locator('[data-test=rooms] dd').last().innerText(), /^\d\.\d\d\s*m\s+\d+\s*m³ at the end$/);
    await page.click('text=中文');
    await page.waitForFunction(() => /地下室/.test(document.querySelector('[data-test=rooms]').innerText));
    await page.waitForFunction(() => /用途/.test(document.querySelector('[data-test=card]').innerText));
    await page.keyboard.press('Escape');
    assert.equal(await page.locator('[data-test=card]').count(), 0);
  },
};

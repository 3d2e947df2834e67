// The inside of a building: its storeys, rooms by compartment or use, doors and links; and back.
import assert from 'node:assert';
import { until } from '../tools.mjs';

const drawn = (page) => page.evaluate(async () => {
  const { map, whenIdle } = window.cimtwin;
  map.jumpTo({ pitch: 0, bearing: 0, zoom: 18 });
  await whenIdle();
  const ids = (layer) => map.queryRenderedFeatures({ layers: [layer] }).map((one) => one.properties.id ?? one.properties.part);
  return { rooms: [...new Set(ids('indoor-rooms'))].sort(), openings: ids('indoor-openings').length, links: ids('indoor-links').length,
    filter: map.getFilter('buildings') ?? null, colour: JSON.stringify(map.getPaintProperty('indoor-rooms', 'fill-color')) };
});

export default {
  async the_inside_is_drawn_by_storey({ open, mock }) {
    const page = await open();
    await page.waitForSelector('[data-test=indoor-building]');
    await page.selectOption('[data-test=indoor-building]', { index: 1 });
    await until(page, (s) => s.indoor?.storey === 's0' && !s.indoor.busy);
    const ground = await drawn(page);
    assert.deepEqual(ground.rooms, ['hall', 'office']);
    assert(ground.openings >= 2 && ground.links >= 1, JSON.stringify(ground));
    assert(ground.filter, 'the body of the building stays in the way');
    assert.deepEqual(await page.locator('[data-test=indoor-storey] option').allInnerTexts(), ['Level 1', 'E0']); // the roof has no rooms
    assert((await page.locator('ct-indoor [role=status]').innerText()).includes('1'));
    await page.selectOption('[data-test=indoor-storey]', 's1');
    await until(page, (s) => s.indoor?.storey === 's1');
    assert.deepEqual((await drawn(page)).rooms, ['class', 'store']);
    await page.selectOption('[data-test=indoor-colour]', 'use');
    await until(page, (s) => s.indoor?.colourBy === 'use');
    const byUse = await drawn(page);
    assert(byUse.colour.includes('corridor') && !ground.colour.includes('corridor'), byUse.colour);
    await page.click('[data-test=indoor-close]');
    await until(page, (s) => s.indoor === null);
    const closed = await drawn(page);
    assert.deepEqual([closed.rooms, closed.filter], [[], null]);
    assert.equal(mock.requests.filter((line) => line.includes('/features?storey=s1')).length, 1);
  },
};

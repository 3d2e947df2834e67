// Small helpers of the cases: pixels, places and waiting.
import { at } from './mock-community.mjs';

// One look at the page's own state, through a function of (state, argument). The page's policy forbids eval in the page;
// a function sent by the browser driver is not bound by it.
export const state = (page, pick, argument) => page.evaluate(`(${pick})(window.cimtwin.state(), ${JSON.stringify(argument)})`);

// Waits until the state satisfies a condition.
export async function until(page, condition, argument, timeoutMs = 15_000) {
  const end = Date.now() + timeoutMs;
  while (!(await state(page, condition, argument))) {
    if (Date.now() > end) throw new Error(`in ${timeoutMs} ms never came true: ${condition}`);
    await page.waitForTimeout(40);
  }
}

// A flat, north-up view with nothing but the flood picture, so that a pixel is a class of the legend.
export async function bareWater(page) {
  await page.evaluate(async ([centre]) => {
    const { map, setLayer, state } = window.cimtwin;
    for (const id of Object.keys(state().layers)) setLayer(id, { on: id === 'flood', opacity: 1 });
    map.jumpTo({ center: centre, zoom: 15.5, pitch: 0, bearing: 0 });
    await window.cimtwin.whenIdle();
  }, [at(0, 0)]);
}

// Colours (#rrggbb) of the map's canvas at places (longitude, latitude).
const pixels = (page, places) => page.evaluate((points) => {
  const { map } = window.cimtwin;
  const canvas = map.getCanvas();
  const copy = document.createElement('canvas');
  [copy.width, copy.height] = [canvas.width, canvas.height];
  const context = copy.getContext('2d');
  context.drawImage(canvas, 0, 0);
  return points.map((lngLat) => {
    const { x, y } = map.project(lngLat);
    const [r, g, b] = context.getImageData(Math.round(x), Math.round(y), 1, 1).data;
    return `#${[r, g, b].map((part) => part.toString(16).padStart(2, '0')).join('')}`;
  });
}, places);
export const pixelAt = async (page, lngLat) => (await pixels(page, [lngLat]))[0];
export const coloursAt = (page, places) => pixels(page, places.map(([x, y]) => at(x, y))); // metres from the centre

// Where a place (metres) is in the window.
export async function windowPoint(page, [x, y]) {
  const box = await page.locator('#map').boundingBox();
  const point = await page.evaluate((lngLat) => window.cimtwin.map.project(lngLat), at(x, y));
  return [box.x + point.x, box.y + point.y];
}

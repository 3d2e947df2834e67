// The README's picture: the page on the real server with the simulator, both sample runs done, the one with a wall shown
// fifty minutes after its rain begins. Environment as real.mjs; the first argument names the file.
import { launch, openPage } from './browser.mjs';
import { startStack } from './stack.mjs';
import { state, until } from './tools.mjs';

const { CIMTWIN: cimtwin, TWIN: twin, CONSOLE: built, DEVSIM: devsim } = process.env;
const RUN_MS = 900_000;
const SHOWN_S = 3_000;

const browser = await launch();
const stack = await startStack({ cimtwin, twin, page: built, devsim });
try {
  const { page } = await openPage(browser, `${stack.url}/console/#test=1`, { viewport: { width: 1920, height: 1080 } });
  const { scenarios } = await stack.get('/scenarios');
  const walls = (one) => one.edits?.length ?? 0;
  const order = scenarios.map((one, index) => ({ index, walls: walls(one) })).sort((a, b) => a.walls - b.walls);
  for (const [n, { index }] of order.entries()) { // the page shows each when it is done
    await page.selectOption('ct-runs select', { index });
    await page.click('[data-test=start]');
    await until(page, (s, done) => s.runId !== null && s.time !== null && s.runs.filter((run) => run.status === 'done').length > done, n, RUN_MS);
  }
  const ran = await state(page, (s) => s.runId);
  const { times } = await stack.get(`/runs/${ran}`);
  const wanted = Date.parse(times[0]) + SHOWN_S * 1000;
  await page.evaluate((time) => window.cimtwin.showTime(time), times.find((time) => Date.parse(time) >= wanted));
  await page.evaluate(() => window.cimtwin.whenIdle());
  await page.screenshot({ path: process.argv[2] });
} finally {
  await stack.close();
  await browser.close();
}

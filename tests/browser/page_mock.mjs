// The page against the mock server: node page_mock.mjs FOLDER_OF_THE_BUILT_PAGE [CASE...]. Every case gets a fresh server;
// one browser serves all. Exit 1 if a case fails, 77 if there is no browser.
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { launch, openPage, skip } from './browser.mjs';
import { startMock } from './mock.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
const [folder, ...wanted] = process.argv.slice(2);
const built = path.resolve(folder ?? path.join(here, '../../build/console'));
if (!fs.existsSync(path.join(built, 'index.html'))) skip(`the page is not built in ${built}`);

const cases = {};
for (const file of fs.readdirSync(path.join(here, 'cases')).sort()) Object.assign(cases, (await import(`./cases/${file}`)).default);

const browser = await launch();
let failed = 0;
try {
  for (const [name, run] of Object.entries(cases)) {
    if (wanted.length && !wanted.includes(name)) continue;
    const started = Date.now();
    const mock = await startMock({ page: built });
    const opened = [];
    // open(hash, options): the page in a context of its own; what it does wrong fails the case at the end.
    const open = async (hash = '', options = {}) => {
      const one = await openPage(browser, `${mock.url}/console/#test=1${hash.replace('#', '&')}`, options);
      opened.push(one);
      return one.page;
    };
    try {
      const allowed = (await run({ open, mock, built })) ?? {};
      for (const { errors, outside } of opened) {
        const bad = errors.filter((text) => !allowed.errors?.test(text));
        if (bad.length) throw new Error(`errors on the page: ${bad.join('; ')}`);
        if (outside.length) throw new Error(`requests to the outside: ${outside.join(' ')}`);
      }
      console.log(`ok   ${name} (${((Date.now() - started) / 1000).toFixed(1)} s)`);
    } catch (error) {
      failed++;
      console.log(`FAIL ${name}: ${error.stack}`);
    } finally {
      for (const one of opened) await one.close();
      await mock.close();
    }
  }
} finally {
  await browser.close();
}
process.exit(failed ? 1 : 0);

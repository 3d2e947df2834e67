// What the page shows while the broker, then the disk of the server go away and come back, on the real server: a clear state
// in both languages, from the server's own word; nothing that was published is lost. Environment as for real.mjs.
import assert from 'node:assert';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { spawnSync } from 'node:child_process';
import { keepPicture, launch, openPage, skip } from './browser.mjs';
import { startStack } from './stack.mjs';
import { assertLanguage } from './texts.mjs';
import { state, until } from './tools.mjs';

const { CIMTWIN: cimtwin, TWIN: twin, CONSOLE: built } = process.env;
if (!cimtwin || !twin || !built) skip('CIMTWIN, TWIN and CONSOLE name the program, the community and the built page');
if (!fs.existsSync(`${built}/index.html`)) skip(`the page is not built in ${built}`);
const WAIT_MS = 60_000;
const ROOM = 24 << 20; // beside the twin

// A disk of a known size, and a file that takes its room.
const sizeOf = (file) => (fs.statSync(file).isDirectory() ? fs.readdirSync(file).reduce((sum, name) => sum + sizeOf(path.join(file, name)), 0) : fs.statSync(file).size);
const disk = fs.mkdtempSync(path.join(os.tmpdir(), 'cimtwin-disk-'));
const size = sizeOf(twin) + sizeOf(`${twin}.d`) + ROOM;
const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', disk], { encoding: 'utf8' });
if (mounted.status !== 0) {
  fs.rmdirSync(disk);
  skip(`a tmpfs cannot be mounted: ${mounted.stderr?.trim() ?? mounted.error}`);
}
const filler = path.join(disk, 'filler');
const fill = () => {
  const piece = Buffer.alloc(64 << 10, 1);
  const file = fs.openSync(filler, 'a');
  try {
    for (;;) fs.writeSync(file, piece);
  } catch (error) {
    assert.equal(error.code, 'ENOSPC');
  } finally {
    fs.closeSync(file);
  }
};

const browser = await launch();
let stack;
let opened;
let failed = false;
const step = async (name, work) => {
  const started = Date.now();
  await work();
  console.log(`ok   ${name} (${((Date.now() - started) / 1000).toFixed(1)} s)`);
};

// The panel and the bar at the top, in both languages.
async function shows(page, reason, words) {
  await page.waitForSelector(`[data-condition=${reason}]`, { timeout: WAIT_MS });
  const names = [(await stack.get('/twin')).title];
  for (const lang of ['zh', 'en']) {
    await page.click(`.segments [lang=${lang === 'zh' ? 'zh-CN' : 'en'}]`);
    await page.waitForFunction(([long, short]) => document.querySelector('ct-condition').textContent.includes(long)
      && document.querySelector('ct-topbar .link').textContent.includes(short), words[lang]);
    await assertLanguage(page, lang, names);
  }
  const health = await stack.get('/health');
  assert.equal(health.status, 'degraded');
  assert.deepEqual(health.reasons, [reason]);
}

async function recovers(page) {
  await page.waitForSelector('[data-condition]', { state: 'detached', timeout: WAIT_MS });
  await page.waitForFunction(() => document.querySelector('.notice').textContent.includes('Everything works again'));
  assert.match(await page.textContent('ct-topbar .link'), /Live/);
}

try {
  stack = await startStack({ cimtwin, twin, page: built, disk });
  opened = await openPage(browser, `${stack.url}/console/#test=1&lang=en`);
  const { page } = opened;
  const { devices } = await stack.get('/live/devices');
  const device = devices.find((one) => one.kind === 'temperature') ?? devices[0];
  const shown = (value) => until(page, (s, [id, wanted]) => s.devices.get(id)?.value === wanted, [device.id, value], WAIT_MS);
  await until(page, (s) => s.link === 'live' && s.condition.status === 'ok', null, WAIT_MS);
  stack.publish(device.id, 1.5);
  await shown(1.5);

  await step('a broker that goes away', async () => {
    await stack.stopBroker();
    await shows(page, 'broker-lost', { en: ['broker does not answer', 'Broker lost'], zh: ['消息代理没有应答', '消息代理中断'] });
  });

  await step('a broker that comes back', async () => {
    await stack.startBroker();
    await recovers(page);
    stack.publish(device.id, 2.5);
    await shown(2.5);
  });

  await step('a disk that is full', async () => {
    fill();
    stack.publish(device.id, 3.5);
    await shows(page, 'disk-full', { en: ['disk is full', 'Disk full'], zh: ['磁盘已满', '磁盘已满'] });
    const answer = await fetch(`${stack.url}/live/observations`, { method: 'POST', headers: { 'content-type': 'application/json' },
      body: JSON.stringify([{ device: device.id, t: new Date().toISOString(), v: 9.5 }]) });
    assert.equal(answer.status, 507);
    assert(Number(answer.headers.get('retry-after')) > 0);
    assert.equal(await state(page, (s, id) => s.devices.get(id).value, device.id), 2.5, 'what is not stored is not shown');
    const fresh = await openPage(browser, `${stack.url}/console/#test=1&lang=zh`); // who comes now is told too
    await fresh.page.waitForSelector('[data-condition=disk-full]');
    await fresh.close();
  });

  await step('a disk that has room again', async () => {
    fs.rmSync(filler);
    await recovers(page);
    await shown(3.5); // published while it was full: the broker kept it
    stack.publish(device.id, 4.5);
    await shown(4.5);
  });

  assert.deepEqual(opened.errors, []);
  assert.deepEqual(opened.outside, []);
} catch (error) {
  failed = true;
  console.log(`FAIL ${error.stack}`);
  await keepPicture(opened?.page, 'faults');
} finally {
  await browser.close();
  await stack?.close();
  spawnSync('umount', [disk]);
  fs.rmdirSync(disk);
}
process.exit(failed ? 1 : 0);

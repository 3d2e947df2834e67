// The browser of the page tests: finds playwright-core in the page's own node_modules and chromium on the machine, or
// leaves with 77 (skipped) and says what is missing. Opens pages that may speak to this machine only.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));
const require = createRequire(path.join(here, '../../src/console/package.json'));
const FLAGS = ['--no-sandbox', '--disable-gpu', '--use-angle=swiftshader', '--enable-unsafe-swiftshader', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync', '--disable-dev-shm-usage'];

export function skip(reason) {
  console.log(`SKIP: ${reason}`);
  process.exit(77);
}

export async function launch() {
  const executablePath = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser'].find((file) => file && fs.existsSync(file));
  if (!executablePath) skip('no chromium (install the package chromium, or set CHROMIUM)');
  let playwright;
  try {
    playwright = require('playwright-core');
  } catch {
    skip('no playwright-core (run npm ci in src/console)');
  }
  return playwright.chromium.launch({ executablePath, headless: true, args: FLAGS });
}

// A page and what it did wrong: errors, and requests to anywhere else (which are blocked).
export async function openPage(browser, address, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, deviceScaleFactor: 1, reducedMotion: 'reduce', locale: 'en-GB', timezoneId: 'Asia/Shanghai', ...options });
  const page = await context.newPage();
  const errors = [];
  const outside = [];
  page.on('pageerror', (error) => errors.push(String(error)));
  page.on('console', (message) => message.type() === 'error' && errors.push(`${message.text()} (${message.location().url})`));
  await page.route('**/*', (route) => {
    const url = new URL(route.request().url());
    if (url.hostname === '127.0.0.1' || ['blob:', 'data:'].includes(url.protocol)) return route.continue();
    outside.push(url.href);
    return route.abort();
  });
  await page.goto(address);
  await page.waitForFunction(() => window.cimtwin?.ready, null, { timeout: 60_000 });
  return { page, errors, outside, close: () => context.close() };
}

// What the page showed when a test failed, outside the source folder.
export async function keepPicture(page, test) {
  const file = path.join(os.tmpdir(), `cimtwin-browser-${test}-failed.png`);
  await page?.screenshot({ path: file }).then(() => console.log(`picture: ${file}`), () => undefined);
}

export const axeSource = () => require.resolve('axe-core/axe.min.js');

export async function accessibility(page) {
  await page.evaluate(fs.readFileSync(axeSource(), 'utf8'));
  return page.evaluate(async () => (await window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] })).violations
    .map((violation) => `${violation.id}: ${violation.nodes.map((node) => node.html.slice(0, 160)).join(' | ')}`));
}

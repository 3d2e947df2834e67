// Builds the page into a folder (argument, else CT_CONSOLE_OUT, else build/console): one script and one for later, one
// worker, one style sheet and an icon, all with their content's hash in their name so that a server may call them immutable, and index.html.
// Fails on a broken translation and when the first load outgrows its budget.
import fs from 'node:fs';
import path from 'node:path';
import crypto from 'node:crypto';
import zlib from 'node:zlib';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';
import { checkTranslations } from './i18n/check.mjs';

const FIRST_LOAD_MAX_BYTES = 560_000; // gzip
const here = path.dirname(fileURLToPath(import.meta.url));
const out = path.resolve(process.argv[2] || process.env.CT_CONSOLE_OUT || path.join(here, '../../build/console'));
const require = createRequire(import.meta.url);

const problems = checkTranslations();
if (problems.length) {
  for (const line of problems) console.error(`console: i18n: ${line}`);
  process.exit(1);
}

fs.rmSync(out, { recursive: true, force: true });
fs.mkdirSync(out, { recursive: true });

// put(stem, extension, bytes): writes the file under its hashed name and returns that name.
function put(stem, extension, bytes) {
  const hash = crypto.createHash('sha256').update(bytes).digest('hex').slice(0, 10);
  const name = `${stem}-${hash}${extension}`;
  fs.writeFileSync(path.join(out, name), bytes);
  return name;
}

const maplibre = path.dirname(require.resolve('maplibre-gl/dist/maplibre-gl.css'));
const workerSource = fs.readFileSync(path.join(maplibre, 'maplibre-gl-worker.mjs'), 'utf8');
const worker = put('worker', '.js', workerSource.replace(/\n\/\/# sourceMappingURL=.*\s*$/, '\n'));

const common = { absWorkingDir: here, bundle: true, minify: true, write: false, legalComments: 'none', logLevel: 'warning' };
const module = { ...common, outfile: 'page.js', format: 'esm', target: 'es2022' };
// Fetched when a building is opened, not with the first load.
const insideBuild = await esbuild.build({ ...module, entryPoints: ['inside/inside.ts'] });
const inside = put('inside', '.js', insideBuild.outputFiles[0].contents);
const script = await esbuild.build({
  ...module,
  entryPoints: ['main.ts'],
  define: { WORKER_NAME: JSON.stringify(worker), INSIDE_NAME: JSON.stringify(inside) },
});
const style = await esbuild.build({ ...common, entryPoints: ['styles/main.css'], outfile: 'page.css', target: 'chrome110' });

const names = {
  script: put('page', '.js', script.outputFiles[0].contents),
  style: put('page', '.css', style.outputFiles[0].contents),
  icon: put('favicon', '.svg', fs.readFileSync(path.join(here, 'favicon.svg'))),
};
let html = fs.readFileSync(path.join(here, 'index.html'), 'utf8');
for (const [key, name] of Object.entries(names)) html = html.replaceAll(`{{${key}}}`, name);
fs.writeFileSync(path.join(out, 'index.html'), html);

// Licences of what is bundled travel with it.
const notices = ['maplibre-gl', 'lit', 'uplot', 'meshoptimizer'].map((name) => {
  const folder = path.join(here, 'node_modules', name);
  const file = fs.readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  const version = JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8')).version;
  return `${name} ${version}\n\n${fs.readFileSync(path.join(folder, file), 'utf8')}`;
});
fs.writeFileSync(path.join(out, 'licences.txt'), notices.join('\n\n----\n\n'));

const sizes = ['index.html', worker, ...Object.values(names)].map((name) => {
  const bytes = fs.readFileSync(path.join(out, name));
  return { name, bytes: bytes.length, gzip: zlib.gzipSync(bytes, { level: 9 }).length };
});
const total = sizes.reduce((sum, file) => sum + file.gzip, 0);
const later = fs.readFileSync(path.join(out, inside));
console.log(`${inside.padEnd(28)} ${String(later.length).padStart(9)}  gzip ${String(zlib.gzipSync(later, { level: 9 }).length).padStart(7)}  (later)`);
for (const file of sizes) console.log(`${file.name.padEnd(28)} ${String(file.bytes).padStart(9)}  gzip ${String(file.gzip).padStart(7)}`);
console.log(`${'first load'.padEnd(28)} ${' '.repeat(9)}  gzip ${String(total).padStart(7)}  (at most ${FIRST_LOAD_MAX_BYTES})`);
if (total > FIRST_LOAD_MAX_BYTES) {
  console.error('console: the first load is over its budget');
  process.exit(1);
}

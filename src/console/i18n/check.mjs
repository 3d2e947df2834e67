// Checks the message catalogues: the same keys in every language, no empty text, the same {slots}, every key that
// the sources use is there, and no key is left that no source uses. Run alone it prints the problems and exits 1.
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.dirname(here);

function sources(folder) {
  return fs.readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.name === 'node_modules') return [];
    const full = path.join(folder, entry.name);
    if (entry.isDirectory()) return sources(full);
    return /\.(ts|html)$/.test(entry.name) ? [full] : [];
  });
}

const slots = (text) => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort().join();

export function checkTranslations() {
  const problems = [];
  const en = JSON.parse(fs.readFileSync(path.join(here, 'en.json'), 'utf8'));
  const zh = JSON.parse(fs.readFileSync(path.join(here, 'zh.json'), 'utf8'));
  for (const key of Object.keys(en)) {
    if (!(key in zh)) problems.push(`zh.json misses "${key}"`);
    else if (slots(en[key]) !== slots(zh[key])) problems.push(`"${key}": slots differ`);
  }
  for (const key of Object.keys(zh)) if (!(key in en)) problems.push(`en.json misses "${key}"`);
  for (const [file, texts] of [['en.json', en], ['zh.json', zh]])
    for (const [key, text] of Object.entries(texts)) if (!String(text).trim()) problems.push(`${file}: "${key}" is empty`);

  // A key is a quoted dotted word whose first part is a known family; `family.${x}` uses the whole family below it.
  const families = new Set(Object.keys(en).map((key) => key.split('.')[0]));
  const used = new Set();
  for (const file of sources(root)) {
    const text = fs.readFileSync(file, 'utf8');
    for (const match of text.matchAll(/\bt\(\s*'([\w.]+)'|data-label="([\w.]+)"|key: '([\w.]+)'/g)) {
      const key = match[1] ?? match[2] ?? match[3];
      if (!(key in en)) problems.push(`${path.relative(root, file)} uses "${key}", which has no text`);
    }
    for (const match of text.matchAll(/['"]([a-z]+(?:\.\w+)+)['"]/g)) if (families.has(match[1].split('.')[0])) used.add(match[1]);
    for (const match of text.matchAll(/`([a-z]+(?:\.\w+)*)\.\$\{/g))
      for (const key of Object.keys(en)) if (key.startsWith(`${match[1]}.`)) used.add(key);
  }
  for (const key of Object.keys(en)) if (!used.has(key)) problems.push(`"${key}" is used nowhere`);
  return problems;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const problems = checkTranslations();
  for (const line of problems) console.error(`i18n: ${line}`);
  process.exit(problems.length ? 1 : 0);
}

// Fetches the page's libraries (npm ci) unless those of the very same lock file are there already. Several build folders
// share them, so the mark lies beside them and not in a build folder.
import fs from 'node:fs';
import path from 'node:path';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));
const lock = fs.readFileSync(path.join(here, 'package-lock.json'));
const mark = path.join(here, 'node_modules', '.installed-lock.json');
if (fs.existsSync(mark) && fs.readFileSync(mark).equals(lock)) process.exit(0);

const npm = process.argv[2] ?? 'npm';
const { status, error } = spawnSync(npm, ['ci', '--no-audit', '--no-fund'], { cwd: here, stdio: 'inherit' });
if (error) console.error(`console: ${npm}: ${error.message}`);
if (status !== 0) process.exit(1);
fs.writeFileSync(mark, lock);

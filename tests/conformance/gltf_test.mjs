// Every content of the community's 3D tilesets, packed and plain, through Khronos' glTF validator: no errors and no warnings.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createRequire } from 'node:module';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const require = createRequire(path.join(path.dirname(fileURLToPath(import.meta.url)), '../../src/console/package.json'));
let validator;
try {
  validator = require('gltf-validator');
} catch {
  console.log('SKIP: gltf-validator is missing (npm ci in src/console)');
  process.exit(77);
}

const files = (folder) => fs.readdirSync(folder, { withFileTypes: true })
  .flatMap((entry) => (entry.isDirectory() ? files(path.join(folder, entry.name)) : [path.join(folder, entry.name)]));

const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'cimtwin-gltf-'));
let checked = 0;
let bad = 0;
try {
  for (const options of [[], ['--plain']]) {
    const out = path.join(scratch, options.length ? 'plain' : 'packed');
    const run = spawnSync(process.env.CIMTWIN, ['export', process.env.TWIN, '--to', out, '--format', '3dtiles', ...options], { encoding: 'utf8' });
    if (run.status !== 0) throw new Error(run.stderr);
    for (const file of files(out).filter((name) => name.endsWith('.glb'))) {
      const { issues } = await validator.validateBytes(new Uint8Array(fs.readFileSync(file)));
      checked++;
      if (!issues.numErrors && !issues.numWarnings) continue;
      if (bad++ < 5) console.error(path.relative(scratch, file), JSON.stringify(issues.messages.filter((one) => one.severity < 2).slice(0, 3)));
    }
  }
} finally {
  fs.rmSync(scratch, { recursive: true });
}
console.log(`${checked} contents, ${bad} with errors or warnings`);
process.exit(bad || checked < 100 ? 1 : 0);

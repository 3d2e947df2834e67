// What the first load costs, and that names are immutable.
import assert from 'node:assert';
import fs from 'node:fs';
import path from 'node:path';
import zlib from 'node:zlib';

const FIRST_LOAD_MAX_BYTES = 560_000;

export default {
  async first_load_is_within_its_budget({ open, mock, built }) {
    await open();
    const files = new Set(mock.requests.filter((line) => line.startsWith('GET /console/')).map((line) => line.split(' ')[1].split('?')[0].replace('/console/', '') || 'index.html'));
    assert([...files].some((name) => name.startsWith('worker-')), 'the worker is a file of our own');
    let total = 0;
    for (const name of files) {
      if (name !== 'index.html') assert.match(name, /-[0-9a-f]{10}\.\w+$/, `${name} carries its hash`);
      total += zlib.gzipSync(fs.readFileSync(path.join(built, name)), { level: 9 }).length;
    }
    assert(total > 300_000 && total <= FIRST_LOAD_MAX_BYTES, `first load: ${total} bytes`);
    console.log(`     first load ${total} bytes in ${files.size} files`);
  },
};

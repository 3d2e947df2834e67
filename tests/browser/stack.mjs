// The real thing for the browser test: a mosquitto broker, `cimtwin serve` on a copy of a twin, the device simulator, and
// observations published by a program of its own (mosquitto_pub).
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import readline from 'node:readline';
import { spawn, spawnSync } from 'node:child_process';
import { skip } from './browser.mjs';

const START_MS = 30_000;
const STOP_MS = 10_000;

export const program = (name) => ['/usr/sbin', '/usr/bin', '/usr/local/sbin', '/usr/local/bin'].map((folder) => path.join(folder, name)).find((file) => fs.existsSync(file));

const freePort = () => new Promise((resolve, reject) => {
  const probe = net.createServer().once('error', reject).listen(0, '127.0.0.1', () => {
    const { port } = probe.address();
    probe.close(() => resolve(port));
  });
});

const answers = (port) => new Promise((resolve) => {
  const socket = net.connect(port, '127.0.0.1', () => resolve(true) || socket.destroy());
  socket.on('error', () => resolve(false));
});

async function broker(folder, port) {
  const mosquitto = program('mosquitto') ?? skip('no mosquitto');
  if (!program('mosquitto_pub')) skip('no mosquitto_pub (install mosquitto-clients)');
  const config = path.join(folder, 'broker.conf');
  fs.writeFileSync(config, `listener ${port} 127.0.0.1\nallow_anonymous true\npersistence false\n`);
  const child = spawn(mosquitto, ['-c', config], { stdio: 'ignore' });
  for (const end = Date.now() + START_MS; !(await answers(port)); ) {
    if (Date.now() > end || child.exitCode !== null) throw new Error('the broker does not start');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return child;
}

function serve(cimtwin, twin, listen, mqttPort, page) {
  const child = spawn(cimtwin, ['serve', twin, '--listen', listen, '--mqtt', `mqtt://127.0.0.1:${mqttPort}`, '--console', page], { stdio: ['ignore', 'pipe', 'inherit'] });
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('the server does not say that it serves')), START_MS);
    child.once('exit', (code) => reject(new Error(`the server ended with ${code}`)));
    readline.createInterface({ input: child.stdout }).once('line', (line) => {
      clearTimeout(timer);
      resolve({ child, url: line.slice(line.lastIndexOf(' ') + 1).replace(/\/$/, '') });
    });
  });
}

const stop = (child) => new Promise((resolve) => {
  if (!child || child.exitCode !== null || child.signalCode !== null) return resolve(child?.exitCode);
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
  child.once('exit', (code) => {
    clearTimeout(timer);
    resolve(code);
  });
  child.kill('SIGINT');
});

// `disk`: where the copy of the twin lies, if not in a folder of its own. `cellM`: cells of its scenarios, if not their own.
export async function startStack({ cimtwin, twin, page, devsim, disk, cellM }) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'cimtwin-page-'));
  const name = path.basename(twin, '.ct');
  const copy = path.join(disk ?? folder, `${name}.ct`);
  fs.copyFileSync(twin, copy);
  fs.cpSync(`${twin}.d`, `${copy}.d`, { recursive: true });
  fs.rmSync(path.join(`${copy}.d`, 'runs'), { recursive: true, force: true }); // the story starts before its first run
  const scenarios = path.join(`${copy}.d`, 'scenarios');
  for (const file of cellM ? fs.readdirSync(scenarios) : []) {
    const at = path.join(scenarios, file);
    fs.writeFileSync(at, JSON.stringify({ ...JSON.parse(fs.readFileSync(at, 'utf8')), cell_m: cellM }));
  }
  const port = await freePort();
  let mosquitto = await broker(folder, port);
  let server = await serve(cimtwin, copy, '127.0.0.1:0', port, page);
  const simulator = devsim && fs.existsSync(devsim) ? spawn(devsim, [copy, '--mqtt', `mqtt://127.0.0.1:${port}`], { stdio: 'ignore' }) : null;
  const listen = new URL(server.url).host;
  return {
    url: server.url,
    twin: copy,
    simulated: simulator !== null,
    get: async (route) => {
      const answer = await fetch(server.url + route, { headers: { accept: 'application/json' } });
      if (!answer.ok) throw new Error(`${route}: ${answer.status} ${await answer.text()}`);
      return answer.json();
    },
    publish(device, value, time = new Date()) {
      const payload = JSON.stringify({ t: time.toISOString(), v: value });
      const { status, stderr } = spawnSync(program('mosquitto_pub'), ['-h', '127.0.0.1', '-p', String(port), '-q', '1', '-t', `cimtwin/${name}/obs/${device}`, '-m', payload]);
      if (status !== 0) throw new Error(`mosquitto_pub: ${stderr}`);
    },
    stopSimulator: () => stop(simulator),
    stopBroker: () => stop(mosquitto),
    startBroker: async () => {
      mosquitto = await broker(folder, port);
    },
    async restart(meanwhile = () => undefined) {
      const code = await stop(server.child);
      if (code !== 0) throw new Error(`the server ended with ${code}`);
      meanwhile();
      server = await serve(cimtwin, copy, listen, port, page);
    },
    async close() {
      await stop(simulator);
      await stop(server.child);
      await stop(mosquitto);
      fs.rmSync(folder, { recursive: true, force: true });
    },
  };
}

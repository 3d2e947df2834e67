// A small server that answers as cimtwin does, from made-up data: the page's tests and its developers run against it.
//   node mock.mjs [FOLDER OF THE BUILT PAGE] [PORT]
// As a module: startMock({page, port}) -> {url, pace, requests, posts, acknowledged, publish(), observe(), alarm(), trouble(), drop(), close()}.
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { COLLECTIONS, groundColour, TWIN } from './mock-community.mjs';
import { INDOOR, INDOOR_LIST, indoorFeatures } from './mock-indoor.mjs';
import { classOf, colourOf, compare, finish, legend, makeRun, reached, rooms, SCENARIO, valueAt } from './mock-results.mjs';
import { pictureTile, vectorTile } from './mock-tiles.mjs';

const TYPES = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.txt': 'text/plain' };
// As strict as the server's own: scripts, styles and connections of this origin only.
const POLICY = "default-src 'none'; script-src 'self'; worker-src 'self' blob:; style-src 'self'; style-src-attr 'unsafe-inline'; " +
  "img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
const RUN_TICKS = 8;

export async function startMock({ page, port = 0, finishedRuns = true } = {}) {
  const requests = [];
  const posts = [];
  const acknowledged = [];
  const pace = { tickMs: 120 }; // of a run's progress
  const streams = new Set();
  const runs = finishedRuns ? [makeRun('0a1b2c3d', SCENARIO)] : [];
  const now = () => new Date().toISOString();
  const devices = COLLECTIONS.find((one) => one.id === 'devices').features.map(({ properties }, i) => ({
    id: properties.id, kind: properties.kind, property: properties.property, unit: properties.unit, building: null,
    value: 1 + (i % 7) / 4, time: now(), state: i % 41 === 5 ? 'silent' : i % 67 === 9 ? 'fault' : i % 59 === 3 ? 'alarm' : 'ok', severity: null }));
  const alarms = devices.filter((one) => one.state === 'alarm').map((one, i) => ({ id: i + 1, device: one.id, property: one.property, rule: 'threshold',
    severity: (i % 4) + 1, state: i === 3 ? 'acknowledged' : 'active', raised: new Date(Date.now() - (i + 1) * 97_000).toISOString(), value: 5.2 + i, acknowledged_by: i === 3 ? 'Li' : null }));
  let condition = { status: 'ok', reasons: [] };
  let sequence = Date.now();

  const publish = (type, data) => {
    const text = `id: ${++sequence}\nevent: ${type}\ndata: ${JSON.stringify(data)}\n\n`;
    for (const stream of streams) stream.write(text);
  };
  const brief = ({ scenario, ...run }) => run;
  const json = (answer, body, status = 200, headers = {}) => {
    answer.writeHead(status, { 'content-type': status < 400 ? 'application/json' : 'application/problem+json', ...headers });
    answer.end(JSON.stringify(body));
  };
  const problem = (answer, status, detail) => json(answer, { title: http.STATUS_CODES[status], status, detail }, status);

  function startRun(answer, scenario) {
    posts.push(scenario);
    const text = JSON.stringify(scenario);
    const id = [...text].reduce((hash, char) => (Math.imul(hash, 31) + char.charCodeAt(0)) >>> 0, 7).toString(16).padStart(8, '0');
    const old = runs.find((run) => run.id === id && run.status === 'done');
    if (old) return json(answer, old);
    const run = { ...makeRun(id, scenario, 'queued'), created: now() };
    runs.unshift(run);
    json(answer, run, 201, { location: `/runs/${id}` });
    let tick = 0;
    const timer = setInterval(() => {
      if (run.status === 'cancelled') return clearInterval(timer);
      tick++;
      if (tick < RUN_TICKS) Object.assign(run, { status: 'running', progress: tick / RUN_TICKS, message: `${tick * 10} min` });
      else {
        finish(run);
        clearInterval(timer);
      }
      publish('run', brief(run));
    }, pace.tickMs);
  }

  function runRoute(answer, url, method, [id, what, layer, view, , z, y, x]) {
    const run = runs.find((one) => one.id === id);
    if (!run) return problem(answer, 404, `no run ${id}`);
    if (!what && method === 'DELETE') {
      if (run.status !== 'done' && run.status !== 'cancelled') {
        run.status = 'cancelled';
        publish('run', brief(run));
        return json(answer, run);
      }
      if (url.searchParams.get('cancel') === 'true') return problem(answer, 409, 'the run has ended');
      runs.splice(runs.indexOf(run), 1);
      answer.writeHead(204);
      return answer.end();
    }
    if (!what) return json(answer, run);
    const other = runs.find((one) => one.id === url.searchParams.get('with'));
    if (what === 'compare') return other ? json(answer, compare(run, other)) : problem(answer, 400, 'with: no such run');
    if (what === 'buildings') return json(answer, { buildings: reached(run) });
    if (what === 'rooms') return json(answer, { rooms: rooms(run) });
    if (view === 'legend') return json(answer, legend(layer));
    const place = [Number(url.searchParams.get('lon')), Number(url.searchParams.get('lat'))];
    const time = url.searchParams.get('datetime');
    if (view === 'point') {
      const value = valueAt(run, layer, place, time, other);
      return json(answer, { value: value || null, unit: 'm', class: classOf(layer, value) });
    }
    if (view === 'series') return json(answer, { times: run.times, values: run.times.map((one) => valueAt(run, 'depth', place, one)) });
    if (layer === 'depth' && !time) return problem(answer, 400, 'datetime is missing');
    answer.writeHead(200, { 'content-type': 'image/png' });
    answer.end(pictureTile(colourOf(run, layer, time, other), Number(z), Number(x), Number(y)));
  }

  function collectionRoute(answer, [id, what, ...rest]) {
    const collection = COLLECTIONS.find((one) => one.id === id);
    if (!collection) return problem(answer, 404, `no collection ${id}`);
    const featureOf = ({ geometry, properties }) => ({ type: 'Feature', id: properties.id, geometry, properties });
    if (what === 'items' && !rest.length) return json(answer, { type: 'FeatureCollection', features: collection.features.map(featureOf) });
    if (what === 'items') {
      const found = collection.features.find((one) => one.properties.id === decodeURIComponent(rest[0]));
      return found ? json(answer, featureOf(found)) : problem(answer, 404, 'no such feature');
    }
    const [z, y, x] = rest.slice(-3).map(Number);
    answer.writeHead(200, { 'content-type': 'image/png' });
    answer.end(pictureTile(groundColour, z, x, y));
  }

  function liveRoute(answer, [what, id, verb], body) {
    if (what === 'events') {
      answer.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
      answer.write(`id: ${sequence}\nevent: hello\ndata: {"seq":${sequence}}\n\n`);
      streams.add(answer);
      return answer.on('close', () => streams.delete(answer));
    }
    if (what === 'devices' && verb === 'history') {
      const device = devices.find((one) => one.id === id);
      return json(answer, { device: id, property: device.property, values: Array.from({ length: 60 }, (_, i) =>
        ({ t: new Date(Date.now() - i * 60_000).toISOString(), v: Number((device.value + Math.sin(i / 6) * 0.4).toFixed(3)), q: 0 })) });
    }
    if (what === 'devices') return json(answer, id ? devices.find((one) => one.id === id) : { devices });
    const alarm = alarms.find((one) => String(one.id) === id);
    if (!id) return json(answer, { alarms: alarms.filter((one) => one.state !== 'cleared') });
    Object.assign(alarm, { state: 'acknowledged', acknowledged_by: body.by });
    acknowledged.push({ id: alarm.id, by: body.by });
    publish('alarm', alarm);
    return json(answer, alarm);
  }

  function pageFile(answer, name) {
    const file = path.join(page, name || 'index.html');
    fs.readFile(file, (error, bytes) => {
      if (error || path.relative(page, file).startsWith('..')) return problem(answer, 404, name);
      answer.writeHead(200, { 'content-type': TYPES[path.extname(file)] ?? 'application/octet-stream', 'content-security-policy': POLICY });
      return answer.end(bytes);
    });
  }

  function indoorRoute(answer, url, [building, part]) {
    if (!building) return json(answer, INDOOR_LIST);
    if (building !== INDOOR_LIST.buildings[0].id) return problem(answer, 404, `no building ${building}`);
    return json(answer, part ? indoorFeatures(url.searchParams.get('storey')) : INDOOR);
  }

  function route(request, answer, body) {
    const url = new URL(request.url, 'http://mock');
    const [head, ...rest] = url.pathname.split('/').filter(Boolean);
    if (head === 'console') return pageFile(answer, rest.join('/'));
    if (head === 'twin') return json(answer, TWIN);
    if (head === 'scenarios') return json(answer, { scenarios: [SCENARIO] });
    if (head === 'indoor') return indoorRoute(answer, url, rest);
    if (head === 'health') return json(answer, condition);
    if (head === 'live') return liveRoute(answer, rest, body);
    if (head === 'collections') return collectionRoute(answer, rest);
    if (head === 'runs' && !rest.length) return request.method === 'POST' ? startRun(answer, body) : json(answer, { runs });
    if (head === 'runs') return runRoute(answer, url, request.method, rest);
    if (head === 'tiles') {
      const [, z, y, x] = rest.map(Number);
      const wanted = url.searchParams.get('collections').split(',');
      const bytes = vectorTile(COLLECTIONS.filter((one) => wanted.includes(one.id)).map(({ id, features }) => ({ name: id, features })), z, x, y);
      answer.writeHead(bytes.length ? 200 : 204, { 'content-type': 'application/vnd.mapbox-vector-tile' });
      return answer.end(bytes);
    }
    return problem(answer, 404, url.pathname);
  }

  const server = http.createServer((request, answer) => {
    requests.push(`${request.method} ${request.url}`);
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => route(request, answer, chunks.length ? JSON.parse(Buffer.concat(chunks).toString()) : {}));
  });
  await new Promise((resolve) => server.listen(port, '127.0.0.1', resolve));
  const sockets = new Set();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });

  return {
    url: `http://127.0.0.1:${server.address().port}`,
    pace, requests, posts, acknowledged, runs, devices, alarms, publish,
    observe(id, value, state = 'ok') {
      Object.assign(devices.find((one) => one.id === id), { value, state, time: now() });
      publish('observation', { d: [[id, value, Date.now(), state]] });
    },
    alarm(alarm) {
      alarms.unshift(alarm);
      publish('alarm', alarm);
    },
    trouble(...reasons) {
      condition = { status: reasons.length ? 'degraded' : 'ok', reasons };
      publish('health', condition);
    },
    drop: () => sockets.forEach((socket) => socket.destroy()), // as if the server went away for a moment
    close: () => new Promise((resolve) => {
      server.close(resolve);
      sockets.forEach((socket) => socket.destroy());
    }),
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const here = path.dirname(fileURLToPath(import.meta.url));
  const mock = await startMock({ page: path.resolve(process.argv[2] ?? path.join(here, '../../build/console')), port: Number(process.argv[3] ?? 8099) });
  console.log(`mock: ${mock.url}/console/`);
  setInterval(() => {
    const device = mock.devices[Math.floor(Date.now() / 300) % mock.devices.length];
    mock.observe(device.id, Number((1 + Math.random() * 2).toFixed(2)), device.state);
  }, 300);
}

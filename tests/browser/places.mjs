// Places for the real test: found through the server's own answers, far enough from the edges of classes and cells that
// half a pixel cannot matter.
const CANDIDATES = 24; // along each side of the twin
const CLEAR_M = 3;
const WANTED = 5;

const around = ([lon, lat], metres) => {
  const [dx, dy] = [metres / (111_320 * Math.cos((lat * Math.PI) / 180)), metres / 111_320];
  return [[lon, lat], [lon + dx, lat], [lon - dx, lat], [lon, lat + dy], [lon, lat - dy]];
};

// The class at a place if everything around it has the same one, else undefined.
async function steady(stack, route, lngLat) {
  const answers = await Promise.all(around(lngLat, CLEAR_M).map(([lon, lat]) => stack.get(`${route}lon=${lon}&lat=${lat}`)));
  const index = answers[0].class;
  return answers.every((one) => one.class === index) ? { index, value: answers[0].value } : undefined;
}

// Five places that are wet at the last of the times, of as many different classes as there are.
export async function findPlaces(stack, run, times, classes) {
  const { bounds: [west, south, east, north] } = await stack.get('/twin');
  const kept = [];
  const seen = new Map();
  for (let k = 0; k < CANDIDATES * CANDIDATES && kept.length < WANTED; k++) {
    const n = (k * 197) % (CANDIDATES * CANDIDATES); // all over the place, not row by row
    const lngLat = [west + ((n % CANDIDATES) + 0.5) * (east - west) / CANDIDATES, south + (Math.floor(n / CANDIDATES) + 0.5) * (north - south) / CANDIDATES];
    const found = {};
    for (const time of [...times].reverse()) {
      const one = await steady(stack, `/runs/${run.id}/maps/depth/point?datetime=${encodeURIComponent(time)}&`, lngLat);
      found[time] = one?.index;
      if (one === undefined || (time === times[times.length - 1] && one.index === null)) break;
    }
    if (times.some((time) => found[time] === undefined)) continue;
    const last = found[times[times.length - 1]];
    if ((seen.get(last) ?? 0) >= 2 && k < (CANDIDATES * CANDIDATES) / 2) continue; // look for other classes first
    seen.set(last, (seen.get(last) ?? 0) + 1);
    kept.push({ lngLat, found });
  }
  if (kept.length < WANTED) throw new Error(`only ${kept.length} steady wet places in the run (${classes.length} classes)`);
  return kept;
}

// The place within the wall's reach where the water fell most.
export async function findBehind(stack, base, other, line) {
  const box = [0, 1].map((axis) => [Math.min(...line.map((place) => place[axis])), Math.max(...line.map((place) => place[axis]))]);
  let best = null;
  for (let i = 1; i < 12; i++)
    for (let j = 1; j < 12; j++) {
      const lngLat = [0, 1].map((axis) => box[axis][0] + ((axis ? j : i) / 12) * (box[axis][1] - box[axis][0]));
      const one = await steady(stack, `/runs/${base}/maps/difference/point?with=${other}&`, lngLat);
      if (one && one.index !== null && one.value < (best?.value ?? 0)) best = { lngLat, ...one };
    }
  if (!best) throw new Error('no place behind the wall has less water');
  return best;
}

// Tile writing for the mock server: Mapbox vector tiles and PNG pictures from plain features and a colour function.
import zlib from 'node:zlib';

const EXTENT = 4096;
const TILE_PX = 256;

// ---- Web Mercator --------------------------------------------------------------------------------------------------
export const worldX = (lon) => lon / 360 + 0.5;
export const worldY = (lat) => 0.5 - Math.log(Math.tan(Math.PI / 4 + (lat * Math.PI) / 360)) / (2 * Math.PI);
export const lonOf = (x) => (x - 0.5) * 360;
export const latOf = (y) => (Math.atan(Math.exp((0.5 - y) * 2 * Math.PI)) * 360) / Math.PI - 90;

// ---- protocol buffers ------------------------------------------------------------------------------------------------
function varint(value) {
  const bytes = [];
  let rest = value;
  while (rest > 127) {
    bytes.push((rest % 128) | 128);
    rest = Math.floor(rest / 128);
  }
  bytes.push(rest);
  return Buffer.from(bytes);
}
const field = (number, type) => varint(number * 8 + type);
const message = (number, body) => Buffer.concat([field(number, 2), varint(body.length), body]);
const integer = (number, value) => Buffer.concat([field(number, 0), varint(value)]);
const packed = (number, values) => message(number, Buffer.concat(values.map(varint)));

function valueOf(value) {
  if (typeof value === 'string') return message(1, Buffer.from(value));
  if (typeof value === 'boolean') return integer(7, value ? 1 : 0);
  const number = Buffer.alloc(8);
  number.writeDoubleLE(value);
  return Buffer.concat([field(3, 1), number]);
}

const zigzag = (value) => (value < 0 ? -value * 2 - 1 : value * 2);

// Rings, lines or points (each an array of [x, y] in tile units) as drawing commands.
function commands(kind, parts) {
  const out = [];
  let [cx, cy] = [0, 0];
  const to = ([x, y]) => {
    out.push(zigzag(x - cx), zigzag(y - cy));
    [cx, cy] = [x, y];
  };
  for (const part of parts) {
    const points = kind === 3 ? part.slice(0, -1) : part;
    out.push(1 | (1 << 3));
    to(points[0]);
    if (points.length > 1) {
      out.push(2 | ((points.length - 1) << 3));
      points.slice(1).forEach(to);
    }
    if (kind === 3) out.push(7 | (1 << 3));
  }
  return out;
}

const KINDS = { Point: 1, LineString: 2, Polygon: 3 };
const partsOf = ({ type, coordinates }) => (type === 'Point' ? [[coordinates]] : type === 'LineString' ? [coordinates] : coordinates);

// layers: [{name, features: [{fid, properties, geometry}]}]. Features that do not touch the tile are left out.
export function vectorTile(layers, z, x, y) {
  const count = 2 ** z;
  const place = ([lon, lat]) => [Math.round((worldX(lon) * count - x) * EXTENT), Math.round((worldY(lat) * count - y) * EXTENT)];
  const written = [];
  for (const { name, features } of layers) {
    const keys = new Map();
    const values = new Map();
    const index = (map, key) => map.get(key) ?? map.set(key, map.size).get(key);
    const bodies = [];
    for (const { fid, properties, geometry } of features) {
      const kind = KINDS[geometry.type];
      const parts = partsOf(geometry).map((part) => part.map(place));
      const flat = parts.flat();
      const outside = (axis) => flat.every((p) => p[axis] < -64) || flat.every((p) => p[axis] > EXTENT + 64);
      if (outside(0) || outside(1)) continue;
      const tags = Object.entries(properties).filter(([, value]) => value !== null && value !== undefined)
        .flatMap(([key, value]) => [index(keys, key), index(values, value)]);
      bodies.push(message(2, Buffer.concat([integer(1, fid), packed(2, tags), integer(3, kind), packed(4, commands(kind, parts))])));
    }
    if (!bodies.length) continue;
    written.push(message(3, Buffer.concat([message(1, Buffer.from(name)), ...bodies,
      ...[...keys.keys()].map((key) => message(3, Buffer.from(key))),
      ...[...values.keys()].map((value) => message(4, valueOf(value))), integer(5, EXTENT), integer(15, 2)])));
  }
  return Buffer.concat(written);
}

// ---- PNG -------------------------------------------------------------------------------------------------------------
const TABLE = Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c >>> 0;
});
const crc = (bytes) => {
  let c = 0xffffffff;
  for (const byte of bytes) c = TABLE[(c ^ byte) & 255] ^ (c >>> 8);
  return (c ^ 0xffffffff) >>> 0;
};
function chunk(type, body) {
  const named = Buffer.concat([Buffer.from(type), body]);
  const out = Buffer.alloc(body.length + 12);
  out.writeUInt32BE(body.length, 0);
  named.copy(out, 4);
  out.writeUInt32BE(crc(named), out.length - 4);
  return out;
}

// colourAt(lon, lat) -> [r, g, b, a] or null for transparent. One colour for each block of pixels, as cells have it.
const BLOCK_PX = 4;
export function pictureTile(colourAt, z, x, y) {
  const count = 2 ** z;
  const stride = TILE_PX * 4 + 1;
  const raw = Buffer.alloc(stride * TILE_PX);
  const middle = (at) => (at + BLOCK_PX / 2) / TILE_PX;
  for (let row = 0; row < TILE_PX; row += BLOCK_PX) {
    const lat = latOf((y + middle(row)) / count);
    for (let col = 0; col < TILE_PX; col += BLOCK_PX) {
      const colour = colourAt(lonOf((x + middle(col)) / count), lat);
      if (colour) for (let k = 0; k < BLOCK_PX; k++) raw.set(colour, row * stride + 1 + (col + k) * 4);
    }
    for (let k = 1; k < BLOCK_PX; k++) raw.copy(raw, (row + k) * stride, row * stride, (row + 1) * stride);
  }
  const head = Buffer.alloc(13);
  head.writeUInt32BE(TILE_PX, 0);
  head.writeUInt32BE(TILE_PX, 4);
  head.set([8, 6, 0, 0, 0], 8);
  return Buffer.concat([Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]), chunk('IHDR', head),
    chunk('IDAT', zlib.deflateSync(raw, { level: 1 })), chunk('IEND', Buffer.alloc(0))]);
}

// Small plane geometry on longitude and latitude, good over the size of a community.
const METRES_PER_DEGREE = 111_320;
type Point = [number, number];

const scale = (latitude: number): Point => [METRES_PER_DEGREE * Math.cos((latitude * Math.PI) / 180), METRES_PER_DEGREE];

// One closed four-cornered ring for each piece of a line, `width_m` wide, lengthened by half of it so that joints close.
export function thicken(line: Point[], width_m: number): Point[][] {
  const rings: Point[][] = [];
  for (let i = 1; i < line.length; i++) {
    const [a, b] = [line[i - 1], line[i]];
    const [mx, my] = scale((a[1] + b[1]) / 2);
    const dx = (b[0] - a[0]) * mx;
    const dy = (b[1] - a[1]) * my;
    const length = Math.hypot(dx, dy);
    if (length === 0) continue;
    const half = width_m / 2;
    const [ux, uy] = [(dx / length) * half, (dy / length) * half];
    const corner = (from: Point, along: number, across: number): Point =>
      [from[0] + (ux * along - uy * across) / mx, from[1] + (uy * along + ux * across) / my];
    rings.push([corner(a, -1, -1), corner(b, 1, -1), corner(b, 1, 1), corner(a, -1, 1), corner(a, -1, -1)]);
  }
  return rings;
}

export function length_m(line: Point[]): number {
  let sum = 0;
  for (let i = 1; i < line.length; i++) {
    const [mx, my] = scale((line[i - 1][1] + line[i][1]) / 2);
    sum += Math.hypot((line[i][0] - line[i - 1][0]) * mx, (line[i][1] - line[i - 1][1]) * my);
  }
  return sum;
}

// Middle of a feature's bounding box; null for an empty geometry.
export function centre(geometry: GeoJSON.Geometry | null): Point | null {
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  const walk = (part: unknown): void => {
    if (!Array.isArray(part)) return;
    if (typeof part[0] === 'number') {
      box[0] = Math.min(box[0], part[0]);
      box[1] = Math.min(box[1], part[1] as number);
      box[2] = Math.max(box[2], part[0]);
      box[3] = Math.max(box[3], part[1] as number);
    } else part.forEach(walk);
  };
  if (geometry && 'coordinates' in geometry) walk(geometry.coordinates);
  return Number.isFinite(box[0]) ? [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2] : null;
}

// The inside of one building of the mock community: two storeys of two rooms each, a door between them, a front door below.
import { at, COLLECTIONS } from './mock-community.mjs';

const { id } = COLLECTIONS.find((one) => one.id === 'buildings').features[0].properties;
export const INDOOR_LIST = { buildings: [{ id, name: 'H-7', storeys: 2 }] };

const room = (name, storey, x, compartment, use) => ({ name, storey, x, compartment, use });
const ROOMS = [
  room('hall', 's0', 0, 0, 'lobby'), room('office', 's0', 30, 1, 'office'),
  room('class', 's1', 0, 0, 'classroom'), room('store', 's1', 30, 0, 'storage'),
];
export const INDOOR = {
  building: id,
  storeys: [{ id: 's0', name: 'E0', level: 0 }, { id: 's1', name: '', level: 1 }, { id: 's2', name: 'E2', level: 2 }],
  spaces: ROOMS.map(({ name, storey }) => ({ id: name, storey })),
  openings: [], transitions: [], compartments: [], vents: [],
  findings: [{ rule: 'room-no-way-out', id: 'store', other: null, text: 'no doors and stairs lead from it to an exit' }],
};

const feature = (key, geometry, properties) => ({ type: 'Feature', id: key, geometry, properties });
const line = (...points) => ({ type: 'LineString', coordinates: points.map(([x, y]) => at(x, y)) });

export function indoorFeatures(storey) {
  const rooms = ROOMS.filter((one) => one.storey === storey).map(({ name, x, compartment, use }) =>
    feature(`space.${name}`, { type: 'Polygon', coordinates: [[at(x, 0), at(x + 30, 0), at(x + 30, 30), at(x, 30), at(x, 0)]] },
      { part: 'space', id: name, name, storey, compartment, use }));
  const between = [
    feature('opening.between', line([30, 10], [30, 14]), { part: 'opening', passable: true, exit: false }),
    feature('link.between', line([15, 15], [30, 12], [45, 15]), { part: 'link', exit: false }),
  ];
  const front = [feature('opening.front', line([0, 10], [0, 14]), { part: 'opening', passable: true, exit: true })];
  return { type: 'FeatureCollection', features: [...rooms, ...between, ...(storey === 's0' ? front : [])] };
}

// The layers as people see them in the tree: what each is called, where it stands, and what it starts with.
// The map layers behind a group are in base.ts; groups are listed from top of the tree to the bottom.
import type { LayerView } from '../core/state';
import type { Key } from '../core/i18n';

export type LayerId =
  | 'flood' | 'walls' | 'devices' | 'alarms' | 'cameras' | 'buildings' | 'labels' | 'roads' | 'paths' | 'barriers'
  | 'green' | 'water' | 'drains' | 'safety' | 'grid' | 'ground';

export interface Group { id: LayerId; key: Key; swatch: string }
export interface Branch { key: Key; groups: Group[] }

export const TREE: Branch[] = [
  { key: 'tree.simulation', groups: [
    { id: 'flood', key: 'layer.flood', swatch: '#3d8fd1' },
    { id: 'walls', key: 'layer.walls', swatch: '#ffb84d' },
  ] },
  { key: 'tree.live', groups: [
    { id: 'alarms', key: 'layer.alarms', swatch: '#ff5a55' },
    { id: 'devices', key: 'layer.devices', swatch: '#4ecb9e' },
    { id: 'cameras', key: 'layer.cameras', swatch: '#b9a5ff' },
  ] },
  { key: 'tree.community', groups: [
    { id: 'buildings', key: 'layer.buildings', swatch: '#8299ac' },
    { id: 'labels', key: 'layer.labels', swatch: '#e3edf5' },
    { id: 'roads', key: 'layer.roads', swatch: '#55687a' },
    { id: 'paths', key: 'layer.paths', swatch: '#8d8672' },
    { id: 'barriers', key: 'layer.barriers', swatch: '#c4a886' },
    { id: 'green', key: 'layer.green', swatch: '#3d6b4f' },
    { id: 'water', key: 'layer.water', swatch: '#1f4a6b' },
    { id: 'drains', key: 'layer.drains', swatch: '#35b5b0' },
    { id: 'safety', key: 'layer.safety', swatch: '#ff8fa3' },
    { id: 'grid', key: 'layer.grid', swatch: '#c58bd6' },
    { id: 'ground', key: 'layer.ground', swatch: '#3a4650' },
  ] },
];

const OFF: LayerId[] = ['drains', 'safety', 'grid', 'cameras'];
export const LAYER_IDS = TREE.flatMap((branch) => branch.groups.map((group) => group.id));
export const LAYER_DEFAULTS = Object.fromEntries(
  LAYER_IDS.map((id): [LayerId, LayerView] => [id, { on: !OFF.includes(id), opacity: id === 'flood' ? 0.85 : 1 }]),
) as Record<LayerId, LayerView>;

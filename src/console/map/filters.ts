// What hides features of a layer: each contributor says what it lets through, and the map gets all of it together with the
// filter that the layer came with.
import type { FilterSpecification, Map as GlMap } from 'maplibre-gl';

type Target = Pick<GlMap, 'getLayer' | 'getFilter' | 'setFilter'>;
interface Entry { own: FilterSpecification | null; parts: Map<string, FilterSpecification> }

export class LayerFilters {
  private readonly entries = new Map<string, Entry>();

  constructor(private readonly map: Target) {}

  // null: the contributor lets everything through.
  set(layer: string, contributor: string, filter: FilterSpecification | null): void {
    if (!this.map.getLayer(layer)) return;
    const entry = this.entries.get(layer) ?? { own: this.map.getFilter(layer) ?? null, parts: new Map() };
    this.entries.set(layer, entry);
    if (filter) entry.parts.set(contributor, filter);
    else if (!entry.parts.delete(contributor)) return;
    const all = [...(entry.own ? [entry.own] : []), ...[...entry.parts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, part]) => part)];
    this.map.setFilter(layer, all.length > 1 ? (['all', ...all] as FilterSpecification) : all[0] ?? null);
  }
}

// All features but the one of this id.
export const allBut = (id: string): FilterSpecification => ['!=', ['get', 'id'], id];

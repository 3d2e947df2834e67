// The thing that the card shows.
import { api } from '../api/http';
import { store, type Selection } from '../core/state';
import { tellError } from './notice';

export function select(selection: Selection | null): void {
  store.set({ selection, feature: null });
  if (selection?.id) void load(selection);
}

async function load(selection: Selection): Promise<void> {
  try {
    const { geometry, properties } = await api.feature(selection.collection, selection.id);
    if (store.get().selection === selection) store.set({ feature: { geometry, properties } });
  } catch (error) {
    if (store.get().selection === selection) tellError(error);
  }
}

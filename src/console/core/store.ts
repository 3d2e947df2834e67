// One state for the whole page. Who changes it calls set(); who shows it names the keys it depends on and is told, once
// per turn of the event loop, which of them changed.
import type { State } from './state';

type Listener = (changed: ReadonlySet<keyof State>) => void;

export class Store {
  private readonly listeners = new Set<Listener>();
  private changed = new Set<keyof State>();

  constructor(private state: State) {}

  get(): Readonly<State> {
    return this.state;
  }

  set(patch: Partial<State>): void {
    const keys = (Object.keys(patch) as (keyof State)[]).filter((key) => patch[key] !== this.state[key]);
    if (!keys.length) return;
    this.state = { ...this.state, ...patch };
    if (!this.changed.size) queueMicrotask(() => this.tell());
    for (const key of keys) this.changed.add(key);
  }

  on(keys: readonly (keyof State)[], listener: () => void): () => void {
    const wrapped: Listener = (changed) => {
      if (keys.some((key) => changed.has(key))) listener();
    };
    this.listeners.add(wrapped);
    return () => this.listeners.delete(wrapped);
  }

  private tell(): void {
    const changed = this.changed;
    this.changed = new Set();
    for (const listener of [...this.listeners]) listener(changed);
  }
}

// The server's event stream. The browser itself reconnects and sends Last-Event-ID; where it gives up (an HTTP error in
// between) a new stream is opened after a growing pause, and the snapshots are loaded again.
import type { Alarm, Condition, DeviceState, Run } from './types';
import { ROOT } from './http';

export type ObservationRow = [device: string, value: number | null, timeMs: number, state: DeviceState];
export interface Handlers {
  open(): void; // the stream stands
  lost(): void; // it broke; reconnecting
  reset(): void; // events were missed: load the snapshots again
  observations(rows: ObservationRow[]): void;
  alarm(alarm: Alarm): void;
  run(run: Run): void;
  condition(condition: Condition): void;
  change(collections: string[], version: number): void;
}

const FIRST_PAUSE_MS = 500;
const LAST_PAUSE_MS = 10_000;

export class EventStream {
  private source: EventSource | null = null;
  private pauseMs = FIRST_PAUSE_MS;
  private broken = false;
  private numbered = false; // an event with an id has come: the server can go on after it
  private timer = 0;

  constructor(private readonly handlers: Handlers) {}

  start(): void {
    clearTimeout(this.timer);
    this.source?.close();
    const source = new EventSource(`${ROOT}/live/events`);
    this.source = source;
    source.onopen = () => {
      this.pauseMs = FIRST_PAUSE_MS;
      this.handlers.open();
      if (this.broken && !this.numbered) this.handlers.reset();
      this.broken = false;
    };
    source.onerror = () => {
      this.handlers.lost();
      this.broken = true;
      if (source.readyState !== EventSource.CLOSED) return; // the browser tries again by itself
      this.timer = window.setTimeout(() => {
        this.numbered = false; // a new stream knows of no event
        this.start();
      }, this.pauseMs);
      this.pauseMs = Math.min(this.pauseMs * 2, LAST_PAUSE_MS);
    };
    const on = (type: string, take: (data: never) => void) =>
      source.addEventListener(type, (event) => {
        if ((event as MessageEvent).lastEventId) this.numbered = true;
        try {
          take(JSON.parse((event as MessageEvent<string>).data || '{}') as never);
        } catch (error) {
          console.warn(`event ${type}: ${String(error)}`); // one broken event must not stop the others
        }
      });
    on('observation', (data: { d: ObservationRow[] }) => this.handlers.observations(data.d));
    on('alarm', (data: Alarm) => this.handlers.alarm(data));
    on('run', (data: Run) => this.handlers.run(data));
    on('health', (data: Condition) => this.handlers.condition(data));
    on('change', (data: { collections: string[]; version: number }) =>
      this.handlers.change(data.collections, data.version));
    on('reset', () => this.handlers.reset());
  }
}

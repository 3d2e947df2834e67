// Devices and alarms: snapshots, then events on top of them.
import { api } from '../api/http';
import { EventStream, type ObservationRow } from '../api/events';
import type { Alarm, Condition, Device, DeviceState } from '../api/types';
import { store } from '../core/state';
import { catchUp, loadRuns, takeRun } from './runs';
import { t } from '../core/i18n';
import { tell, tellError } from './notice';

const RELOAD_PAUSE_MS = 2_000;
let reloading = 0;

function count(devices: ReadonlyMap<string, Device>): Record<DeviceState, number> {
  const health = { ok: 0, alarm: 0, silent: 0, fault: 0 };
  for (const device of devices.values()) if (device.state in health) health[device.state]++;
  return health;
}

const newest = (a: Alarm, b: Alarm): number => b.raised.localeCompare(a.raised) || Number(b.id) - Number(a.id);

function give(devices: ReadonlyMap<string, Device>, alarms: Alarm[]): void {
  const severity = new Map<string, number>();
  for (const alarm of alarms) severity.set(alarm.device, Math.min(alarm.severity, severity.get(alarm.device) ?? 9));
  for (const device of devices.values()) device.severity = severity.get(device.id) ?? null;
  store.set({ devices, alarms, health: count(devices), deviceTick: store.get().deviceTick + 1 });
}

// A server that is well again says so: who watched the warning should see its end.
function takeCondition({ status, reasons }: Condition): void {
  const before = store.get().condition;
  store.set({ condition: { status, reasons: reasons ?? [] } });
  if (before.status === 'degraded' && status === 'ok') tell(t('condition.recovered'));
}

// What events told, numbered: a snapshot that was asked for before an event must not undo it.
let events = 0;
let loading = 0; // snapshots under way
const told = { devices: new Map<string, number>(), alarms: new Map<Alarm['id'], { number: number; alarm: Alarm }>(), condition: 0 };

export async function loadLive(): Promise<void> {
  const began = events;
  loading++;
  try {
    const [devices, alarms, condition] = await Promise.all([api.devices(), api.alarms(), api.condition()]);
    const known = store.get().devices;
    for (const device of devices)
      if ((told.devices.get(device.id) ?? 0) > began) {
        const { value, time, state } = known.get(device.id) ?? device;
        Object.assign(device, { value, time, state });
      }
    const byId = new Map(alarms.map((alarm) => [alarm.id, alarm]));
    for (const { number, alarm } of told.alarms.values()) if (number > began) byId.set(alarm.id, alarm);
    if (told.condition <= began) takeCondition(condition);
    give(new Map(devices.map((device) => [device.id, device])), [...byId.values()].filter((alarm) => alarm.state !== 'cleared').sort(newest));
  } finally {
    if (--loading === 0) told.alarms.clear(); // the next snapshot is asked for later than all of them
  }
}

// Everything that events tell of, anew.
function reload(): void {
  clearTimeout(reloading);
  reloading = window.setTimeout(async () => {
    try {
      await Promise.all([loadLive(), loadRuns()]);
      await catchUp();
    } catch {
      reload(); // the server is still away
    }
  }, store.get().link === 'live' ? 0 : RELOAD_PAUSE_MS);
}

function takeObservations(rows: ObservationRow[]): void {
  const { devices } = store.get();
  let stranger = false;
  for (const [id, value, timeMs, state] of rows) {
    const device = devices.get(id);
    if (!device) {
      stranger = true;
      continue;
    }
    told.devices.set(id, ++events);
    device.value = value;
    device.time = new Date(timeMs).toISOString();
    device.state = state;
  }
  store.set({ health: count(devices), deviceTick: store.get().deviceTick + 1, heard: rows.map(([id]) => id) });
  if (stranger) reload();
}

function takeAlarm(alarm: Alarm): void {
  told.alarms.set(alarm.id, { number: ++events, alarm });
  const rest = store.get().alarms.filter((one) => one.id !== alarm.id);
  give(store.get().devices, (alarm.state === 'cleared' ? rest : [alarm, ...rest]).sort(newest));
}

export async function acknowledge(alarm: Alarm, by: string): Promise<void> {
  try {
    await api.acknowledge(alarm.id, by);
    takeAlarm({ ...alarm, state: 'acknowledged', acknowledged_by: by });
  } catch (error) {
    tellError(error);
  }
}

export function follow(changed: () => void): void {
  new EventStream({
    open: () => store.set({ link: 'live' }),
    lost: () => store.set({ link: 'reconnecting' }),
    reset: () => {
      reload();
      changed(); // edits may be among what was missed
    },
    observations: takeObservations,
    alarm: takeAlarm,
    run: (run) => void takeRun(run),
    condition: (condition) => {
      told.condition = ++events;
      takeCondition(condition);
    },
    change: changed,
  }).start();
}

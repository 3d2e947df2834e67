// Live devices on the map: their state as feature state of the tiles' own features, and a beacon for each open alarm.
import { Marker, type Map as GlMap } from 'maplibre-gl';
import { api } from '../api/http';
import type { Alarm, Device, Twin } from '../api/types';
import { reducedMotion, store } from '../core/state';
import { collectionOf } from './base';
import { severityColour } from './colours';

const BLINK_MS = 450;
const BLINKS_MAX = 150;
const BEACONS_MAX = 60; // the most severe and newest ones; the list shows all

export class DevicesView {
  private readonly told = new Map<string, string>(); // device -> state last given to the map
  private readonly beacons = new Map<string, { marker: Marker; look: string }>();
  private readonly places = new Map<string, Promise<[number, number] | null>>();

  constructor(private readonly map: GlMap, private readonly twin: Twin) {
    store.on(['deviceTick'], () => this.tint());
    store.on(['heard'], () => this.blink());
    store.on(['alarms', 'layers'], () => void this.light());
    this.tint();
    void this.light();
  }

  // Where a device stands (longitude, latitude); null if it has no place.
  place(device: string): Promise<[number, number] | null> {
    let place = this.places.get(device);
    if (!place) {
      place = api.feature(collectionOf(this.twin, 'device'), device).then(
        ({ geometry }) => (geometry?.type === 'Point' ? [geometry.coordinates[0], geometry.coordinates[1]] : null),
        () => {
          this.places.delete(device);
          return null;
        },
      );
      this.places.set(device, place);
    }
    return place;
  }

  private tint(): void {
    const sourceLayer = collectionOf(this.twin, 'device');
    for (const device of store.get().devices.values()) {
      const look = `${device.state}/${device.severity ?? ''}`;
      if (this.told.get(device.id) === look) continue;
      this.told.set(device.id, look);
      this.map.setFeatureState({ source: 'twin', sourceLayer, id: device.id }, lookOf(device));
    }
  }

  // A device that was just heard of lights up for a moment.
  private blink(): void {
    const { heard, layers } = store.get();
    if (reducedMotion.matches || !layers.devices.on || document.hidden) return;
    const sourceLayer = collectionOf(this.twin, 'device');
    const some = heard.slice(0, BLINKS_MAX);
    const set = (fresh: boolean) => {
      for (const id of some) this.map.setFeatureState({ source: 'twin', sourceLayer, id }, { fresh });
    };
    set(true);
    window.setTimeout(() => set(false), BLINK_MS);
  }

  private async light(): Promise<void> {
    const { alarms, layers } = store.get();
    const worst = new Map<string, Alarm>();
    if (layers.alarms.on)
      for (const alarm of [...alarms].sort((a, b) => a.severity - b.severity || b.raised.localeCompare(a.raised)))
        if (!worst.has(alarm.device) && worst.size < BEACONS_MAX) worst.set(alarm.device, alarm);
    for (const [device, beacon] of this.beacons)
      if (!worst.has(device)) {
        beacon.marker.remove();
        this.beacons.delete(device);
      }
    for (const [device, alarm] of worst) {
      const place = await this.place(device);
      if (!place || !store.get().alarms.some((open) => open.device === device)) continue;
      this.setBeacon(device, alarm, place);
    }
  }

  private setBeacon(device: string, alarm: Alarm, place: [number, number]): void {
    const look = `beacon${alarm.state === 'active' ? ' beacon-active' : ''}`;
    let beacon = this.beacons.get(device);
    if (!beacon) {
      const element = document.createElement('div');
      element.setAttribute('aria-hidden', 'true'); // the list of alarms says it in words
      beacon = { marker: new Marker({ element }).setLngLat(place).addTo(this.map), look: '' };
      this.beacons.set(device, beacon);
    }
    const element = beacon.marker.getElement();
    if (beacon.look !== look) {
      element.classList.remove('beacon', 'beacon-active');
      element.classList.add(...look.split(' '));
      beacon.look = look;
    }
    element.style.setProperty('--colour', severityColour(alarm.severity));
    element.style.opacity = String(store.get().layers.alarms.opacity);
  }
}

const lookOf = (device: Device) => ({ state: device.state, severity: device.severity ?? (device.state === 'alarm' ? 1 : 0) });

// The feature card: what was clicked, in words; the device's values; the water at that place over the run.
import { html, nothing, type PropertyValues } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { api } from '../api/http';
import type { Attribute, Collection } from '../api/types';
import { openInside } from '../actions/inside';
import { select } from '../actions/select';
import { ago, day, clock, number, quantity, unit } from '../core/format';
import { local, t } from '../core/i18n';
import { buildingName } from '../core/names';
import { playedRun, store, type State } from '../core/state';
import { classOf } from '../map/base';
import { STATE_COLOURS } from '../map/colours';
import { icon } from '../ui/icons';
import '../ui/chart';
import './depth';
import './rooms';
import { Panel } from './panel';

const HISTORY_ROWS = 300;
const HISTORY_PAUSE_MS = 2_000;
const HIDDEN = new Set(['id', 'fid', 'name', 'name_zh', 'address_zh']);
const HIDDEN_OF_DEVICES = new Set(['property', 'unit']); // the value beside its unit says as much

const isBuilding = (collection: Collection): boolean => classOf(store.get().twin!, collection.id) === 'building';
const isDevice = (collection: Collection): boolean => classOf(store.get().twin!, collection.id) === 'device';

@customElement('ct-card')
export class Card extends Panel {
  protected readonly watched: (keyof State)[] = ['selection', 'feature', 'twin', 'deviceTick', 'runId', 'inside'];
  @state() private history: { times: number[]; values: number[] } = { times: [], values: [] };
  private asked = '';
  private askedAt = 0;

  protected override willUpdate(_: PropertyValues): void {
    const { selection, devices, deviceTick } = store.get();
    const device = selection ? devices.get(selection.id) : undefined;
    if (!device) return void (this.asked = '');
    const fresh = this.asked !== device.id;
    if (fresh) this.history = { times: [], values: [] };
    if (!fresh && (deviceTick === 0 || Date.now() - this.askedAt < HISTORY_PAUSE_MS)) return;
    this.asked = device.id;
    this.askedAt = Date.now();
    api.history(device.id, device.property, HISTORY_ROWS).then(
      (history) => {
        if (this.asked === device.id) this.history = { times: history.map((one) => one.t), values: history.map((one) => one.v) };
      },
      () => undefined, // the last value is shown all the same
    );
  }

  protected override render() {
    const { selection, feature, twin } = store.get();
    if (!selection || !twin) return nothing;
    const collection = twin.collections.find((one) => one.id === selection.collection);
    const properties = feature?.properties ?? {};
    const name = store.get().lang === 'zh' ? properties.name_zh || properties.name : properties.name;
    return html`<section class="float card" aria-label=${t('card.heading')} data-test="card">
      <header><div><p class="small muted">${collection ? local(collection.title) : t('card.place')}</p>
        <h2>${selection.id ? String(name || selection.id) : t('card.point')}</h2></div>
        <button type="button" class="tool" aria-label=${t('card.close')} title=${t('card.close')} @click=${() => select(null)}>${icon('close')}</button></header>
      <div class="card-body" tabindex="0" role="group" aria-label=${t('card.heading')}>
        ${collection && isDevice(collection) ? this.device(selection.id) : nothing}
        ${collection && isBuilding(collection) ? this.opener(selection.id) : nothing}
        ${collection ? this.facts(collection, properties) : nothing}
        ${selection.id && playedRun() ? html`<ct-rooms .feature=${selection.id}></ct-rooms>` : nothing}
        ${selection.lngLat && playedRun() ? html`<ct-depth .place=${selection.lngLat}></ct-depth>` : nothing}
      </div></section>`;
  }

  private opener(id: string) {
    if (store.get().inside?.building === id) return nothing;
    return html`<button type="button" data-test="open-inside" @click=${() => openInside(id)}>${t('inside.open')}</button>`;
  }

  private facts(collection: Collection, properties: Record<string, unknown>) {
    const device = isDevice(collection);
    const rows = collection.attributes.filter((one) => !HIDDEN.has(one.name) && !(device && HIDDEN_OF_DEVICES.has(one.name)) && properties[one.name] !== null && properties[one.name] !== undefined && properties[one.name] !== '');
    if (!rows.length) return nothing;
    return html`<dl class="attributes">${rows.map((one) => html`<div><dt>${local(one.title) || one.name}</dt><dd>${this.value(one, properties)}</dd></div>`)}</dl>`;
  }

  private value(attribute: Attribute, properties: Record<string, unknown>): string {
    const zh = store.get().lang === 'zh' ? properties[`${attribute.name}_zh`] : undefined;
    const value = zh || properties[attribute.name];
    const code = attribute.codes?.find((one) => one.value === String(value));
    if (code) return local(code.title);
    if (attribute.name === 'building') return buildingName(String(value));
    if (typeof value === 'boolean' || attribute.type === 'boolean') return value === true || value === 1 ? t('card.yes') : t('card.no');
    if (attribute.type === 'datetime' && typeof value === 'string') return `${day(value)} ${clock(value)}`;
    if (typeof value !== 'number') return String(value);
    if (attribute.name.startsWith('year')) return String(value);
    const ofDevice = attribute.name.startsWith('threshold_') ? String(properties.unit ?? '') : null; // in what it observes
    return quantity(value, attribute.unit ?? ofDevice);
  }

  private device(id: string) {
    const device = store.get().devices.get(id);
    if (!device) return nothing;
    const label = t('card.history');
    return html`<div class="device">
      <p class="reading"><span data-test="device-value">${number(device.value)}</span> <span class="muted">${unit(device.unit)}</span>
        <span class="pill" style="--colour:${STATE_COLOURS[device.state]}">${t(`state.${device.state}`)}</span></p>
      <p class="small muted">${t('card.lastSeen', { ago: ago(device.time) })}</p>
      ${this.history.times.length > 1 ? html`<h3>${label}</h3><ct-chart stepped label=${label} unit=${device.unit ?? ''} colour=${STATE_COLOURS.ok}
        .times=${this.history.times} .values=${this.history.values}></ct-chart>` : nothing}
    </div>`;
  }
}

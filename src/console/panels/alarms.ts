// Open alarms: newest first, severity as colour, shape and word, acknowledged by a button. New ones are spoken: the most
// severe at once, the others politely, together, and not more often than every few seconds.
import { html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { Alarm } from '../api/types';
import { acknowledge } from '../actions/live';
import { select } from '../actions/select';
import { bridge } from '../core/bridge';
import { ago, clockSeconds, number, quantity } from '../core/format';
import { local, t } from '../core/i18n';
import { buildingName } from '../core/names';
import { store, type State } from '../core/state';
import { severityColour } from '../map/colours';
import { collectionOf } from '../map/base';
import { severityIcon } from '../ui/icons';
import { Panel } from './panel';

const LISTED_MAX = 100;
const SPOKEN_MAX = 3; // one by one; more are counted
const AGES_PAUSE_MS = 15_000; // "3 min ago" grows old
const POLITE_PAUSE_MS = 4_000;
const severityWord = (severity: number): string => t(`severity.${Math.min(4, Math.max(1, severity)) as 1 | 2 | 3 | 4}`);

// The title that the catalogue gives to a value of an attribute of a class, else the value.
function codeTitle(className: string, attribute: string, value: string): string {
  const { twin } = store.get();
  const collection = twin?.collections.find((one) => one.id === collectionOf(twin, className));
  return local(collection?.attributes.find((one) => one.name === attribute)?.codes?.find((code) => code.value === value)?.title) || value;
}

@customElement('ct-alarms')
export class Alarms extends Panel {
  protected readonly watched: (keyof State)[] = ['alarms', 'twin', 'places'];
  @state() private urgent = '';
  @state() private polite = '';
  private known: Set<string> | null = null;
  private waiting: Alarm[] = []; // not severe enough to interrupt, to be spoken together after the pause
  private speaker = 0;
  private spokenLang = '';
  private timer = 0;

  override connectedCallback(): void {
    super.connectedCallback();
    this.timer = window.setInterval(() => this.requestUpdate(), AGES_PAUSE_MS);
  }

  override disconnectedCallback(): void {
    clearInterval(this.timer);
    clearTimeout(this.speaker);
    this.speaker = 0;
    super.disconnectedCallback();
  }

  protected override willUpdate(): void {
    const { alarms, lang } = store.get();
    if (this.spokenLang !== lang) this.urgent = this.polite = ''; // what was said in the language before is over
    this.spokenLang = lang;
    const fresh = this.known ? alarms.filter((alarm) => alarm.state === 'active' && !this.known!.has(String(alarm.id))) : [];
    if (this.known || alarms.length) this.known = new Set(alarms.map((alarm) => String(alarm.id)));
    const severe = fresh.filter((alarm) => alarm.severity === 1);
    if (severe.length) this.urgent = this.sentence(severe);
    this.waiting.push(...fresh.filter((alarm) => alarm.severity !== 1));
    if (!this.speaker) this.speakWaiting();
  }

  private speakWaiting(): void {
    this.speaker = 0;
    if (!this.waiting.length) return;
    this.polite = this.sentence(this.waiting);
    this.waiting = [];
    this.speaker = window.setTimeout(() => this.speakWaiting(), POLITE_PAUSE_MS);
  }

  private sentence(alarms: Alarm[]): string {
    return alarms.length > SPOKEN_MAX ? t('alarms.many', { n: alarms.length }) : alarms.map((alarm) => this.words(alarm)).join('; ');
  }

  protected override render() {
    const { alarms } = store.get();
    const active = alarms.filter((alarm) => alarm.state === 'active').length;
    return html`<section class="alarms" aria-labelledby="alarms-title">
      <h2 id="alarms-title">${t('alarms.heading')} <span class="count" data-test="alarm-count">${number(alarms.length)}</span>
        ${active ? html`<span class="count hot">${t('alarms.unacknowledged', { n: active })}</span>` : nothing}</h2>
      ${alarms.length ? this.tally() : nothing}
      <p class="speech" role="alert">${this.urgent}</p><p class="speech" aria-live="polite">${this.polite}</p>
      ${alarms.length ? html`<ul class="list" tabindex="0" aria-labelledby="alarms-title">${repeat(alarms.slice(0, LISTED_MAX), (alarm) => alarm.id, (alarm) => this.row(alarm))}</ul>`
        : html`<p class="muted small">${t('alarms.none')}</p>`}
      ${alarms.length > LISTED_MAX ? html`<p class="muted small">${t('alarms.more', { n: alarms.length - LISTED_MAX })}</p>` : nothing}
    </section>`;
  }

  // How many of each severity, the highest first.
  private tally() {
    const { alarms } = store.get();
    return html`<ul class="tally">${[1, 2, 3, 4].map((severity) => {
      const count = alarms.filter((alarm) => alarm.severity === severity).length;
      return html`<li class=${count ? '' : 'muted'} title=${severityWord(severity)} style="--colour:${severityColour(severity)}">
        <span class="alarm-sign">${severityIcon(severity)}</span><span class="speech">${severityWord(severity)}:</span>${number(count)}</li>`;
    })}</ul>`;
  }

  private words(alarm: Alarm): string {
    const device = store.get().devices.get(alarm.device);
    return `${severityWord(alarm.severity)}: ${device ? codeTitle('device', 'kind', device.kind) : alarm.device} ${alarm.device}`;
  }

  private row(alarm: Alarm) {
    const device = store.get().devices.get(alarm.device);
    const kind = codeTitle('device', 'kind', device?.kind ?? alarm.kind ?? '');
    return html`<li class="alarm alarm-${alarm.state}" data-alarm=${alarm.id} style="--colour:${severityColour(alarm.severity)}">
      <button type="button" class="alarm-main" title=${t('alarms.goTo')} @click=${() => this.goTo(alarm)}>
        <span class="alarm-sign">${severityIcon(alarm.severity)}</span>
        <span class="alarm-text"><b>${kind || alarm.device}<span class="alarm-value">${quantity(alarm.value, device?.unit ?? alarm.unit)}</span></b>
          <span class="small"><span class="severity">${severityWord(alarm.severity)}</span> · ${alarm.device}${device?.building ? ` · ${buildingName(device.building)}` : ''}</span>
          <span class="small muted"><time datetime=${alarm.raised}>${clockSeconds(alarm.raised)}</time> · ${ago(alarm.raised)}</span></span>
      </button>
      ${alarm.state === 'active'
        ? html`<button type="button" class="ack" aria-label="${t('alarms.acknowledge')}: ${alarm.device}" @click=${() => acknowledge(alarm, t('alarms.operator'))}>${t('alarms.acknowledge')}</button>`
        : html`<span class="small muted acked">${t('alarms.acknowledged', { by: alarm.acknowledged_by ?? '' })}</span>`}
    </li>`;
  }

  private async goTo(alarm: Alarm): Promise<void> {
    const { twin } = store.get();
    const place = await bridge.map.placeOf(alarm.device);
    if (place) bridge.map.flyTo(place, 17.5);
    if (twin) select({ collection: collectionOf(twin, 'device'), id: alarm.device, lngLat: place });
  }
}

// The water inside: the storeys of the chosen building, or the chosen storey or garage, over the whole run.
import { html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { api } from '../api/http';
import type { FloodedRoom } from '../api/types';
import { quantity } from '../core/format';
import { t } from '../core/i18n';
import { playedRun, store, type State } from '../core/state';
import { Panel } from './panel';

const DRY_M = 0.005; // what rounds to 0.00

@customElement('ct-rooms')
export class RoomsPanel extends Panel {
  protected readonly watched: (keyof State)[] = ['runId', 'withId', 'side', 'lang'];
  @property() feature = '';
  @state() private rooms: FloodedRoom[] = [];
  private asked = '';

  protected override willUpdate(): void {
    const run = playedRun();
    const wanted = run?.status === 'done' ? run.id : '';
    if (wanted === this.asked) return;
    this.asked = wanted;
    this.rooms = [];
    if (wanted)
      api.rooms(wanted).then(
        (rooms) => {
          if (this.asked === wanted) this.rooms = rooms;
        },
        () => {
          if (this.asked === wanted) this.asked = ''; // asked again with the next change
        },
      );
  }

  protected override render() {
    const mine = this.rooms.filter((one) => one.id === this.feature || one.building === this.feature);
    if (!mine.length) return nothing;
    const wet = mine.filter((one) => one.max_depth_m >= DRY_M).sort((a, b) => b.floor_m - a.floor_m);
    return html`<div data-test="rooms"><h3>${t('card.inside')}</h3>
      ${wet.length ? html`<dl class="attributes">${wet.map((one) => html`<div><dt>${this.name(one)}</dt>
        <dd>${quantity(one.max_depth_m, 'm', 2)} <span class="small muted">${t('card.atTheEnd', { volume: quantity(one.volume_m3, 'm3', 0) })}</span></dd></div>`)}</dl>`
        : html`<p class="reading">${t('card.dry')}</p>`}</div>`;
  }

  private name(room: FloodedRoom): string {
    return (store.get().lang === 'zh' ? room.name_zh || room.name : room.name) || room.id;
  }
}

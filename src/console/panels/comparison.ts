// Two runs side by side in numbers: indicators with their change as sign, arrow, colour and word, and the buildings whose
// water changed most.
import { html, nothing } from 'lit';
import { customElement } from 'lit/decorators.js';
import type { BuildingChange, Indicator } from '../api/types';
import { api } from '../api/http';
import { tellError } from '../actions/notice';
import { select } from '../actions/select';
import { bridge } from '../core/bridge';
import { isNothing, number, quantity, signed, unit } from '../core/format';
import { local, t } from '../core/i18n';
import { buildingName } from '../core/names';
import { store, type State } from '../core/state';
import { collectionOf } from '../map/base';
import { centre } from '../map/geometry';
import { icon } from '../ui/icons';
import { Panel } from './panel';

const BUILDINGS_LISTED = 8;

@customElement('ct-comparison')
export class ComparisonPanel extends Panel {
  protected readonly watched: (keyof State)[] = ['comparison', 'places', 'withId', 'runId', 'runs'];

  protected override render() {
    const { comparison, withId, runId, runs } = store.get();
    if (!withId) return nothing;
    const title = (id: string | null) => local(runs.find((run) => run.id === id)?.title);
    return html`<section aria-labelledby="comparison-title" data-test="comparison">
      <h2 id="comparison-title">${t('comparison.heading')}</h2>
      <p class="small muted">${title(runId)} → <b>${title(withId)}</b></p>
      ${comparison ? html`<table>
        <thead><tr><th scope="col">${t('comparison.indicator')}</th><th scope="col">${t('sides.base')}</th><th scope="col">${t('sides.other')}</th><th scope="col">${t('comparison.change')}</th></tr></thead>
        <tbody>${comparison.indicators.map((one) => this.indicator(one))}</tbody></table>
        ${this.buildings(comparison.buildings.filter((one) => !isNothing(one.delta_m)))}`
        : html`<p class="muted small">${t('comparison.loading')}</p>`}
    </section>`;
  }

  private indicator(one: Indicator) {
    const delta = isNothing(one.delta ?? 0) ? 0 : one.delta ?? 0;
    const verdict = delta === 0 ? 'same' : (delta < 0) === (one.better === 'lower') ? 'better' : 'worse';
    return html`<tr data-indicator=${one.id}>
      <th scope="row">${local(one.title)}${unit(one.unit) ? html` <span class="muted">(${unit(one.unit)})</span>` : nothing}</th>
      <td>${number(one.base)}</td><td>${number(one.other)}</td>
      <td class="delta ${verdict}">${icon(delta < 0 ? 'down' : delta > 0 ? 'up' : 'same')}${signed(one.delta)}<span class="speech">${t(`verdict.${verdict}`)}</span></td></tr>`;
  }

  private buildings(changed: BuildingChange[]) {
    return changed.length ? html`<h3>${t('comparison.buildings')}</h3>
      <ul class="changed">${changed.slice(0, BUILDINGS_LISTED).map((one) => this.building(one))}</ul>` : nothing;
  }

  private building(one: BuildingChange) {
    const verdict = one.delta_m < 0 ? 'better' : one.delta_m > 0 ? 'worse' : 'same';
    return html`<li><button type="button" @click=${() => this.goTo(one.id)}>
      <span>${buildingName(one.id)}</span>
      <span class="muted small">${number(one.base_depth_m, 2)} → ${quantity(one.other_depth_m, 'm', 2)}</span>
      <span class="delta ${verdict}">${signed(one.delta_m, 2)}</span></button></li>`;
  }

  private async goTo(id: string): Promise<void> {
    const { twin } = store.get();
    if (!twin) return;
    const collection = collectionOf(twin, 'building');
    try {
      const place = centre((await api.feature(collection, id)).geometry);
      if (place) bridge.map.flyTo(place, 17);
      select({ collection, id, lngLat: null });
    } catch (error) {
      tellError(error);
    }
  }
}

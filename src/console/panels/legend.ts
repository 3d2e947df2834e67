// The legend of what is on the map, in words: the flood classes of the shown result, buildings, devices.
import { html, nothing } from 'lit';
import { customElement } from 'lit/decorators.js';
import { unit } from '../core/format';
import { local, t } from '../core/i18n';
import { store, type State } from '../core/state';
import { collectionOf } from '../map/base';
import { SEVERITY_COLOURS, STATE_COLOURS, USE_COLOURS, USE_OTHER, WET_HIGH, WET_LOW } from '../map/colours';
import { Panel } from './panel';

const entry = (colour: string, text: string, shape = '') =>
  html`<li><span class="swatch ${shape}" style="--colour:${colour}" aria-hidden="true"></span>${text}</li>`;

@customElement('ct-legend')
export class LegendPanel extends Panel {
  protected readonly watched: (keyof State)[] = ['legend', 'layers', 'twin', 'runId', 'show'];

  protected override render() {
    const { legend, layers, runId } = store.get();
    return html`<details class="legend float" open aria-label=${t('legend.heading')}>
      <summary>${t('legend.heading')}</summary>
      <div class="legend-body" tabindex="0" role="group" aria-label=${t('legend.heading')}>
        ${legend && runId && layers.flood.on ? html`<h3>${local(legend.title)}${unit(legend.unit) ? html` <span class="muted">(${unit(legend.unit)})</span>` : nothing}</h3>
          <ul data-test="legend">${legend.classes.map((one) => entry(one.color, local(one.label)))}</ul>` : nothing}
        ${layers.buildings.on ? html`<details><summary>${t('legend.buildings')}</summary><ul>${this.uses()}
          ${runId ? [entry(WET_LOW, t('legend.wetLow')), entry(WET_HIGH, t('legend.wetHigh'))] : nothing}</ul></details>` : nothing}
        ${layers.devices.on ? html`<details><summary>${t('legend.devices')}</summary><ul>
          ${entry(STATE_COLOURS.ok, t('state.ok'), 'round')}${entry(STATE_COLOURS.silent, t('state.silent'), 'round hollow')}${entry(STATE_COLOURS.fault, t('state.fault'), 'round')}
          ${SEVERITY_COLOURS.map((colour, i) => entry(colour, t(`severity.${(i + 1) as 1 | 2 | 3 | 4}`), 'round'))}</ul></details>` : nothing}
      </div>
    </details>`;
  }

  private uses() {
    const { twin } = store.get();
    const collection = twin?.collections.find((one) => one.id === collectionOf(twin, 'building'));
    const codes = collection?.attributes.find((one) => one.name === 'use')?.codes ?? [];
    return codes.map((code) => entry(USE_COLOURS[code.value] ?? USE_OTHER, local(code.title)));
  }
}

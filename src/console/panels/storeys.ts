// The storey picker of the opened building.
import { html, nothing } from 'lit';
import { customElement } from 'lit/decorators.js';
import { closeInside, showStorey } from '../actions/inside';
import { t } from '../core/i18n';
import { buildingName } from '../core/names';
import { store, type State } from '../core/state';
import type { Storey } from '../inside/tileset';
import { icon } from '../ui/icons';
import { Panel } from './panel';

const nameOf = ({ name, level }: Storey): string => name || t('inside.level', { level: String(level) });

@customElement('ct-storeys')
export class Storeys extends Panel {
  protected readonly watched: (keyof State)[] = ['inside', 'places'];

  protected override render() {
    const { inside } = store.get();
    if (!inside?.storeys.length) return nothing;
    return html`<div class="sides storeys" role="group" aria-label=${t('inside.heading')} data-test="storeys">
      <label class="field"><span>${buildingName(inside.building)}</span>
        <select data-test="storey" @change=${(event: Event) => showStorey(Number((event.target as HTMLSelectElement).value))}>
          ${[...inside.storeys].reverse().map((one) => html`<option value=${one.fid} .selected=${one.fid === inside.shown}>${nameOf(one)}</option>`)}
        </select></label>
      <button type="button" class="tool" aria-label=${t('inside.close')} title=${t('inside.close')} @click=${closeInside}>${icon('close')}</button>
    </div>`;
  }
}

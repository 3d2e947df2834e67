// The inside of buildings: which building, which storey, rooms by compartment or use, and what is doubtful.
import { html, nothing } from 'lit';
import { customElement } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import { closeIndoor, colourBy, openIndoor, showStorey } from '../actions/indoor';
import { keepFocus } from '../core/focus';
import { t } from '../core/i18n';
import { buildingName, storeyName } from '../core/names';
import { store, type IndoorShown, type State } from '../core/state';
import { Panel } from './panel';

const valueOf = (event: Event): string => (event.target as HTMLSelectElement).value;

@customElement('ct-indoor')
export class Indoor extends Panel {
  protected readonly watched: (keyof State)[] = ['indoor', 'indoorBuildings', 'places'];

  protected override render() {
    const { indoor, indoorBuildings } = store.get();
    if (!indoorBuildings.length) return nothing;
    return html`<section aria-labelledby="indoor-title">
      <h2 id="indoor-title">${t('indoor.heading')}</h2>
      <label class="field"><span>${t('indoor.building')}</span>
        <select data-test="indoor-building" @change=${(event: Event) => void openIndoor(valueOf(event))}>
          <option value="" .selected=${live(!indoor)}>${t('indoor.none')}</option>
          ${indoorBuildings.map(({ id }) => html`<option value=${id} .selected=${live(indoor?.building === id)}>${buildingName(id)}</option>`)}
        </select></label>
      ${indoor ? this.opened(indoor) : nothing}
    </section>`;
  }

  private opened(indoor: IndoorShown) {
    if (!indoor.storeys.length)
      return html`<p class="small muted" role="status">${t(indoor.busy ? 'indoor.loading' : 'indoor.empty')}</p>${this.closer()}`;
    return html`<label class="field"><span>${t('indoor.storey')}</span>
        <select data-test="indoor-storey" @change=${(event: Event) => void showStorey(valueOf(event))}>
          ${[...indoor.storeys].reverse().map((one) =>
            html`<option value=${one.id} .selected=${live(indoor.asked === one.id)}>${storeyName(one)}</option>`)}
        </select></label>
      <label class="field"><span>${t('indoor.colour')}</span>
        <select data-test="indoor-colour" @change=${(event: Event) => colourBy(valueOf(event) as IndoorShown['colourBy'])}>
          <option value="compartment" .selected=${indoor.colourBy === 'compartment'}>${t('indoor.compartment')}</option>
          <option value="use" .selected=${indoor.colourBy === 'use'}>${t('indoor.use')}</option>
        </select></label>
      <p class="small muted" role="status">${indoor.busy ? t('indoor.loading') : t('indoor.findings', { n: indoor.findings.length })}</p>
      ${this.closer()}`;
  }

  private closer() {
    return html`<button type="button" data-test="indoor-close" @click=${this.close}>${t('indoor.close')}</button>`;
  }

  private close(): void {
    closeIndoor();
    keepFocus('[data-test=indoor-building]');
  }
}

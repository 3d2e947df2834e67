// The storey picker of the opened building: a list, one up, one down, and whether the storey is on the map yet.
import { html, nothing } from 'lit';
import { customElement } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import { closeInside, showStorey, stepStorey, storeyBeside } from '../actions/inside';
import { keepFocus } from '../core/focus';
import { t } from '../core/i18n';
import { buildingName, storeyName } from '../core/names';
import { store, type Opened, type State } from '../core/state';
import { icon } from '../ui/icons';
import { Panel } from './panel';

@customElement('ct-storeys')
export class Storeys extends Panel {
  protected readonly watched: (keyof State)[] = ['inside', 'places'];
  private was = ''; // how much of the panel was there: '', 'name', 'picker'

  protected override render() {
    const { inside } = store.get();
    if (!inside) return nothing;
    const busy = inside.drawn === null || inside.drawn !== inside.shown;
    const drawn = inside.storeys.find((one) => one.fid === inside.drawn);
    return html`<div class="sides storeys" role="group" aria-label=${t('inside.heading')} data-test="storeys">
      ${inside.storeys.length ? this.picker(inside) : html`<span>${buildingName(inside.building)}</span>`}
      <span class=${busy ? 'small muted' : 'speech'} role="status">${busy || !drawn ? t('inside.loading') : t('inside.drawn', { storey: storeyName(drawn) })}</span>
      <button type="button" class="tool" data-test="storeys-close" aria-label=${t('inside.close')} title=${t('inside.close')} @click=${closeInside}>${icon('close')}</button>
    </div>`;
  }

  // Where the keyboard was on a button that is gone.
  protected override updated(): void {
    const { inside } = store.get();
    const now = !inside ? '' : inside.storeys.length ? 'picker' : 'name';
    if (now !== this.was) keepFocus(...(now === 'picker' ? ['[data-test=storey]'] : now ? ['[data-test=storeys-close]'] : ['[data-test=open-inside]', '.maplibregl-canvas']));
    this.was = now;
  }

  private picker(inside: Opened) {
    return html`<label class="field"><span>${buildingName(inside.building)}</span>
        <select data-test="storey" @change=${(event: Event) => showStorey(Number((event.target as HTMLSelectElement).value))}>
          ${[...inside.storeys].reverse().map((one) => html`<option value=${one.fid} .selected=${live(one.fid === inside.shown)}>${storeyName(one)}</option>`)}
        </select></label>
      ${this.step(1, 'up')}${this.step(-1, 'down')}`;
  }

  // Not disabled at the ends: a disabled button loses the keyboard.
  private step(by: number, name: 'up' | 'down') {
    const label = t(`inside.${name}`);
    return html`<button type="button" class="tool" data-test="storey-${name}" aria-label=${label} title=${label}
      aria-disabled=${storeyBeside(by) === undefined} @click=${() => stepStorey(by)}>${icon(name)}</button>`;
  }
}

// The layer tree: what the map shows, how strongly; and which result of the run.
import { html } from 'lit';
import { customElement } from 'lit/decorators.js';
import type { ResultLayer } from '../api/types';
import { showLayer } from '../actions/runs';
import { t } from '../core/i18n';
import { store, type State } from '../core/state';
import { TREE, type Group } from '../map/groups';
import { Panel } from './panel';

const RESULTS: ResultLayer[] = ['depth', 'max_depth', 'max_speed', 'max_hazard', 'arrival', 'difference'];

@customElement('ct-layers')
export class Layers extends Panel {
  protected readonly watched: (keyof State)[] = ['layers', 'show', 'runId', 'withId'];

  protected override render() {
    return html`<section aria-labelledby="layers-title">
      <h2 id="layers-title">${t('layers.heading')}</h2>
      ${TREE.map((branch) => html`<fieldset class="branch">
        <legend>${t(branch.key)}</legend>
        ${branch.key === 'tree.simulation' ? this.results() : ''}
        ${branch.groups.map((group) => this.row(group))}
      </fieldset>`)}
    </section>`;
  }

  private results() {
    const { show, withId, runId } = store.get();
    return html`<label class="field"><span>${t('layers.result')}</span>
      <select data-test="result" ?disabled=${!runId} @change=${(event: Event) => showLayer((event.target as HTMLSelectElement).value as ResultLayer)}>
        ${RESULTS.filter((layer) => layer !== 'difference' || withId).map((layer) =>
          html`<option value=${layer} .selected=${layer === show}>${t(`result.${layer}`)}</option>`)}
      </select></label>`;
  }

  private row(group: Group) {
    const view = store.get().layers[group.id];
    const title = t(group.key);
    const set = (patch: Partial<typeof view>) => {
      const { layers } = store.get();
      store.set({ layers: { ...layers, [group.id]: { ...layers[group.id], ...patch } } });
    };
    return html`<div class="layer">
      <label><input type="checkbox" data-layer=${group.id} .checked=${view.on} @change=${(event: Event) => set({ on: (event.target as HTMLInputElement).checked })}>
        <span class="swatch" style="--colour:${group.swatch}" aria-hidden="true"></span><span>${title}</span></label>
      <input type="range" min="0" max="100" step="5" style="--part:${Math.round(view.opacity * 100)}%" .value=${String(Math.round(view.opacity * 100))} ?disabled=${!view.on}
        aria-label=${t('layers.opacity', { layer: title })} title=${t('layers.opacity', { layer: title })}
        @input=${(event: Event) => set({ opacity: Number((event.target as HTMLInputElement).value) / 100 })}>
    </div>`;
  }
}

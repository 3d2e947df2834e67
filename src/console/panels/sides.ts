// While two runs are compared: which of them, or their difference, the map shows.
import { html, nothing } from 'lit';
import { customElement } from 'lit/decorators.js';
import { endComparison, showLayer } from '../actions/runs';
import { local, t } from '../core/i18n';
import { store, type State } from '../core/state';
import { icon } from '../ui/icons';
import { Panel } from './panel';

@customElement('ct-sides')
export class Sides extends Panel {
  protected readonly watched: (keyof State)[] = ['runs', 'runId', 'withId', 'side', 'show'];

  protected override render() {
    const { runs, runId, withId, side, show } = store.get();
    if (!withId) return nothing;
    const title = (id: string | null) => local(runs.find((run) => run.id === id)?.title);
    const difference = show === 'difference';
    return html`<div class="sides" role="group" aria-label=${t('sides.label')}>
      <div class="segments">
        <button type="button" title=${title(runId)} aria-pressed=${!difference && side === 'base'} @click=${() => showLayer('depth', 'base')}>${t('sides.base')}</button>
        <button type="button" title=${title(withId)} aria-pressed=${!difference && side === 'other'} @click=${() => showLayer('depth', 'other')}>${t('sides.other')}</button>
        <button type="button" aria-pressed=${difference} @click=${() => showLayer('difference')}>${t('sides.difference')}</button>
      </div>
      <button type="button" class="tool" aria-label=${t('sides.end')} title=${t('sides.end')} @click=${endComparison}>${icon('close')}</button>
    </div>`;
  }
}

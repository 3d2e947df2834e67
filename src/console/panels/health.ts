// How many devices are well, alarming, silent or faulty.
import { html } from 'lit';
import { customElement } from 'lit/decorators.js';
import { number } from '../core/format';
import { t } from '../core/i18n';
import { store, type State } from '../core/state';
import { STATE_COLOURS } from '../map/colours';
import { Panel } from './panel';

@customElement('ct-health')
export class Health extends Panel {
  protected readonly watched: (keyof State)[] = ['health'];

  protected override render() {
    const { health } = store.get();
    const all = health.ok + health.alarm + health.silent + health.fault;
    const states = ['ok', 'alarm', 'silent', 'fault'] as const;
    return html`<section aria-labelledby="health-title">
      <h2 id="health-title">${t('health.heading')} <span class="count">${number(all)}</span></h2>
      <div class="bar" aria-hidden="true">${states.filter((one) => health[one]).map((one) =>
        html`<span style="flex-grow:${health[one]};background:${STATE_COLOURS[one]}"></span>`)}</div>
      <dl class="health">${states.map((one) => html`<div>
        <dt><span class="swatch round" style="--colour:${STATE_COLOURS[one]}" aria-hidden="true"></span>${t(`state.${one}`)}</dt>
        <dd data-test="health-${one}">${number(health[one])}</dd></div>`)}</dl>
    </section>`;
  }
}

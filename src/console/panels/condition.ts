// What is wrong with the server, as long as it is: a full disk, a broker that is away.
import { html, nothing } from 'lit';
import { customElement } from 'lit/decorators.js';
import { REASONS } from '../api/types';
import { t } from '../core/i18n';
import { store, type State } from '../core/state';
import { Panel } from './panel';

@customElement('ct-condition')
export class ConditionPanel extends Panel {
  protected readonly watched: (keyof State)[] = ['condition'];

  // The live region is there before its text, or a screen reader would not speak it.
  protected override render() {
    const { status, reasons } = store.get().condition;
    const known = REASONS.filter((one) => reasons.includes(one));
    const texts = known.length ? known.map((one) => ({ one, text: t(`condition.${one}`) })) : [{ one: 'other', text: t('condition.other') }];
    return html`<div class="condition ${status}" role="status">${status === 'ok' ? nothing : html`
      <h2>${t('condition.heading')}</h2>
      ${texts.map(({ one, text }) => html`<p data-condition=${one}>${text}</p>`)}`}</div>`;
  }
}

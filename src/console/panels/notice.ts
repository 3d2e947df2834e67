// Short messages over the map.
import { html } from 'lit';
import { customElement } from 'lit/decorators.js';
import { store, type State } from '../core/state';
import { Panel } from './panel';

@customElement('ct-notice')
export class NoticeBar extends Panel {
  protected readonly watched: (keyof State)[] = ['notice'];

  protected override render() {
    const { notice } = store.get();
    return html`<div class="notice ${notice ? `notice-${notice.kind}` : 'empty'}" role="status">${notice?.text ?? ''}</div>`;
  }
}

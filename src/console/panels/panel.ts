// What all panels share: they draw into the page itself (one style sheet for all) and again when their part of the state
// or the language changes.
import { LitElement } from 'lit';
import { store, type State } from '../core/state';

export abstract class Panel extends LitElement {
  protected abstract readonly watched: (keyof State)[];
  private stop: (() => void) | null = null;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.stop = store.on(['lang', ...this.watched], () => this.requestUpdate());
  }

  override disconnectedCallback(): void {
    this.stop?.();
    super.disconnectedCallback();
  }
}

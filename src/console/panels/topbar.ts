// The bar at the top: the place, what is shown (live or simulated), the connection, the time, language, link and help.
import { html } from 'lit';
import { customElement, query, state } from 'lit/decorators.js';
import { tell } from '../actions/notice';
import { REASONS } from '../api/types';
import { clockSeconds, day } from '../core/format';
import { local, t } from '../core/i18n';
import { store, type State } from '../core/state';
import { icon } from '../ui/icons';
import { Panel } from './panel';

const KEYS = [
  { keys: 'Space', key: 'help.play' }, { keys: '← →', key: 'help.step' }, { keys: 'Esc', key: 'help.close' }, { keys: 'PageUp PageDown', key: 'help.storey' },
  { keys: 'Enter', key: 'help.finish' }, { keys: 'Backspace', key: 'help.undo' },
] as const;

@customElement('ct-topbar')
export class Topbar extends Panel {
  protected readonly watched: (keyof State)[] = ['twin', 'link', 'condition'];
  @state() private now = Date.now();
  @query('dialog') private dialog!: HTMLDialogElement;
  private timer = 0;

  override connectedCallback(): void {
    super.connectedCallback();
    this.timer = window.setInterval(() => (this.now = Date.now()), 1000);
  }

  override disconnectedCallback(): void {
    clearInterval(this.timer);
    super.disconnectedCallback();
  }

  protected override render() {
    const { twin, link, lang, condition } = store.get();
    const reason = link === 'live' ? REASONS.find((one) => condition.reasons.includes(one)) : undefined;
    return html`
      <div class="brand">
        <svg viewBox="0 0 32 32" width="26" height="26" aria-hidden="true"><path d="M6 24V13l6-4v15zM14 24V6l8 4v14zM24 24v-9l3 2v7z" fill="#58b7e8"/><path d="M4 27c3-2 5-2 8 0s5 2 8 0 5-2 8 0" fill="none" stroke="#9bdcf7" stroke-width="2"/></svg>
        <h1>${twin ? local(twin.title) : 'cimtwin'}</h1>
        <span class="tagline">${t('app.tagline')}</span>
      </div>
      <div class="link link-${reason ? 'degraded' : link}" role="status"><span class="dot" aria-hidden="true"></span>${reason ? t(`trouble.${reason}`) : t(`link.${link}`)}</div>
      <div class="now"><time datetime=${new Date(this.now).toISOString()}>${clockSeconds(this.now)}</time><span class="muted">${day(this.now)}</span></div>
      <div class="segments" role="group" aria-label=${t('app.language')}>
        ${(['en', 'zh'] as const).map((one) => html`<button type="button" lang=${one === 'zh' ? 'zh-CN' : 'en'} aria-pressed=${lang === one}
          @click=${() => store.set({ lang: one })}>${one === 'zh' ? '中文' : 'English'}</button>`)}
      </div>
      <button type="button" class="quiet" aria-label=${t('app.copyLink')} @click=${this.copy}>${icon('link')}<span>${t('app.copyLink')}</span></button>
      <button type="button" class="quiet" aria-label=${t('help.title')} title=${t('help.title')} @click=${() => this.dialog.showModal()}>${icon('help')}</button>
      <dialog aria-labelledby="help-title">
        <h2 id="help-title">${t('help.title')}</h2>
        <dl>${KEYS.map(({ keys, key }) => html`<div><dt><kbd>${keys}</kbd></dt><dd>${t(key)}</dd></div>`)}</dl>
        <form method="dialog"><button class="primary">${t('help.done')}</button></form>
      </dialog>`;
  }

  private async copy(): Promise<void> {
    const address = location.href;
    try {
      await navigator.clipboard.writeText(address);
      tell(t('app.copied'));
    } catch {
      tell(address); // no permission: shown, to be copied by hand
    }
  }
}

// Simulations: start one of the twin's scenarios, watch progress, cancel, show, compare, remove (which is asked first).
import { html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import type { Run, Scenario } from '../api/types';
import { cancel, compareRuns, endComparison, remove, showRun, start } from '../actions/runs';
import { tellError } from '../actions/notice';
import { clock, shortDay } from '../core/format';
import { local, t } from '../core/i18n';
import { store, type State } from '../core/state';
import { icon } from '../ui/icons';
import { Panel } from './panel';

@customElement('ct-runs')
export class Runs extends Panel {
  protected readonly watched: (keyof State)[] = ['runs', 'scenarios', 'runId', 'withId'];
  @state() private chosen = 0;
  @state() private asked: string | null = null; // the run whose removal waits for a word

  protected override render() {
    const { scenarios, runs } = store.get();
    const scenario = scenarios[Math.min(this.chosen, scenarios.length - 1)];
    return html`<section aria-labelledby="runs-title">
      <h2 id="runs-title">${t('runs.heading')}</h2>
      ${scenarios.length > 1 ? html`<label class="field"><span>${t('runs.scenario')}</span>
        <select @change=${(event: Event) => (this.chosen = (event.target as HTMLSelectElement).selectedIndex)}>
          ${scenarios.map((one, i) => html`<option ?selected=${i === this.chosen}>${local(one.title)}</option>`)}
        </select></label>` : nothing}
      <button type="button" class="primary wide" data-test="start" ?disabled=${!scenario} @click=${() => scenario && start(scenario)}>
        ${icon('rain')}<span>${this.startText(scenario)}</span></button>
      ${runs.length ? html`<ul class="runs">${runs.map((run) => this.row(run))}</ul>` : html`<p class="muted small">${t('runs.none')}</p>`}
    </section>`;
  }

  // With a choice above it, the button need not say the title again.
  private startText(scenario: Scenario | undefined): string {
    if (!scenario) return t('runs.noScenario');
    return store.get().scenarios.length > 1 ? t('runs.startChosen') : t('runs.start', { title: local(scenario.title) });
  }

  private removeAsked(run: Run): void {
    this.asked = null;
    void remove(run);
  }

  private row(run: Run) {
    const { runId, withId } = store.get();
    const active = run.status === 'queued' || run.status === 'running';
    const shown = run.id === runId;
    const compared = run.id === withId;
    const title = local(run.title) || run.id.slice(0, 8);
    const percent = Math.round(run.progress * 100);
    return html`<li class="run ${shown ? 'shown' : ''} ${compared ? 'compared' : ''}" data-run=${run.id}>
      <button type="button" class="run-main" aria-current=${shown ? 'true' : nothing} ?disabled=${run.status !== 'done'}
        @click=${() => showRun(run.id).catch(tellError)}>
        <span class="run-title">${title}</span>
        <span class="run-state status-${run.status}">${t(`status.${run.status}`)}${run.status === 'running' ? ` ${percent} %` : ''}</span>
        <span class="muted small">${run.created ? `${shortDay(run.created)} ${clock(run.created)}` : ''}</span>
      </button>
      <span class="run-tools">
        ${run.status === 'done' && runId && !shown
          ? html`<button type="button" class="tool" aria-pressed=${compared} title=${t('runs.compare')} aria-label="${t('runs.compare')}: ${title}"
              @click=${() => (compared ? endComparison() : compareRuns(runId, run.id).catch(tellError))}>${icon('compare')}</button>` : nothing}
        <button type="button" class="tool" title=${active ? t('runs.cancel') : t('runs.remove')} aria-label="${active ? t('runs.cancel') : t('runs.remove')}: ${title}"
          @click=${() => (active ? cancel(run) : (this.asked = run.id))}>${icon(active ? 'close' : 'trash')}</button>
      </span>
      ${this.asked === run.id && !active ? html`<p class="small run-ask" role="alert">${t('runs.removeAsk')}
        <button type="button" data-test="remove" @click=${() => this.removeAsked(run)}>${t('runs.removeNow')}</button>
        <button type="button" data-test="keep" @click=${() => (this.asked = null)}>${t('runs.keep')}</button></p>` : nothing}
      ${active ? html`<progress max="100" .value=${run.status === 'queued' ? 0 : percent} aria-label="${t('runs.progress')}: ${title}"></progress>
        <span class="muted small run-message">${run.message ?? ''}</span>` : nothing}
      ${run.status === 'failed' && run.message ? html`<p class="small error-text">${run.message}</p>` : nothing}
    </li>`;
  }
}

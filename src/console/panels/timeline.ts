// The timeline: play, step and seek through the stored times of the run shown, over a lane that shows the rain.
import { html, nothing, svg } from 'lit';
import { customElement } from 'lit/decorators.js';
import type { Run } from '../api/types';
import { goTo, play, step } from '../actions/player';
import { clock, day, elapsed, number } from '../core/format';
import { local, t } from '../core/i18n';
import { playedRun, store, type State } from '../core/state';
import { icon } from '../ui/icons';
import { Panel } from './panel';

const zone = () => Intl.DateTimeFormat().resolvedOptions().timeZone;

@customElement('ct-timeline')
export class Timeline extends Panel {
  protected readonly watched: (keyof State)[] = ['runs', 'runId', 'withId', 'side', 'time', 'playing', 'show'];

  protected override render() {
    const { time, playing, show } = store.get();
    const run = playedRun();
    const times = run?.times ?? [];
    const index = Math.max(0, times.indexOf(time ?? ''));
    const none = times.length < 2;
    return html`<section class="timeline" aria-label=${t('time.heading')}>
      <div class="buttons" role="group" aria-label=${t('time.controls')}>
        <button type="button" class="round" ?disabled=${none} aria-label=${t('time.back')} title=${t('time.back')} @click=${() => step(-1)}>${icon('back')}</button>
        <button type="button" class="round big" ?disabled=${none} data-test="play" aria-label=${playing ? t('time.pause') : t('time.play')}
          title=${playing ? t('time.pause') : t('time.play')} @click=${() => play(!playing)}>${icon(playing ? 'pause' : 'play')}</button>
        <button type="button" class="round" ?disabled=${none} aria-label=${t('time.forward')} title=${t('time.forward')} @click=${() => step(1)}>${icon('forward')}</button>
      </div>
      <div class="lane">
        <div class="lane-head">
          ${run ? html`<span class="badge">${t('time.simulation')}</span><span class="lane-title">${local(run.title)}</span>
            ${show === 'depth' ? this.rainNow(run, time) : html`<span class="muted small">${t(`result.${show}`)}</span>`}` : html`<span class="muted">${t('time.noRun')}</span>`}
        </div>
        ${run ? this.rain(run) : nothing}
        <input type="range" data-test="slider" min="0" max=${Math.max(1, times.length - 1)} step="1" .value=${String(index)} ?disabled=${none}
          style="--part:${times.length > 1 ? (index / (times.length - 1)) * 100 : 0}%"
          aria-label=${t('time.slider')} aria-valuetext=${time ? clock(time) : '–'}
          @input=${(event: Event) => goTo(Number((event.target as HTMLInputElement).value))}>
        <div class="ends small muted">${times.length ? html`<span>${clock(times[0])}</span><span>${clock(times[times.length - 1])}</span>` : nothing}</div>
      </div>
      <div class="clock" data-test="clock">
        ${time && run && show === 'depth' ? html`<time datetime=${time}>${clock(time)}</time>
          <span class="small muted">+${elapsed(times[0] ?? time, time)} · ${day(time)} · ${zone()}</span>` : nothing}
      </div>
    </section>`;
  }

  // Rain as bars over the run's time; the height is the intensity.
  private rain(run: Run) {
    const { rain = [], duration_s = 0 } = run.scenario ?? {};
    const most = Math.max(0, ...rain.map((one) => one.intensity_mm_h));
    if (!most || !duration_s) return html`<div class="rain"></div>`;
    return html`<svg class="rain" viewBox="0 0 1000 30" preserveAspectRatio="none" role="img" aria-label=${t('time.rain', { most: number(most) })}>
      ${rain.map((one) => {
        const x = (one.from_s / duration_s) * 1000;
        const height = (one.intensity_mm_h / most) * 30;
        return svg`<rect x=${x} y=${30 - height} width=${Math.max(0, (Math.min(one.to_s, duration_s) / duration_s) * 1000 - x - 2)} height=${height}></rect>`;
      })}</svg>`;
  }

  private rainNow(run: Run, time: string | null) {
    const { rain, start } = run.scenario ?? {};
    if (!rain || !start || !time) return nothing;
    const seconds = (Date.parse(time) - Date.parse(start)) / 1000;
    const now = rain.find((one) => seconds >= one.from_s && seconds < one.to_s)?.intensity_mm_h ?? 0;
    return html`<span class="small rain-now">${t('time.rainNow', { now: number(now) })}</span>`;
  }
}

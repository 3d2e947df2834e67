// The water at one place: its depth at the shown time, and over the whole run.
import { html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { api } from '../api/http';
import { clock, quantity } from '../core/format';
import { t } from '../core/i18n';
import { playedRun, store, type State } from '../core/state';
import '../ui/chart';
import { Panel } from './panel';

const DRY_M = 0.005; // what rounds to 0.00

@customElement('ct-depth')
export class DepthHere extends Panel {
  protected readonly watched: (keyof State)[] = ['runId', 'withId', 'side', 'time'];
  @property({ attribute: false }) place: [number, number] = [0, 0];
  @state() private series: { times: string[]; seconds: number[]; values: (number | null)[] } | null = null;
  private asked = '';

  protected override willUpdate(): void {
    const run = playedRun();
    const wanted = run ? `${run.id}/${this.place.join()}` : '';
    if (wanted === this.asked) return;
    this.asked = wanted;
    this.series = null;
    if (run)
      api.depthSeries(run.id, this.place).then(
        (series) => {
          if (this.asked === wanted) this.series = { ...series, seconds: series.times.map((one) => Date.parse(one) / 1000) };
        },
        () => undefined, // outside of the run's ground: nothing to show
      );
  }

  protected override render() {
    const { time } = store.get();
    const series = this.series;
    if (!series || !time) return nothing;
    const value = series.values[series.times.indexOf(time)] ?? null;
    const label = t('card.depthHere');
    return html`<div class="depth"><h3>${label}</h3>
      <p class="reading" data-test="depth-here">${value === null || value < DRY_M ? t('card.dry') : quantity(value, 'm', 2)} <span class="small muted">${clock(time)}</span></p>
      ${series.values.some((one) => one) ? html`<ct-chart grounded label=${label} unit="m" colour="#58b7e8" .mark=${Date.parse(time) / 1000}
        .times=${series.seconds} .values=${series.values}></ct-chart>` : nothing}</div>`;
  }
}

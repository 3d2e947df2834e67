// A small time series: <ct-chart .times .values unit label colour [stepped]>. Drawn by uPlot; its label says in words
// what it shows, because a picture of a line says nothing to a screen reader.
import { LitElement, type PropertyValues } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import uPlot from 'uplot';
import { number, quantity, clock } from '../core/format';

const HEIGHT_PX = 96;

@customElement('ct-chart')
export class Chart extends LitElement {
  @property({ attribute: false }) times: number[] = []; // seconds since 1970
  @property({ attribute: false }) values: (number | null)[] = [];
  @property({ attribute: false }) mark: number | null = null; // a time to point at
  @property() unit = '';
  @property() label = '';
  @property() colour = '#58b7e8';
  @property({ type: Boolean }) stepped = false;
  @property({ type: Boolean }) grounded = false; // the axis starts at zero
  private plot: uPlot | null = null;
  private readonly watcher = new ResizeObserver(() => this.fit());

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.setAttribute('role', 'img');
    this.watcher.observe(this);
  }

  override disconnectedCallback(): void {
    this.watcher.disconnect();
    this.plot?.destroy();
    this.plot = null;
    super.disconnectedCallback();
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (this.plot && changed.size === 1 && changed.has('mark')) return this.plot.redraw(false);
    const known = this.values.filter((value): value is number => value !== null);
    const range = known.length ? `${number(Math.min(...known))} – ${quantity(Math.max(...known), this.unit)}` : '–';
    this.setAttribute('aria-label', `${this.label}: ${range}`);
    this.plot?.destroy();
    const axis = { stroke: '#9fb3c4', grid: { stroke: 'rgba(159,179,196,.14)', width: 1 }, ticks: { show: false }, font: '11px system-ui, sans-serif' };
    this.plot = new uPlot({
      width: this.clientWidth || 280,
      height: HEIGHT_PX,
      legend: { show: false },
      cursor: { y: false, points: { size: 6 } },
      padding: [8, 8, 0, 0],
      scales: { y: { range: (_, low, high) => this.range(low, high) } },
      axes: [
        { ...axis, size: 22, values: (_, ticks) => ticks.map((tick) => clock(tick * 1000)) },
        { ...axis, size: 38, values: (_, ticks) => ticks.map((tick) => number(tick)) },
      ],
      series: [{}, {
        stroke: this.colour, width: 1.6, fill: `${this.colour}26`, points: { show: known.length < 3 },
        ...(this.stepped ? { paths: uPlot.paths.stepped!({ align: 1 }) } : {}),
      }],
      hooks: { draw: [(plot) => this.drawMark(plot)] },
    }, [this.times, this.values], this);
  }

  private range(low: number, high: number): [number, number] {
    if (this.grounded) return [Math.min(0, low), high > 0 ? high * 1.08 : 1];
    const room = Math.max((high - low) * 0.15, Math.abs(high) * 0.01, 0.05);
    return [low - room, high + room];
  }

  private drawMark(plot: uPlot): void {
    if (this.mark === null) return;
    const x = plot.valToPos(this.mark, 'x', true);
    plot.ctx.strokeStyle = '#ffb84d';
    plot.ctx.lineWidth = devicePixelRatio;
    plot.ctx.beginPath();
    plot.ctx.moveTo(x, plot.bbox.top);
    plot.ctx.lineTo(x, plot.bbox.top + plot.bbox.height);
    plot.ctx.stroke();
  }

  private fit(): void {
    if (this.plot && this.clientWidth && this.plot.width !== this.clientWidth) this.plot.setSize({ width: this.clientWidth, height: HEIGHT_PX });
  }
}

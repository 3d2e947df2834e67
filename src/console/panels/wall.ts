// The wall tool: a button over the map; while a wall is drawn, its points, height and the button that tries it. Points
// can be put without a mouse: the cross in the middle of the map is moved with the arrow keys.
import { html } from 'lit';
import { customElement } from 'lit/decorators.js';
import {
  addWallPoint, cancelWall, finishWall, HEIGHT_MAX_M, HEIGHT_MIN_M, runWithWall, setWallHeight, startWall, undoWallPoint,
} from '../actions/wall';
import { bridge } from '../core/bridge';
import { quantity } from '../core/format';
import { t } from '../core/i18n';
import { shownRun, store, type State, type WallDraft } from '../core/state';
import { length_m } from '../map/geometry';
import { icon } from '../ui/icons';
import { Panel } from './panel';

@customElement('ct-wall')
export class WallTool extends Panel {
  protected readonly watched: (keyof State)[] = ['wall', 'runs', 'runId'];

  protected override render() {
    const { wall } = store.get();
    if (!wall)
      return html`<button type="button" class="float wall-start" data-test="wall" ?disabled=${!shownRun()?.scenario} @click=${startWall}>
        ${icon('wall')}<span>${t('wall.draw')}</span></button>`;
    return html`${wall.finished ? '' : html`<div class="cross" aria-hidden="true"></div>`}
      <section class="float wall-tool" aria-labelledby="wall-title">
        <h2 id="wall-title">${t('wall.draw')}</h2>
        <p class="small" role="status">${wall.finished ? t('wall.ready') : t('wall.how')}</p>
        <p class="small muted">${t('wall.points', { n: wall.points.length, length: quantity(length_m(wall.points), 'm', 0) })}</p>
        ${wall.finished ? this.form(wall) : this.drawing(wall)}
      </section>`;
  }

  private drawing(wall: WallDraft) {
    return html`<div class="row">
      <button type="button" @click=${() => addWallPoint(bridge.map.centre())}>${t('wall.pointAtCentre')}</button>
      <button type="button" ?disabled=${!wall.points.length} @click=${undoWallPoint}>${t('wall.undo')}</button></div>
      <div class="row"><button type="button" class="primary" data-test="wall-finish" ?disabled=${wall.points.length < 2} @click=${finishWall}>${t('wall.finish')}</button>
      <button type="button" @click=${cancelWall}>${t('wall.cancel')}</button></div>`;
  }

  private form(wall: WallDraft) {
    const run = (event: Event) => {
      event.preventDefault();
      void runWithWall();
    };
    return html`<form @submit=${run}>
      <label class="field"><span>${t('wall.height')}</span>
        <input type="number" data-test="wall-height" required min=${HEIGHT_MIN_M} max=${HEIGHT_MAX_M} step="0.1" .value=${String(wall.heightM)}
          @input=${(event: Event) => {
            const height = (event.target as HTMLInputElement).valueAsNumber;
            if (height >= HEIGHT_MIN_M && height <= HEIGHT_MAX_M) setWallHeight(height);
          }}></label>
      <div class="row"><button class="primary" data-test="wall-run">${icon('play')}<span>${t('wall.run')}</span></button>
      <button type="button" @click=${cancelWall}>${t('wall.cancel')}</button></div></form>`;
  }
}

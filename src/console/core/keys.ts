// Keyboard shortcuts. They act only where no control has the key to itself.
import { closeIndoor } from '../actions/indoor';
import { closeInside, stepStorey } from '../actions/inside';
import { cancelWall, finishWall, undoWallPoint } from '../actions/wall';
import { select } from '../actions/select';
import { play, step } from '../actions/player';
import { store } from './state';

const typing = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|SELECT|TEXTAREA)$/.test(target.tagName));
const pressing = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && target.closest('button, a, summary, [role="tab"]') !== null;
const scrolling = (target: EventTarget | null): boolean => target instanceof HTMLElement && target.closest('.card-body, aside') !== null;
const onMap = (target: EventTarget | null): boolean => target instanceof HTMLElement && target.closest('#map') !== null;

export function followKeys(): void {
  addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { wall, selection, playing, inside, indoor } = store.get();
    const key = event.key;
    if (key === 'Escape') {
      if (wall) cancelWall();
      else if (selection) select(null);
      else if (inside) closeInside();
      else if (indoor) closeIndoor();
      else return;
    } else if (typing(event.target)) return;
    else if (inside && (key === 'PageUp' || key === 'PageDown') && !scrolling(event.target)) stepStorey(key === 'PageUp' ? 1 : -1);
    else if (wall && !wall.finished && key === 'Backspace') undoWallPoint();
    else if (wall && !wall.finished && key === 'Enter' && !pressing(event.target)) finishWall();
    else if (key === ' ' && !pressing(event.target)) play(!playing);
    else if ((key === 'ArrowLeft' || key === 'ArrowRight') && !onMap(event.target)) step(key === 'ArrowRight' ? 1 : -1);
    else return;
    event.preventDefault();
  });
}

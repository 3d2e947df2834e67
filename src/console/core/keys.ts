// Keyboard shortcuts. They act only where no control has the key to itself.
import { cancelWall, finishWall, undoWallPoint } from '../actions/wall';
import { select } from '../actions/select';
import { play, step } from '../actions/player';
import { store } from './state';

const typing = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|SELECT|TEXTAREA)$/.test(target.tagName));
const pressing = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && target.closest('button, a, summary, [role="tab"]') !== null;
const onMap = (target: EventTarget | null): boolean => target instanceof HTMLElement && target.closest('#map') !== null;

export function followKeys(): void {
  addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { wall, selection, playing } = store.get();
    const key = event.key;
    if (key === 'Escape') {
      if (wall) cancelWall();
      else if (selection) select(null);
      else return;
    } else if (typing(event.target)) return;
    else if (wall && !wall.finished && key === 'Backspace') undoWallPoint();
    else if (wall && !wall.finished && key === 'Enter' && !pressing(event.target)) finishWall();
    else if (key === ' ' && !pressing(event.target)) play(!playing);
    else if ((key === 'ArrowLeft' || key === 'ArrowRight') && !onMap(event.target)) step(key === 'ArrowRight' ? 1 : -1);
    else return;
    event.preventDefault();
  });
}

// Short messages over the map: what went wrong, or that something was done.
import type { ApiError } from '../api/http';
import { t } from '../core/i18n';
import { store } from '../core/state';

const SHOWN_MS = 7_000;
let timer = 0;

export function tell(text: string, kind: 'info' | 'error' = 'info', stays = false): void {
  store.set({ notice: { text, kind } });
  clearTimeout(timer);
  if (!stays) timer = window.setTimeout(() => store.set({ notice: null }), SHOWN_MS);
}

// A message in the language before would be a riddle.
store.on(['lang'], () => store.set({ notice: null }));

export function tellError(error: unknown): void {
  if ((error as Partial<ApiError> | null)?.status === 0) tell(t('error.unreachable'), 'error');
  else tell(t('error.server', { text: error instanceof Error ? error.message : String(error) }), 'error');
}

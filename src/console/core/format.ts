// Numbers, units and times as people read them. Times are shown in the browser's zone, with the zone named once.
import { store } from './state';
import { t, type Key } from './i18n';

const locale = () => (store.get().lang === 'zh' ? 'zh-CN' : 'en-GB');

export function number(value: number | null | undefined, digits?: number): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return '–';
  const size = Math.abs(value);
  const places = digits ?? (size >= 100 || Number.isInteger(value) ? 0 : size >= 10 ? 1 : 2);
  return new Intl.NumberFormat(locale(), { minimumFractionDigits: Number.isInteger(value) && digits === undefined ? 0 : places,
    maximumFractionDigits: places }).format(value);
}

// UCUM codes to what is printed after a number; what is not listed is printed as it is.
const UNITS: Record<string, string> = {
  m2: 'm²', m3: 'm³', 'm3/s': 'm³/s', Cel: '°C', deg: '°', '1': '', '%': '%', 'ug/m3': 'µg/m³', 's.m-1/3': 's·m⁻¹ᐟ³',
  'mm/h': 'mm/h', 'kW.h': 'kWh', '{count}': '', '{person}': '', '{persons}': '', count: '', bool: '',
};
const UNIT_KEYS: Record<string, Key> = {
  '{person}': 'unit.people', persons: 'unit.people', residents: 'unit.people', people: 'unit.people', '{persons}': 'unit.people',
};
export function unit(code: string | null | undefined): string {
  if (!code) return '';
  const key = UNIT_KEYS[code];
  return key ? t(key) : UNITS[code] ?? code;
}
export const quantity = (value: number | null | undefined, code: string | null | undefined, digits?: number): string =>
  [number(value, digits), unit(code)].filter(Boolean).join('\u202f');

// With its sign; what rounds to nothing is nothing.
export function signed(value: number | null | undefined, digits?: number): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return '–';
  if (isNothing(value, digits)) return number(0);
  return (value > 0 ? '+' : '−') + number(Math.abs(value), digits);
}
export const isNothing = (value: number, digits = 2): boolean => Math.abs(value) < 0.5 * 10 ** -digits;

export const clock = (time: string | number): string =>
  new Intl.DateTimeFormat(locale(), { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(new Date(time));
export const clockSeconds = (time: string | number): string =>
  new Intl.DateTimeFormat(locale(), { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' }).format(new Date(time));
export const day = (time: string | number): string =>
  new Intl.DateTimeFormat(locale(), { year: 'numeric', month: 'short', day: 'numeric' }).format(new Date(time));

export const shortDay = (time: string | number): string =>
  new Intl.DateTimeFormat(locale(), { month: 'short', day: 'numeric' }).format(new Date(time));

// 0:25 = hours:minutes since the start.
export function elapsed(fromIso: string, toIso: string): string {
  const minutes = Math.round((Date.parse(toIso) - Date.parse(fromIso)) / 60_000);
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}`;
}

export function ago(time: string | null | undefined): string {
  if (!time) return t('time.never');
  const seconds = Math.max(0, Math.round((Date.now() - Date.parse(time)) / 1000));
  if (seconds < 60) return t('time.seconds', { n: seconds });
  if (seconds < 3600) return t('time.minutes', { n: Math.floor(seconds / 60) });
  if (seconds < 86_400) return t('time.hours', { n: Math.floor(seconds / 3600) });
  return t('time.days', { n: Math.floor(seconds / 86_400) });
}

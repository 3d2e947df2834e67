// Texts in the language of the state. Keys are checked by the compiler against en.json; i18n/check.mjs holds zh.json to it.
import en from '../i18n/en.json';
import zh from '../i18n/zh.json';
import type { Lang, Text } from '../api/types';
import { store } from './state';

export type Key = keyof typeof en;
const catalogues: Record<'en' | 'zh', Record<Key, string>> = { en, zh };

export function t(key: Key, values: Record<string, string | number> = {}): string {
  return catalogues[store.get().lang][key].replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ''));
}

// The same message in both languages, for documents that are kept.
export function inBoth(key: Key, values: (lang: Lang) => Record<string, string>): { en: string; zh: string } {
  const fill = (lang: Lang) => catalogues[lang][key].replace(/\{(\w+)\}/g, (_, name: string) => values(lang)[name] ?? '');
  return { en: fill('en'), zh: fill('zh') };
}

// A text that the server gave in both languages (or in one).
export function local(text: Text | null | undefined): string {
  if (!text) return '';
  if (typeof text === 'string') return text;
  const { lang } = store.get();
  return text[lang] || text.en || text.zh || '';
}

// Keeps <html lang>, the title and the labels of the static landmarks in step with the language.
export function followLanguage(): void {
  const apply = () => {
    const { lang, twin } = store.get();
    document.documentElement.lang = lang === 'zh' ? 'zh-CN' : 'en';
    document.title = twin ? `${local(twin.title)} · cimtwin` : 'cimtwin';
    for (const element of document.querySelectorAll<HTMLElement>('[data-label]'))
      element.setAttribute('aria-label', t(element.dataset.label as Key));
  };
  store.on(['lang', 'twin'], apply);
  apply();
}

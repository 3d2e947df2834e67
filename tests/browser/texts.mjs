// Whether every text on the page is in the language it should be in.
import assert from 'node:assert';
import fs from 'node:fs';

const catalogue = (lang) => JSON.parse(fs.readFileSync(new URL(`../../src/console/i18n/${lang}.json`, import.meta.url), 'utf8'));
// Names, ids, keys and zones: not texts of the page.
const DATA = /^(cimtwin|English|中文|[A-Za-z]+-[\w.~-]+|Asia\/Shanghai|Esc|Enter|Space|Backspace|PageUp PageDown)$/;

// Everything that is read or heard: text nodes and speaking attributes.
const words = (page) => page.evaluate(() => {
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode.textContent.trim();
    // What files tell of their owners stands as they tell it.
    if (walker.currentNode.parentElement.closest('.maplibregl-ctrl-attrib-inner')) continue;
    if (text && !['SCRIPT', 'STYLE'].includes(walker.currentNode.parentElement.tagName)) found.push(text);
  }
  for (const element of document.querySelectorAll('[aria-label], [title], [aria-valuetext]'))
    for (const name of ['aria-label', 'title', 'aria-valuetext']) if (element.getAttribute(name)) found.push(element.getAttribute(name));
  return found;
});

// `names`: texts that are data of the twin and have one language only.
export async function assertLanguage(page, lang, names = []) {
  const [en, zh] = [catalogue('en'), catalogue('zh')];
  assert.equal(await page.getAttribute('html', 'lang'), lang === 'zh' ? 'zh-CN' : 'en');
  const seen = await words(page);
  assert(seen.length > 100, `texts: ${seen.length}`);
  for (const whole of seen) {
    assert(!(whole in en), `a key is shown: ${whole}`);
    const text = names.reduce((rest, name) => rest.replaceAll(name, ''), whole);
    if (DATA.test(text)) continue;
    if (lang === 'en') assert(!/[\u4e00-\u9fff]/.test(text), `Chinese in the English page: ${text}`);
    else {
      assert(!Object.values(en).includes(text) || Object.values(zh).includes(text), `English in the Chinese page: ${text}`);
      for (const word of text.replace(/\b\w+_\w+\b/g, '').match(/[A-Za-z]{4,}(?:[-/ ][\dA-Za-z][\w.~-]*)?/g) ?? [])
        assert(DATA.test(word), `untranslated "${word}" in: ${text}`);
    }
  }
  return seen.length;
}

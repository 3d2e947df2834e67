// Devices and alarms: values arrive within a second, alarms are listed, acknowledged by keyboard, and nothing is lost
// when the server goes away for a moment.
import assert from 'node:assert';
import { accessibility } from '../browser.mjs';
import { assertLanguage } from '../texts.mjs';
import { until } from '../tools.mjs';

export default {
  async value_is_shown_within_a_second({ open, mock }) {
    const page = await open('#sel=devices/dev-7');
    await page.waitForSelector('[data-test=device-value]');
    const started = Date.now();
    mock.observe('dev-7', 42.5, 'ok');
    await page.waitForFunction(() => document.querySelector('[data-test=device-value]').textContent === '42.5', null, { timeout: 1000, polling: 20 });
    assert(Date.now() - started < 1000);
    mock.observe('dev-7', 9, 'alarm');
    await page.waitForFunction(() => window.cimtwin.map.getFeatureState({ source: 'twin', sourceLayer: 'devices', id: 'dev-7' }).state === 'alarm');
    await page.waitForFunction(() => document.querySelector('[data-test=health-alarm]').textContent === '6');
  },

  async alarm_is_listed_spoken_and_acknowledged({ open, mock }) {
    const page = await open();
    const before = Number(await page.textContent('[data-test=alarm-count]'));
    mock.alarm({ id: 900, device: 'dev-11', property: 'temperature_c', rule: 'threshold', severity: 1, state: 'active', raised: new Date().toISOString(), value: 71 });
    await page.waitForSelector('[data-alarm="900"]', { timeout: 1000 });
    assert.equal(Number(await page.textContent('[data-test=alarm-count]')), before + 1);
    assert.equal(await page.getAttribute('ct-alarms .list li', 'data-alarm'), '900', 'the newest is on top');
    assert.match(await page.textContent('[role=alert]'), /dev-11/);
    assert((await page.locator('.beacon-active').count()) > 0, 'a beacon on the map');
    await page.focus('[data-alarm="900"] .ack');
    await page.keyboard.press('Enter');
    await page.waitForSelector('[data-alarm="900"] .acked');
    assert.deepEqual(mock.acknowledged, [{ id: 900, by: 'operator' }]);
    mock.publish('alarm', { ...mock.alarms[0], state: 'cleared' });
    await page.waitForSelector('[data-alarm="900"]', { state: 'detached' });
  },

  async alarms_are_spoken_in_the_language_of_the_page({ open, mock }) {
    const page = await open('#lang=en');
    await until(page, (s) => s.link === 'live');
    const raise = (id, device, severity) =>
      mock.alarm({ id, device, property: 'smoke', rule: 'threshold', severity, state: 'active', raised: new Date().toISOString(), value: 9 });
    const said = (selector, word) => page.waitForFunction(([where, what]) => document.querySelector(where).textContent.includes(what), [selector, word]);
    raise(901, 'dev-2', 1);
    raise(902, 'dev-6', 3);
    raise(903, 'dev-10', 3); // within the pause after the one before: spoken later, not lost
    await said('ct-alarms [role=alert]', 'dev-2');
    await said('ct-alarms [aria-live=polite]', 'dev-6');
    await assertLanguage(page, 'en');
    await page.click('.segments [lang=zh-CN]');
    await page.waitForFunction(() => document.documentElement.lang === 'zh-CN' && !document.querySelector('ct-alarms [role=alert]').textContent);
    await assertLanguage(page, 'zh');
    await said('ct-alarms [aria-live=polite]', 'dev-10');
    await assertLanguage(page, 'zh');
  },

  async trouble_of_the_server_is_told_until_it_is_over({ open, mock }) {
    mock.trouble('broker-lost');
    const page = await open('#lang=en');
    await page.waitForSelector('[data-condition=broker-lost]'); // as it was when the page came
    mock.trouble('disk-full', 'broker-lost');
    await page.waitForSelector('[data-condition=disk-full]');
    assert.equal(await page.locator('[data-condition]').count(), 2);
    assert.match(await page.textContent('ct-topbar .link'), /Disk full/);
    await assertLanguage(page, 'en');
    await page.click('.segments [lang=zh-CN]');
    await page.waitForFunction(() => document.querySelector('ct-topbar .link').textContent.includes('磁盘已满'));
    await assertLanguage(page, 'zh');
    assert.deepEqual(await accessibility(page), []);
    mock.trouble();
    await page.waitForSelector('[data-condition]', { state: 'detached' });
    await page.waitForFunction(() => document.querySelector('.notice').textContent.includes('恢复正常'));
    assert.match(await page.textContent('ct-topbar .link'), /实时|在线/);
  },

  async comes_back_by_itself({ open, mock }) {
    const page = await open();
    await until(page, (s) => s.link === 'live');
    mock.drop();
    await until(page, (s) => s.link === 'reconnecting');
    await until(page, (s) => s.link === 'live');
    mock.observe('dev-7', 7.25);
    await page.waitForFunction(() => window.cimtwin.device('dev-7').value === 7.25);
    mock.devices.find((one) => one.id === 'dev-8').value = 88; // an event that was missed
    mock.publish('reset', {});
    await page.waitForFunction(() => window.cimtwin.device('dev-8').value === 88);
    return { errors: /live\/events/ }; // the browser reports the broken stream
  },
};

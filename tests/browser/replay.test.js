// A judged mail told again at the viewer's pace.
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {makeMail, zone} from './support/mail.js';
import {assertAccessible, CHECKS, openInbox, recordResults, results, story, useServerAndBrowser} from './support/page.js';
import {MailassayServer} from './support/server.js';
import {sendMail} from './support/smtp.js';

const onPage = useServerAndBrowser(() => MailassayServer.start(zone()));
const control = (page, name) => page.locator(`[data-replay="${name}"]`);
const lines = (page) => page.locator('[data-dialogue] > li').count();

async function judged(page, server) {
  const address = await openInbox(page, server);
  assert.equal(await control(page, 'start').count(), 0, 'nothing to play before a mail');
  await sendMail(server, address);
  await results(page);
  return address;
}

test('the mail is played again in the order it happened, and ends where it was', onPage(async (page, server) => {
  await judged(page, server);
  const told = await story(page);
  const lit = await recordResults(page);
  await control(page, 'start').click();
  await page.waitForSelector('.checks:not(:has([data-result]))', {state: 'attached'});
  assert.equal(await control(page, 'start').isVisible(), false);
  assert.ok(await lines(page) < told.dialogue.length, 'the conversation begins again');
  await assertAccessible(page);
  await control(page, 'start').waitFor();  // it plays to its end by itself
  assert.deepEqual((await lit()).map(([check]) => check).slice(0, 4), CHECKS.slice(0, 4));
  await results(page);
  assert.deepEqual(await story(page), told);
}));

test('it pauses, goes on step by step, and jumps to the end, by keyboard too', onPage(async (page, server) => {
  await judged(page, server);
  const all = await lines(page);
  await control(page, 'start').focus();
  await page.keyboard.press('Enter');
  await page.locator('[data-replay="play"]:focus').waitFor();
  await page.keyboard.press('Enter');
  await page.getByRole('button', {name: 'Play', exact: true}).waitFor();
  const place = () => page.locator('[data-replay-place]').textContent();
  const before = [await place(), await lines(page)];
  await page.waitForTimeout(500);
  assert.deepEqual([await place(), await lines(page)], before, 'a pause is a pause');
  await control(page, 'step').click();
  assert.notEqual(await place(), before[0]);
  for (const check of CHECKS.slice(0, 4)) {
    while (!await page.locator(`[data-check="${check}"][data-result]`).count()) await control(page, 'step').click();
  }
  assert.equal(await page.locator('[data-check="verdict"][data-result]').count(), 0, 'the verdict is yet to come');
  assert.ok(await lines(page) <= all);
  await control(page, 'end').click();
  assert.deepEqual(Object.values(await results(page)), Array(5).fill('pass'));
  await page.locator('[data-replay="start"]:focus').waitFor();
}));

test('a mail that comes meanwhile is shown live', onPage(async (page, server) => {
  const address = await judged(page, server);
  await control(page, 'start').click();
  await control(page, 'play').click();
  await sendMail(server, address, makeMail({subject: 'The next one'}));
  await page.locator('[data-subject]', {hasText: 'The next one'}).waitFor();
  await results(page);
  await page.locator('[data-message]').last().click();
  await page.locator('[data-subject]', {hasText: 'Hello'}).waitFor();
  await results(page);
}));

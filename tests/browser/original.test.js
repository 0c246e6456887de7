// A mail that another server received: the downloaded original, judged from its headers.
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {makeMail, OUTSIDE, received, zone} from './support/mail.js';
import {openInbox, results, useServerAndBrowser} from './support/page.js';
import {MailassayServer} from './support/server.js';

const onPage = useServerAndBrowser(() => MailassayServer.start(zone()));

const file = (text) => ({name: 'original.eml', mimeType: 'message/rfc822', buffer: Buffer.from(text)});
const PASSES = {connection: 'pass', spf: 'pass', dkim: 'pass', dmarc: 'pass', verdict: 'pass'};

test('the landing takes a file, judges it, and says that the headers were read', onPage(async (page, server) => {
  await openInbox(page, server);
  await page.setInputFiles('[data-drop]', file(received()));
  assert.deepEqual(await results(page), PASSES);
  const connection = await page.locator('[data-check="connection"]').innerText();
  assert.ok(connection.includes(OUTSIDE), connection);
  assert.match(connection, /Read from the headers/);
  assert.equal(await page.locator('[data-dialogue]').isVisible(), false, 'there was no conversation');
}));

test('the same by dropping it', onPage(async (page, server) => {
  await openInbox(page, server);
  const data = await page.evaluateHandle((text) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([text], 'original.eml', {type: 'message/rfc822'}));
    return transfer;
  }, received());
  await page.dispatchEvent('.drop', 'dragover', {dataTransfer: data});
  assert.match(await page.locator('.drop').getAttribute('class'), /over/);
  await page.dispatchEvent('.drop', 'drop', {dataTransfer: data});
  assert.deepEqual(await results(page), PASSES);
}));

test('a mail without its received headers says which address is missing', onPage(async (page, server) => {
  await openInbox(page, server);
  await page.setInputFiles('[data-drop]', file(makeMail()));
  const found = await results(page);
  assert.deepEqual([found.connection, found.spf, found.dkim, found.verdict], ['none', 'none', 'pass', 'pass']);
  const connection = await page.locator('[data-check="connection"]').innerText();
  assert.match(connection, /do not tell which address sent this mail/);
  assert.match(connection, /No header tells its whole Return-Path/);
  assert.match(await page.locator('[data-check="spf"]').innerText(), /SPF and iprev are not judged/);
}));

test('without an address and a signature that counts, the verdict stays open and says why', onPage(async (page, server) => {
  await openInbox(page, server);
  await page.setInputFiles('[data-drop]', file('From: a@example.com\r\nSubject: Unsigned\r\n\r\nHello\r\n'));
  const found = await results(page);
  assert.deepEqual([found.dkim, found.dmarc, found.verdict], ['none', 'temperror', 'temperror']);
  const verdict = await page.locator('[data-check="verdict"]').innerText();
  assert.match(verdict, /without the sender's address SPF cannot be judged/);
  assert.doesNotMatch(verdict, /not affected/);
}));

test('several files stand in the list, and a reload keeps none of them', onPage(async (page, server) => {
  await openInbox(page, server);
  for (const subject of ['One', 'Two']) {
    await page.setInputFiles('[data-drop]', file(received(makeMail({subject}))));
    await page.locator('[data-subject]', {hasText: subject}).waitFor();
  }
  assert.equal(await page.locator('[data-message]').count(), 2);
  await page.reload();
  await page.waitForSelector('[data-stream="live"]');
  assert.equal(await page.locator('[data-message]').count(), 0);
}));

test('a file that is no mail is refused in words', onPage(async (page, server) => {
  await openInbox(page, server);
  await page.setInputFiles('[data-drop]', file(''));
  await page.locator('.drop-state', {hasText: 'could not be judged'}).waitFor();
}, {expected: /status of 400/}));

// When no mail comes, when the server goes away, and when there is only a downloaded file.
import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {makeMail, sendMail, SENDER, zone} from './support/mail.js';
import {launch, openInbox, results, withPage} from './support/page.js';
import {MailassayServer} from './support/server.js';

let server;
let browser;
before(async () => {
  server = await MailassayServer.start(zone());
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await server?.remove();
});

test('waiting in vain shows what stands in the way', () => withPage(browser, server, {}, async (page) => {
  await openInbox(page, server, '?diagnose_after=0.2');
  await page.waitForSelector('[data-diagnosing]');
  assert.match(await page.locator('[data-finding="reserved_domain"]').innerText(), /mailassay\.test/);
  assert.match(await page.locator('[data-finding="firewall_hint"]').innerText(), /check the firewall's inbound TCP 25/i);
  assert.match(await page.locator('.doctor').innerText(), new RegExp(`127\\.0\\.0\\.1:${server.smtpPort}`));
}));

test('a mail ends the diagnosis', () => withPage(browser, server, {}, async (page) => {
  const address = await openInbox(page, server, '?diagnose_after=0');
  await page.waitForSelector('[data-diagnosing]');
  await sendMail(server, address);
  await results(page);
  await page.waitForSelector('.doctor', {state: 'hidden'});
}));

test('a dropped original is judged from its headers, and what was guessed is said', () => withPage(browser, server, {}, async (page) => {
  await openInbox(page, server);
  const received = `Return-Path: <bounce@example.com>\r\nReceived: from mail.example.com (mail.example.com. [${SENDER}])\r\n`
      + '        by mx.google.com with ESMTPS id a1; Tue, 24 Nov 2026 02:00:01 +0000\r\n';
  const original = Buffer.from(received + makeMail());
  await page.setInputFiles('[data-drop]', {name: 'original.eml', mimeType: 'message/rfc822', buffer: original});
  const found = await results(page);
  assert.deepEqual([found.spf, found.dkim, found.verdict], ['pass', 'pass', 'pass']);
  assert.match(await page.locator('[data-check="connection"]').innerText(), /Read from the headers/);
}));

test('the page reconnects by itself after the server was restarted, and misses nothing', () => withPage(browser, server, {}, async (page) => {
  const address = await openInbox(page, server);
  await sendMail(server, address, makeMail({subject: 'Before'}));
  await results(page);
  await server.stop();
  await page.waitForSelector('[data-stream="lost"]');
  await server.run();
  await page.waitForSelector('[data-stream="live"]');
  await sendMail(server, address, makeMail({subject: 'After'}));
  await page.locator('[data-subject]', {hasText: 'After'}).waitFor();
  await results(page);
  assert.equal(await page.locator('[data-message]').count(), 2);
}, {expected: /ERR_CONNECTION_REFUSED|ERR_INCOMPLETE_CHUNKED_ENCODING|ERR_CONNECTION_RESET|ERR_EMPTY_RESPONSE/}));

test('a hidden tab gives its stream to the one that is looked at, and catches up', () => withPage(browser, server, {}, async (page) => {
  const address = await openInbox(page, server);
  const hide = (hidden) => page.evaluate((value) => {
    Object.defineProperty(document, 'hidden', {value, configurable: true});
    document.dispatchEvent(new Event('visibilitychange'));
  }, hidden);
  const closed = page.waitForEvent('requestfailed', (request) => request.url().includes('/events'));
  await hide(true);
  const other = await page.context().newPage();
  await other.goto(page.url());
  await closed;
  await sendMail(server, address);
  await other.waitForSelector('[data-check="verdict"][data-result]');
  assert.equal(await page.locator('[data-message]').count(), 0);
  await hide(false);
  await results(page);
}));

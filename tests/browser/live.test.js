// The page while it happens: what is told when, to whom, and that nothing is missed.
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {makeMail, zone} from './support/mail.js';
import {CHECKS, openInbox, recordResults, results, story, tokenOf, useServerAndBrowser} from './support/page.js';
import {MailassayServer} from './support/server.js';
import {sendMail, sendWithPython, SmtpClient} from './support/smtp.js';

const KEY_DELAY = 400;
const DMARC_DELAY = 900;
const LONG_DELAY = 3000;
const LOST = {expected: /ERR_CONNECTION_REFUSED|ERR_INCOMPLETE_CHUNKED_ENCODING|ERR_CONNECTION_RESET|ERR_EMPTY_RESPONSE/};

const onPage = useServerAndBrowser(() => MailassayServer.start(zone(`
$DELAY s1._domainkey.example.com ${KEY_DELAY}
$DELAY _dmarc.example.com ${DMARC_DELAY}
$DELAY _dmarc.slow.example.com ${LONG_DELAY}`)));

const otherPage = async (page, path) => {
  const other = await page.context().newPage();
  await other.goto(path);
  return other;
};

test('a mail from a real SMTP client lights the checks one after the other, without a reload', onPage(async (page, server) => {
  const address = await openInbox(page, server);
  const lit = await recordResults(page);
  await sendWithPython(server, address);
  assert.deepEqual(await results(page), {connection: 'pass', spf: 'pass', dkim: 'pass', dmarc: 'pass', verdict: 'pass'});
  const seen = await lit();  // asks the page that was opened: a reload would have forgotten it
  assert.deepEqual(seen.map(([check]) => check), CHECKS);
  const at = Object.fromEntries(seen.map(([check, , when]) => [check, when]));
  // The key and the policy are slow here: each result is shown when it is known, not all at the end.
  assert.ok(at.spf < at.dkim && at.dkim < at.dmarc, JSON.stringify(seen));
}));

test('SPF is judged while the mail is still on its way', onPage(async (page, server) => {
  const address = await openInbox(page, server);
  const client = await SmtpClient.open(server);
  await client.address(address);
  await page.waitForSelector('[data-check="spf"][data-result="pass"]');
  assert.equal(await page.locator('[data-subject]').textContent(), 'A mail is arriving');
  assert.equal(await page.locator('[data-result]').count(), 2, 'connection and SPF alone');
  await client.data(makeMail());
  await client.quit();
  await results(page);
  assert.equal(await page.locator('[data-subject]').textContent(), 'Hello');
}));

test('a signature that fails says nothing before the last one is judged', onPage(async (page, server) => {
  const address = await openInbox(page, server);
  const lit = await recordResults(page);
  const bad = 'DKIM-Signature: v=1; a=rsa-sha256; d=example.com; s=nokey; h=from; bh=AAAA; b=AAAA\r\n';
  await sendMail(server, address, bad + makeMail());
  await results(page);
  assert.deepEqual((await lit()).filter(([check]) => check === 'dkim').map(([, result]) => result), ['pass']);
}));

test('whoever comes late gets the whole story', onPage(async (page, server) => {
  await sendMail(server, await openInbox(page, server));
  await results(page);
  const told = await story(page);
  assert.ok(told.dialogue.length >= 12 && told.steps.length >= 15, JSON.stringify(told));
  const late = await otherPage(page, page.url());
  assert.deepEqual(await results(late), {connection: 'pass', spf: 'pass', dkim: 'pass', dmarc: 'pass', verdict: 'pass'});
  assert.deepEqual(await story(late), told);
}));

test('two tabs side by side are both live', onPage(async (page, server) => {
  const address = await openInbox(page, server);
  const other = await otherPage(page, page.url());
  await other.waitForSelector('[data-stream="live"]');
  await sendMail(server, address);
  await Promise.all([results(page), results(other)]);
  assert.deepEqual(await story(other), await story(page));
}));

test('a hidden tab gives its stream to the one that is looked at, and catches up', onPage(async (page, server) => {
  const address = await openInbox(page, server);
  const hide = (hidden) => page.evaluate((value) => {
    Object.defineProperty(document, 'hidden', {value, configurable: true});
    document.dispatchEvent(new Event('visibilitychange'));
  }, hidden);
  const closed = page.waitForEvent('requestfailed', (request) => request.url().includes('/events'));
  await hide(true);
  const other = await otherPage(page, page.url());
  await closed;
  await sendMail(server, address);
  await other.waitForSelector('[data-check="verdict"][data-result]');
  assert.equal(await page.locator('[data-message]').count(), 0);
  await hide(false);
  await results(page);
}));

test('the page reconnects by itself after the server was restarted, and misses nothing', onPage(async (page, server) => {
  const address = await openInbox(page, server);
  await sendMail(server, address, makeMail({subject: 'Before'}));
  await results(page);
  await server.stop();
  await page.waitForSelector('[data-stream="lost"]');
  await server.run();
  await sendMail(server, address, makeMail({subject: 'Meanwhile'}));  // the page is not back yet
  await page.waitForSelector('[data-stream="live"]');
  await page.locator('[data-subject]', {hasText: 'Meanwhile'}).waitFor();
  await results(page);
  assert.equal(await page.locator('[data-message]').count(), 2);
  const fresh = await otherPage(page, page.url());
  await results(fresh);
  assert.deepEqual(await story(page), await story(fresh));
}, LOST));

test('a mail whose judgement was cut off is judged again before the reader\'s eyes', onPage(async (page, server) => {
  const address = await openInbox(page, server);
  await sendMail(server, address, makeMail({from: 'Ann <ann@slow.example.com>'}));
  await page.waitForSelector('[data-check="dkim"][data-result]');
  await server.stop('SIGKILL');
  assert.equal(await page.locator('[data-check="verdict"][data-result]').count(), 0, 'killed in time');
  const before = (await story(page)).dialogue;
  await server.run();
  await results(page);
  const after = await story(page);
  assert.deepEqual(after.dialogue.slice(0, before.length), before, 'the conversation stays');
  assert.equal(after.steps.filter((text) => text.startsWith('SPF for MAIL FROM')).length, 1, after.steps.join('\n'));
}, LOST));

test('an inbox that is deleted says so to whoever watches, and offers a new address', onPage(async (page, server) => {
  await openInbox(page, server);
  const gone = tokenOf(page);
  await page.request.delete(`${server.url}/api/v1/inboxes/${gone}`);
  await page.waitForSelector('[data-notice="gone"]');
  await page.getByRole('button', {name: 'New address'}).click();
  await page.waitForSelector('[data-address]:not(:empty)');
  assert.notEqual(tokenOf(page), gone);
}));

test('an unknown token says so', onPage(async (page, server) => {
  await page.goto(`${server.url}/w/00000000000000000000000000000000`);
  await page.waitForSelector('[data-notice="gone"]');
}, {expected: /status of 404/}));

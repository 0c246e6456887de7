// Much at once: a story of thousands of steps, and a mail of many octets. The page stays usable and loads what is looked at.
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {makeMail, zone} from './support/mail.js';
import {openAllSteps, openDetails, openInbox, results, useServerAndBrowser} from './support/page.js';
import {MailassayServer} from './support/server.js';
import {sendMail, SmtpClient} from './support/smtp.js';

const COMMANDS = 3000;             // each is two steps, itself and its reply
const EVENTS_A_REDRAW = 10;        // at least, on the average
const MAIL_OCTETS = 25 * 1024 * 1024;
const MOST_LOADED = MAIL_OCTETS / 4;

const onPage = useServerAndBrowser(() => MailassayServer.start(zone()));
const PASSES = {connection: 'pass', spf: 'pass', dkim: 'pass', dmarc: 'pass', verdict: 'pass'};

// A client that says NOOP thousands of times before its mail.
async function sendLongStory(server, address) {
  const client = await SmtpClient.open(server);
  await client.address(address);
  await client.repeat('NOOP', COMMANDS, 250);
  await client.data(makeMail());
  await client.quit();
}

// Counts from now on how often the page redraws, and how many lines that adds to the conversation.
async function countRedraws(page) {
  await page.evaluate(() => {
    globalThis.drawn = {redraws: 0, lines: 0};
    new MutationObserver((changes) => {
      globalThis.drawn.redraws += 1;
      for (const {target, addedNodes} of changes) if (target.matches?.('[data-dialogue]')) globalThis.drawn.lines += addedNodes.length;
    }).observe(document.querySelector('main'), {childList: true, subtree: true});
  });
  return () => page.evaluate(() => globalThis.drawn);
}

// Octets of bodies, events aside, that the page is sent from now on, and events.
async function listen(page) {
  const heard = {events: 0, octets: 0};
  const wire = await page.context().newCDPSession(page);
  await wire.send('Network.enable');
  wire.on('Network.eventSourceMessageReceived', () => { heard.events += 1; });
  wire.on('Network.dataReceived', ({dataLength}) => { heard.octets += dataLength; });
  return heard;
}

test('thousands of steps are drawn in few strokes, and told to their end', onPage(async (page, server) => {
  const address = await openInbox(page, server);
  const heard = await listen(page);
  const drawn = await countRedraws(page);
  await sendLongStory(server, address);
  assert.deepEqual(await results(page), PASSES);
  assert.ok(heard.events >= 2 * COMMANDS, `${heard.events} events`);
  const {redraws, lines} = await drawn();
  assert.ok(lines >= 2 * COMMANDS, `${lines} lines of the conversation`);
  assert.match(await page.locator('[data-dialogue] > li').last().innerText(), /^This server:\s+221 /);
  assert.ok(redraws <= heard.events / EVENTS_A_REDRAW, `${redraws} redraws for ${heard.events} events`);
}));

test('with thousands of steps everything still opens, in another language too, and after a reload', onPage(async (page, server) => {
  await sendLongStory(server, await openInbox(page, server));
  assert.deepEqual(await results(page), PASSES);
  await page.click('[data-lang="ko"]');
  await page.waitForSelector('html[lang="ko"] [data-check="verdict"][data-result]');
  await openDetails(page, '[data-check="spf"] .steps');
  await page.locator('[data-check="spf"] .step').first().waitFor();
  await page.click('[data-lang="en"]');
  await page.waitForSelector('html[lang="en"] [data-check="verdict"][data-result]');
  await page.reload();
  assert.deepEqual(await results(page), PASSES);
  await page.locator('.dialogue-card > summary').click();
  await page.locator('[data-dialogue] > li', {hasText: 'NOOP'}).first().waitFor();
  await openAllSteps(page);
  assert.ok(await page.locator('.step[open]').count() > 20);
}));

test('a mail of 25 MiB is judged, and what of it the page loads is a small part', onPage(async (page, server) => {
  const address = await openInbox(page, server);
  const heard = await listen(page);
  const line = `${'0123456789'.repeat(7)}\r\n`;
  await sendMail(server, address, makeMail({subject: 'Large', body: line.repeat(Math.ceil(MAIL_OCTETS / line.length))}));
  assert.deepEqual(await results(page), PASSES);
  assert.equal(await page.locator('[data-subject]').textContent(), 'Large');
  assert.match(await page.locator('.mail-head').innerText(), /26\.2 MB/);
  // The sheet of the signature shows the fields and how the body begins, the mail itself its first text.
  await page.locator('[data-picture="dkim"]').scrollIntoViewIfNeeded();
  await page.locator('[data-picture="dkim"][data-drawn] .field-value', {hasText: 'Large'}).waitFor();
  await page.locator('.mail > summary').click();
  await page.locator('.mail-text', {hasText: '0123456789'}).waitFor();
  assert.ok(heard.octets < MOST_LOADED, `${heard.octets} octets`);
  await page.click('[data-lang="ko"]');
  await page.waitForSelector('html[lang="ko"] [data-check="verdict"][data-result]');
}));

// "Test again": after something was published, what the domains' own servers say, and what differs from before.
import assert from 'node:assert/strict';
import {writeFile} from 'node:fs/promises';
import {test} from 'node:test';
import {makeMail, zone} from './support/mail.js';
import {compared, judged, openCard, useServerAndBrowser} from './support/page.js';
import {MailassayServer} from './support/server.js';

const UNPUBLISHED = zone('$NXDOMAIN _dmarc.example.com\n$NXDOMAIN bounces.example.org');
const onPage = useServerAndBrowser(() => MailassayServer.start(UNPUBLISHED));
const LOST = /ERR_CONNECTION_REFUSED|ERR_INCOMPLETE_CHUNKED_ENCODING|ERR_CONNECTION_RESET|ERR_EMPTY_RESPONSE/;

async function openAgain(page, server, mail, envelope) {
  await judged(page, server, mail, envelope);
  return openCard(page, '[data-prove="again"]');
}

const run = (card) => card.getByRole('button', {name: 'Judge it again now'}).click();

// The server with another zone, as if it had been published.
async function publish(server, text) {
  await server.stop();
  await writeFile(server.zoneFile, text);
  await server.run();
}

test('with nothing published since, nothing changes, and resolvers hold nothing old', onPage(async (page, server) => {
  const card = await openAgain(page, server);
  await run(card);
  const found = await compared(card);
  for (const [check, [before, now]] of Object.entries(found)) assert.equal(now, before, check);
  assert.equal(await card.locator('[data-unchanged]').textContent(), 'Nothing changes.');
  assert.match(await card.innerText(), /Resolvers give the same answers as the domains' own servers/);
}));

test('what was published since is seen, named and compared; what the page says of the mail stays', onPage(async (page, server) => {
  const card = await openAgain(page, server, makeMail(), {mailFrom: 'x@bounces.example.org'});
  await publish(server, zone());
  try {
    await page.waitForSelector('[data-stream="live"]');
    await run(card);
    const found = await compared(card);
    assert.deepEqual([found.spf, found.dmarc, found.dkim], [['none', 'pass'], ['none', 'pass'], ['pass', 'pass']]);
    assert.match(await card.locator('.headline').innerText(), /DMARC passes/);
    await card.locator('.compared details > summary').click();
    assert.match(await card.locator('.compared details').innerText(), /dmarc\.record\s+–\s+v=DMARC1; p=reject/);
    assert.equal(await page.locator('[data-check="verdict"]').getAttribute('data-result'), 'none');
  } finally {
    await publish(server, UNPUBLISHED);
  }
}, {expected: LOST}));

test('who may still hold an old answer is said with the seconds left, and why a server could not be asked', onPage(async (page, server) => {
  const card = await openAgain(page, server);
  await page.route('**/judge-again', async (route) => {
    const answer = await (await route.fetch()).json();
    const [first, second] = answer.held;
    Object.assign(first, {name: 'example.com', type: 'TXT', differs: true, held_for: 3541});
    second.instead = 'no_name_server';
    await route.fulfill({json: answer});
  });
  await run(card);
  await card.locator('[data-held]').waitFor();
  assert.match(await card.locator('[data-held="example.com"]').innerText(), /^example\.com TXT: up to 3541 s longer/);
  assert.equal(await card.locator('[data-held]').count(), 1);
  assert.equal(await card.locator('[data-instead="no_name_server"]').count(), 1);
  assert.doesNotMatch(await card.innerText(), /no_name_server|Resolvers give the same/);
}));

test('a server that cannot do it now says why, and can be asked again', onPage(async (page, server) => {
  const card = await openAgain(page, server);
  await page.route('**/judge-again', (route) => route.fulfill({status: 503, contentType: 'application/problem+json',
    body: JSON.stringify({status: 503, title: 'Service Unavailable', detail: 'too much is being judged'})}), {times: 1});
  await run(card);
  await card.getByRole('alert').waitFor();
  assert.match(await card.getByRole('alert').innerText(), /That did not work: too much is being judged/);
  await run(card);
  await compared(card);
  assert.equal(await card.getByRole('alert').isVisible(), false);
}, {expected: /503/}));

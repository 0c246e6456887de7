// Two mails of one address side by side: what changed since the last test.
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {makeMail, zone} from './support/mail.js';
import {assertAccessible, assertFits, openInbox, results, useServerAndBrowser} from './support/page.js';
import {MailassayServer} from './support/server.js';
import {sendMail} from './support/smtp.js';

const onPage = useServerAndBrowser(() => MailassayServer.start(zone()));
const row = (page, check) => page.locator(`.beside [data-compare="${check}"]`);

async function send(page, server, address, subject, mail, envelope) {
  await sendMail(server, address, mail, envelope);
  await page.locator('[data-subject]', {hasText: subject}).waitFor();
  await results(page);
}

test('the mail before is compared with this one, and any other by choice', onPage(async (page, server) => {
  const address = await openInbox(page, server);
  await send(page, server, address, 'First', makeMail({subject: 'First', signed: false}), {mailFrom: 'x@bounces.example.org'});
  assert.equal(await page.locator('.beside').isVisible(), false, 'one mail alone has nothing beside it');
  await send(page, server, address, 'Second', makeMail({subject: 'Second', signed: false}));
  await send(page, server, address, 'Third', makeMail({subject: 'Third'}));
  await page.locator('.beside > summary').click();
  await row(page, 'dkim').waitFor();
  const pair = async (check) => [await row(page, check).getAttribute('data-before'), await row(page, check).getAttribute('data-after')];
  assert.deepEqual([await pair('spf'), await pair('dkim'), await pair('dmarc')], [['pass', 'pass'], ['none', 'pass'], ['pass', 'pass']]);
  assert.deepEqual(await page.locator('.beside thead th').allInnerTexts().then((all) => all.map((text) => text.split(' ')[0])), ['Second', 'Third']);
  await page.getByLabel('Compare with').selectOption({index: 1});
  await page.locator('.beside [data-compare="dmarc"][data-before="fail"]').waitFor();
  assert.deepEqual(await pair('spf-aligned'), ['false', 'true']);
  await page.locator('.beside details > summary').click();
  assert.match(await page.locator('.beside .scroll').innerText(), /connection\.mail_from\s+x@bounces\.example\.org\s+bounce@example\.com/);
  for (const width of [1440, 360]) {
    await page.setViewportSize({width, height: 800});
    await assertFits(page);
    await assertAccessible(page);
  }
}));

test('two mails that are judged alike say so', onPage(async (page, server) => {
  const address = await openInbox(page, server);
  await send(page, server, address, 'First', makeMail({subject: 'First', signed: false}));
  await send(page, server, address, 'Second', makeMail({subject: 'Second', signed: false}));
  await page.locator('.beside > summary').click();
  await page.locator('.beside [data-unchanged]').waitFor();
}));

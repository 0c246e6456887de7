// Copying on plain http:// of another host than localhost, where browsers offer no navigator.clipboard.
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {makeMail, SES_SENDER, zone} from './support/mail.js';
import {openInbox, pasted, results, useServerAndBrowser} from './support/page.js';
import {MailassayServer} from './support/server.js';
import {sendMail} from './support/smtp.js';

const onPage = useServerAndBrowser(() => MailassayServer.start(zone(), {host: 'watch.example'}));

test('address, code and records are copied without a secure context', onPage(async (page, server) => {
  const address = await openInbox(page, server);
  assert.deepEqual(await page.evaluate(() => [isSecureContext, typeof navigator.clipboard]), [false, 'undefined']);
  await page.getByRole('button', {name: 'Copy address'}).click();
  await page.getByRole('button', {name: 'Copied'}).waitFor();
  assert.equal(await pasted(page), address);
  await page.locator('[role="tabpanel"] .copy').click();
  assert.ok((await pasted(page)).startsWith(`swaks --to ${address} \\\n`));
  await sendMail(server, address, makeMail(), {mailFrom: SES_SENDER});
  await results(page);
  await page.locator('.record-row', {hasText: 'TXT'}).getByRole('button').click();
  assert.equal(await pasted(page), 'v=spf1 include:amazonses.com ~all');
}));

test('if nothing can copy, the text is left selected', onPage(async (page, server) => {
  const address = await openInbox(page, server);
  await page.evaluate(() => { document.execCommand = () => false; });
  await page.getByRole('button', {name: 'Copy address'}).click();
  await page.getByRole('button', {name: 'Selected: press Ctrl+C'}).waitFor();
  assert.equal(await page.evaluate(() => getSelection().toString()), address);
}));

// Copying on plain http:// of another host than localhost, where browsers offer no navigator.clipboard.
import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {makeMail, zone} from './support/mail.js';
import {launch, openInbox, results, withPage} from './support/page.js';
import {MailassayServer} from './support/server.js';
import {sendMail} from './support/smtp.js';

let server;
let browser;
before(async () => {
  [server, browser] = await Promise.all([MailassayServer.start(zone(), {host: 'watch.example'}), launch()]);
});
after(async () => {
  await browser?.close();
  await server?.remove();
});

// What the clipboard holds, by pasting it.
async function pasted(page) {
  await page.evaluate(() => {
    document.querySelector('#paste')?.remove();
    const area = document.createElement('textarea');
    area.id = 'paste';
    document.body.append(area);
    area.focus();
  });
  await page.keyboard.press('Control+V');
  return page.inputValue('#paste');
}

test('address, code and records are copied without a secure context', () => withPage(browser, server, {}, async (page) => {
  const address = await openInbox(page, server);
  assert.deepEqual(await page.evaluate(() => [isSecureContext, typeof navigator.clipboard]), [false, 'undefined']);
  await page.getByRole('button', {name: 'Copy address'}).click();
  await page.getByRole('button', {name: 'Copied'}).waitFor();
  assert.equal(await pasted(page), address);
  await page.locator('[role="tabpanel"] .copy').click();
  assert.ok((await pasted(page)).startsWith(`swaks --to ${address} \\\n`));
  await sendMail(server, address, makeMail(), {mailFrom: '0100@ap-northeast-2.amazonses.com'});
  await results(page);
  await page.locator('.record-row', {hasText: 'TXT'}).getByRole('button').click();
  assert.equal(await pasted(page), 'v=spf1 include:amazonses.com ~all');
}));

test('if nothing can copy, the text is left selected', () => withPage(browser, server, {}, async (page) => {
  const address = await openInbox(page, server);
  await page.evaluate(() => { document.execCommand = () => false; });
  await page.getByRole('button', {name: 'Copy address'}).click();
  await page.getByRole('button', {name: 'Selected: press Ctrl+C'}).waitFor();
  assert.equal(await page.evaluate(() => getSelection().toString()), address);
}));

// What a mail says is text, whatever it says.
import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {makeMail, sendMail, zone} from './support/mail.js';
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

const SCRIPT = '<script>alert(1)</script><img src=x onerror=alert(2)>';

test('markup, direction marks and NUL in a mail are shown as text', () => withPage(browser, server, {}, async (page) => {
  const address = await openInbox(page, server);
  const mail = makeMail({from: `"${SCRIPT}" <ann@example.com>`, subject: `${SCRIPT} \u202etxt.exe`,
    body: `${SCRIPT}\r\n\u202eevil \u0000 NUL\r\njavascript:alert(3) <a href="javascript:alert(4)">x</a>\r\n`});
  await sendMail(server, address, mail);
  await results(page);
  const subject = await page.locator('[data-subject]').textContent();
  assert.ok(subject.includes(SCRIPT), subject);
  assert.ok(subject.includes('⟨U+202E⟩') && !subject.includes('\u202e'), subject);
  await page.locator('.mail > summary').click();
  const text = await page.locator('.mail-text').textContent();
  assert.ok(text.includes(SCRIPT), text);
  assert.ok(!text.includes('\u202e') && !text.includes('\u0000'), text);
  assert.equal(await page.locator('main script, main img[src="x"], main a[href^="javascript"]').count(), 0);
}));

test('a mail broken off leaves its conversation and no verdict', () => withPage(browser, server, {}, async (page) => {
  const address = await openInbox(page, server);
  const bare = `${makeMail({signed: false})}bare\nline feed\r\n`;
  await assert.rejects(sendMail(server, address, bare), /554/);
  await page.locator('.judged .note-box').waitFor();
  assert.match(await page.locator('.judged .note-box').innerText(), /broke this mail off/);
  assert.equal(await page.locator('[data-check="verdict"][data-result]').count(), 0);
}));

// What a mail and its DNS say is text, whatever they say. (withPage fails on a policy violation, a console error,
// a dialog or a request to another host.)
import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {makeMail, zone} from './support/mail.js';
import {assertAccessible, assertFits, launch, openAllSteps, openInbox, results, withPage} from './support/page.js';
import {MailassayServer} from './support/server.js';
import {sendMail} from './support/smtp.js';

const SCRIPT = '<script>alert(1)</script><img src=x onerror=alert(2)>';
const TXT = '<img src=https://evil.example.net/dns onerror=alert(3)>';

let server;
let browser;
before(async () => {
  [server, browser] = await Promise.all([MailassayServer.start(zone(`
evil.example.org. 300 IN TXT "v=spf1 exp=why.example.org -all"
why.example.org. 300 IN TXT "${TXT} for %{s}"
s._domainkey.evil.example.org. 300 IN TXT "v=DKIM1; n=${TXT}; p=AAAA"
_dmarc.evil.example.org. 300 IN TXT "v=DMARC1; p=reject; x=${TXT}"`)), launch()]);
});
after(async () => {
  await browser?.close();
  await server?.remove();
});

// No element of a mail's making: the page itself has none of these.
async function assertOnlyText(page) {
  assert.equal(await page.locator('script:not([src]), main script, main img, main iframe, main object, main embed, main base, main meta, main link, main style')
      .count(), 0);
  assert.equal(await page.locator('a[href^="javascript" i], a[href^="data" i], [onerror], [onload], [style]').count(), 0);
}

async function openEverything(page) {
  await openAllSteps(page);
  await page.locator('.mail > summary').click();
  await page.waitForSelector('.mail-text');
}

test('markup, direction marks and NUL in a mail are shown as text', () => withPage(browser, server, {}, async (page) => {
  const address = await openInbox(page, server);
  const mail = makeMail({from: `"${SCRIPT}" <ann@example.com>`, subject: `${SCRIPT} \u202etxt.exe`,
    body: `${SCRIPT}\r\n\u202eevil \u0000 NUL\r\njavascript:alert(3) <a href="javascript:alert(4)">x</a>\r\n`});
  await sendMail(server, address, mail);
  await results(page);
  const subject = await page.locator('[data-subject]').textContent();
  assert.ok(subject.includes(SCRIPT), subject);
  assert.ok(subject.includes('⟨U+202E⟩') && !subject.includes('\u202e'), subject);
  await openEverything(page);
  const text = await page.locator('.mail-text').textContent();
  assert.ok(text.includes(SCRIPT), text);
  assert.ok(!text.includes('\u202e') && !text.includes('\u0000'), text);
  await assertOnlyText(page);
}));

test('so are those of the envelope, the signature, the DNS and an attachment\'s name', () => withPage(browser, server, {}, async (page) => {
  const address = await openInbox(page, server);
  const extra = `DKIM-Signature: v=1; a=rsa-sha256; d=evil.example.org; s=s; h=from; bh=AAAA; b=AAAA; i="${SCRIPT}"\r\n`
      + `Authentication-Results: mailassay.test; spf=pass ${SCRIPT}\r\nARC-Seal: ${SCRIPT}\r\n`
      + 'MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n';
  const body = '--b\r\nContent-Type: text/html\r\n\r\n<base href="https://evil.example.net/"><meta http-equiv="refresh" content="0;url=https://evil.example.net/">'
      + `<p onclick=alert(5)>Read me</p><img src="https://evil.example.net/pixel"><link rel=stylesheet href="//evil.example.net/x.css">`
      + '<a href="javascript:alert(6)">bad</a><a href="data:text/html,x">worse</a><a href="https://example.com/good">good</a><iframe src="//evil.example.net"></iframe>'
      + `\r\n--b\r\nContent-Type: application/pdf; name="${SCRIPT.replaceAll('"', '')}.pdf"\r\nContent-Disposition: attachment\r\n\r\nx\r\n--b--\r\n`;
  await sendMail(server, address, makeMail({from: 'Eve <eve@evil.example.org>', signed: false, extra, body}),
      {helo: '[<svg/onload=alert(7)>]', mailFrom: '"<b>\\"x"@evil.example.org'});
  const found = await results(page);
  assert.equal(found.verdict, 'fail');
  await openEverything(page);
  assert.ok((await page.locator('[data-check="spf"]').innerText()).includes(TXT), 'the explanation of the fail is shown, as text');
  assert.ok((await page.locator('[data-check="dmarc"]').innerText()).includes(TXT));
  assert.deepEqual(await page.locator('[data-mail-text] a').evaluateAll((links) => links.map((link) => link.href)), ['https://example.com/good']);
  assert.ok((await page.locator('[data-mail-text]').innerText()).includes('alert(1)'), 'the attachment is named');
  await assertOnlyText(page);
  await assertFits(page);
  await assertAccessible(page);
}));

test('a mail broken off leaves its conversation, the reason, and no verdict', () => withPage(browser, server, {}, async (page) => {
  const address = await openInbox(page, server);
  const bare = `${makeMail({signed: false})}bare\nline feed\r\n`;
  await assert.rejects(sendMail(server, address, bare), /554/);
  await page.locator('.judged .note-box').waitFor();
  assert.match(await page.locator('.judged .note-box').innerText(), /CR or LF that is not part of CRLF, so it was refused\. There is nothing to judge/);
  assert.match(await page.locator('[data-dialogue]').innerText(), /554 5\.6\.0/);
  assert.equal(await page.locator('[data-check="verdict"][data-result]').count(), 0);
}));

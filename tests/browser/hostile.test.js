// What a mail and its DNS say is text, whatever they say. (Every page fails on a policy violation, a console error,
// a dialog or a request to another host.)
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {makeMail, zone} from './support/mail.js';
import {assertAccessible, assertFits, openAllSteps, openCard, openInbox, results, useServerAndBrowser} from './support/page.js';
import {MailassayServer} from './support/server.js';
import {sendMail} from './support/smtp.js';

const SCRIPT = '<script>alert(1)</script><img src=x onerror=alert(2)>';
const TXT = '<img src=https://evil.example.net/dns onerror=alert(3)>';

const onPage = useServerAndBrowser(() => MailassayServer.start(zone(`
evil.example.org. 300 IN TXT "v=spf1 exp=why.example.org -all"
why.example.org. 300 IN TXT "${TXT} for %{s}"
s._domainkey.evil.example.org. 300 IN TXT "v=DKIM1; n=${TXT}; p=AAAA"
turned.example.org. 300 IN TXT "v=spf1 exp=turned-why.example.org -all"
turned-why.example.org. 300 IN TXT "\\226\\128\\174 turned"
_dmarc.turned.example.org. 300 IN TXT "v=DMARC1; p=none; x=\\226\\128\\174"
_dmarc.evil.example.org. 300 IN TXT "v=DMARC1; p=reject; x=${TXT}"`)));

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

test('markup, direction marks and NUL in a mail are shown as text', onPage(async (page, server) => {
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

test('so are those of the envelope, the signature, the DNS and an attachment\'s name', onPage(async (page, server) => {
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

const FIELDS = ['Return-Path', 'Delivered-To', 'Received', 'Received-SPF', 'Authentication-Results', 'ARC-Seal', 'ARC-Message-Signature', 'ARC-Authentication-Results',
  'DKIM-Signature', 'DKIM2-Signature', 'From', 'Sender', 'Reply-To', 'To', 'Cc', 'Bcc', 'Subject', 'Date', 'Message-ID', 'In-Reply-To', 'References', 'MIME-Version', 'Content-Type',
  'Content-Transfer-Encoding', 'Content-Disposition', 'List-Unsubscribe', 'List-Unsubscribe-Post', 'List-Id', 'Feedback-ID', 'Precedence', 'Auto-Submitted', 'BIMI-Selector', 'X-Mailer'];

test('markup in every field there is, by its name too, is text', onPage(async (page, server) => {
  const address = await openInbox(page, server);
  const header = [...FIELDS, 'X-<script>alert(1)</script>'].map((name) => `${name}: ${SCRIPT} \u202e\u0000${name}\r\n`).join('');
  await sendMail(server, address, `${header}\r\n${SCRIPT}\r\n`, {helo: 'mail.example.com', mailFrom: ''});
  await results(page);
  assert.ok((await page.locator('[data-subject]').textContent()).startsWith(SCRIPT));
  await openEverything(page);
  await assertOnlyText(page);
  const all = await page.locator('body').textContent();
  assert.ok(!/[\u0000\u202e]/.test(all), 'direction marks and NUL are made visible');
  await openCard(page, '[data-share]');
  await openCard(page, '[data-prove="what-if"]');
  await assertOnlyText(page);
  await assertFits(page);
}));

test('direction marks of the envelope and the DNS turn nothing around', onPage(async (page, server) => {
  const address = await openInbox(page, server);
  const mail = makeMail({from: 'Eve <eve@turned.example.org>', signed: false, body: '\u2066isolated\u2069 \u200fmarked\r\n'});
  await sendMail(server, address, mail, {helo: '[\u202ecba]', mailFrom: 'x@turned.example.org'});
  await results(page);
  await openEverything(page);
  for (const check of ['connection', 'spf', 'dmarc']) assert.ok((await page.locator(`[data-check="${check}"]`).textContent()).includes('⟨U+202E⟩'), `${check} shows them`);
  const all = await page.locator('body').textContent();
  assert.ok(!/[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/.test(all));
}));

test('a header of a megabyte is judged and shown, cut or scrolled, and the page stays usable', onPage(async (page, server) => {
  const address = await openInbox(page, server);
  const folded = (text, times) => `${text.repeat(Math.floor(900 / text.length))}\r\n `.repeat(times);
  const header = `Subject: ${folded('long ', 60)}end\r\nX-Big: ${folded('x', 1160)}end\r\n`;
  assert.ok(header.length > 1e6);
  await sendMail(server, address, header + makeMail({signed: false}).replace(/Subject: .*\r\n/, ''));
  await results(page);
  assert.match(await page.locator('[data-subject]').textContent(), /^long long/);
  await assertFits(page);
  await openEverything(page);
  await assertFits(page);
  await page.click('[data-lang="ko"]');
  await page.waitForSelector('html[lang="ko"] [data-check="verdict"][data-result]');
}));

test('a mail broken off leaves its conversation, the reason, and no verdict', onPage(async (page, server) => {
  const address = await openInbox(page, server);
  const bare = `${makeMail({signed: false})}bare\nline feed\r\n`;
  await assert.rejects(sendMail(server, address, bare), /554/);
  await page.locator('.judged .note-box').waitFor();
  assert.match(await page.locator('.judged .note-box').innerText(), /CR or LF that is not part of CRLF, so it was refused\. There is nothing to judge/);
  assert.match(await page.locator('[data-dialogue]').innerText(), /554 5\.6\.0/);
  assert.equal(await page.locator('[data-check="verdict"][data-result]').count(), 0);
}));

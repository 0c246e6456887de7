// From an empty browser to a judged mail, and what the page says of it.
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {makeMail, SENDER, SES_SENDER, zone} from './support/mail.js';
import {openAllSteps, openInbox, results, tokenOf, useServerAndBrowser} from './support/page.js';
import {MailassayServer} from './support/server.js';
import {sendMail} from './support/smtp.js';

const onPage = useServerAndBrowser(() => MailassayServer.start(zone()));

const words = (page, check) => page.locator(`[data-check="${check}"]`).innerText();
const equation = (page, check) => page.locator(`[data-check="${check}"] .alignment`).innerText();

test('an address is there at once, survives a reload, and is used again from the front door', onPage(async (page, server) => {
  const address = await openInbox(page, server);
  assert.match(address, /^ld-[a-z0-9-]+@mailassay\.test$/);
  assert.match(new URL(page.url()).pathname, /^\/w\/.+/);
  await page.reload();
  await page.waitForSelector('[data-stream="live"]');
  assert.equal(await page.locator('[data-address]').textContent(), address);
  assert.equal(await openInbox(page, server), address);
  await page.getByRole('button', {name: 'New address'}).click();
  await page.waitForFunction((old) => {
    const text = document.querySelector('[data-address]')?.textContent;
    return text && text !== old;
  }, address);
}));

test('a mail that passes: each check says what passed, for whom, and that it counts', onPage(async (page, server) => {
  const address = await openInbox(page, server);
  await sendMail(server, address);
  assert.deepEqual(await results(page), {connection: 'pass', spf: 'pass', dkim: 'pass', dmarc: 'pass', verdict: 'pass'});
  assert.equal(await page.locator('[data-subject]').textContent(), 'Hello');
  await page.locator('.headline', {hasText: 'DMARC passes: this mail truly speaks for example.com'}).waitFor();
  assert.match(await words(page, 'connection'), /127\.0\.0\.5 said it is mail\.example\.com\. Its name mail\.example\.com leads back to it/);
  assert.match(await words(page, 'spf'), /example\.com allows this sender: include:spf\.example\.net matched/);
  assert.match(await words(page, 'dkim'), /example\.com signed this mail \(selector s1, rsa-sha256(, 2048 bits)?\), and nothing that was signed has changed/);
  assert.match(await words(page, 'dmarc'), /Pass\. example\.com publishes p=reject/);
  for (const check of ['spf', 'dkim']) {
    assert.match(await equation(page, check), /example\.com\s*=\s*example\.com\s*Same organization as From: this counts/);
  }
  assert.equal(await page.title(), 'DMARC pass · Mailassay');
}));

test('the conversation shows both parties in order', onPage(async (page, server) => {
  const address = await openInbox(page, server);
  await sendMail(server, address);
  await results(page);
  const said = await page.locator('[data-dialogue] code').allTextContents();
  const at = (pattern) => said.findIndex((line) => pattern.test(line));
  const order = [/^220 /, /^EHLO mail\.example\.com/, /^250-/, /^MAIL FROM:<bounce@example\.com>/, /^RCPT TO:/, /^DATA$/, /^354 /, /^250 2\.6\.0 /].map(at);
  assert.deepEqual(order, [...order].sort((a, b) => a - b), said.join('\n'));
  assert.ok(!order.includes(-1), said.join('\n'));
}));

test('SPF of another domain is said not to count', onPage(async (page, server) => {
  const address = await openInbox(page, server);
  await sendMail(server, address, makeMail({signed: false}), {mailFrom: 'x@bounces.example.org'});
  assert.deepEqual(await results(page), {connection: 'pass', spf: 'pass', dkim: 'none', dmarc: 'fail', verdict: 'fail'});
  await page.locator('.headline').waitFor();
  assert.match(await equation(page, 'spf'), /bounces\.example\.org\s*≠\s*example\.com\s*Another domain than From: this cannot count/);
  const verdict = await words(page, 'verdict');
  assert.match(verdict, /SPF passed, but for bounces\.example\.org, not for example\.com/);
  assert.match(verdict, /rejects this mail/);
}));

test('a signature of the right domain that fails is said not to count either', onPage(async (page, server) => {
  const address = await openInbox(page, server);
  await sendMail(server, address, makeMail().replace('Good morning.', 'Good evening.'));
  assert.equal((await results(page)).dkim, 'fail');
  await page.locator('.headline').waitFor();
  assert.match(await equation(page, 'dkim'), /example\.com\s*=\s*example\.com\s*Same organization as From, but DKIM did not pass/);
  assert.match(await words(page, 'dkim'), /does not fit this one\. Cause: the body was changed after signing/);
}));

test('mail through Amazon SES gets the records of a custom MAIL FROM', onPage(async (page, server) => {
  const address = await openInbox(page, server);
  await sendMail(server, address, makeMail(), {mailFrom: SES_SENDER});
  assert.equal((await results(page)).verdict, 'pass');
  const advice = page.locator('[data-advice]', {hasText: 'feedback-smtp'});
  const text = await advice.innerText();
  assert.match(text, /10 feedback-smtp\.ap-northeast-2\.amazonses\.com/);
  assert.match(text, /v=spf1 include:amazonses\.com ~all/);
  assert.equal(await advice.getByRole('button', {name: 'Copy'}).count(), 2);
}));

test('a local sender is warned by the SPF result, and can be judged as if from elsewhere', onPage(async (page, server) => {
  const address = await openInbox(page, server);
  await sendMail(server, address);
  await results(page);
  const warning = page.locator('[data-advice="local_source"]');
  assert.ok((await warning.innerText()).includes(SENDER));
  const before = tokenOf(page);
  await warning.getByLabel('Address of your sending server').fill('203.0.113.7');
  await warning.getByRole('button').click();
  await page.waitForFunction((token) => !location.pathname.includes(token), before);
  const inbox = await (await page.request.get(`${server.url}/api/v1/inboxes/${tokenOf(page)}`)).json();
  assert.equal(inbox.assume_ip, '203.0.113.7');
}));

test('every check opens to its steps, and every step of this mail has words in both languages', onPage(async (page, server) => {
  const address = await openInbox(page, server);
  await sendMail(server, address);
  await results(page);
  for (const language of ['en', 'ko']) {
    await page.click(`[data-lang="${language}"]`);
    await page.waitForSelector(`html[lang="${language}"] [data-check="verdict"][data-result]`);
    await openAllSteps(page);
    assert.deepEqual(await page.locator('.step > summary > .step-text > code').allTextContents(), [], `without words in ${language}`);
    assert.ok(await page.locator('[data-check="spf"] .step .step').count() > 0, 'SPF is a tree');
    assert.ok(await page.locator('[data-check] .why').count() > 10, 'steps say why');
  }
}));

test('several mails make a list; the newest is shown, an older one can be chosen', onPage(async (page, server) => {
  const address = await openInbox(page, server);
  await sendMail(server, address, makeMail({subject: 'First'}));
  await results(page);
  await sendMail(server, address, makeMail({subject: 'Second', signed: false}));
  await page.locator('[data-subject]', {hasText: 'Second'}).waitFor();
  assert.equal((await results(page)).dkim, 'none');
  assert.equal(await page.locator('[data-message]').count(), 2);
  await page.locator('[data-message]', {hasText: 'First'}).click();
  await page.locator('[data-subject]', {hasText: 'First'}).waitFor();
  assert.equal((await results(page)).dkim, 'pass');
}));

test('the mail itself: decoded text, links that can be followed, the octets', onPage(async (page, server) => {
  await page.context().route('https://example.com/**', (route) => route.fulfill({body: 'You are in.'}));
  const address = await openInbox(page, server);
  // "안녕" in EUC-KR, as HTML, in base64: what a sign-up mail may look like on the wire.
  const html = Buffer.concat([Buffer.from('<p>'), Buffer.from([0xbe, 0xc8, 0xb3, 0xe7]), Buffer.from(' &amp; <a href="https://example.com/verify?t=1&amp;u=2">confirm</a></p>')]);
  const extra = 'MIME-Version: 1.0\r\nContent-Type: text/html; charset=euc-kr\r\nContent-Transfer-Encoding: base64\r\n';
  await sendMail(server, address, makeMail({signed: false, extra, body: `${html.toString('base64')}\r\n`}));
  await results(page);
  await page.locator('.mail > summary').click();
  await page.locator('.mail-text', {hasText: '안녕 & '}).waitFor();
  const link = page.locator('[data-mail-text] a');
  assert.equal(await link.getAttribute('rel'), 'noopener noreferrer');
  const popup = page.waitForEvent('popup');
  await link.click();
  await (await popup).waitForURL('https://example.com/verify?t=1&u=2');
  const raw = await page.request.get(server.url + await page.locator('.mail a[download]').getAttribute('href'));
  assert.match(await raw.text(), /^From: Ann/);
  assert.ok((await raw.text()).endsWith(`\r\n\r\n${html.toString('base64')}\r\n`));
}));

test('a story of thousands of steps does not freeze the page', onPage(async (page, server) => {
  await openInbox(page, server);
  const counted = await page.evaluate(async () => {
    const {Journal} = await import('/js/journal.js');
    const {treeView} = await import('/js/views/tree.js');
    const journal = new Journal();
    journal.add({id: 1, parent: 0, message: 'm', phase: 'spf', kind: 'spf.check', data: {}});
    for (let id = 2; id <= 5000; id += 1) journal.add({id, parent: 1, message: 'm', phase: 'spf', kind: 'spf.mechanism', data: {}});
    const tree = treeView(() => journal.message('m').stepsOf('spf'));
    document.body.append(tree.element);
    tree.update();
    const closed = tree.element.querySelectorAll('li').length;
    tree.element.querySelector('details').open = true;
    await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
    return {closed, opened: tree.element.querySelectorAll('li').length};
  });
  assert.deepEqual(counted, {closed: 1, opened: 201});
}));

// From an empty browser to a judged mail.
import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {makeMail, sendMail, SENDER, zone} from './support/mail.js';
import {launch, openInbox, results, tokenOf, withPage} from './support/page.js';
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

test('an address is there at once, survives a reload, and is used again from the front door', () => withPage(browser, server, {}, async (page) => {
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

test('a mail is judged before the reader\'s eyes, without a reload', () => withPage(browser, server, {}, async (page) => {
  const address = await openInbox(page, server);
  await page.evaluate(() => { globalThis.notReloaded = true; });
  await sendMail(server, address);
  assert.deepEqual(await results(page), {connection: 'pass', spf: 'pass', dkim: 'pass', dmarc: 'pass', verdict: 'pass'});
  assert.equal(await page.evaluate(() => globalThis.notReloaded), true);
  assert.equal(await page.locator('[data-subject]').textContent(), 'Hello');
  assert.match(await page.locator('[data-check="verdict"]').innerText(), /DMARC passes: this mail truly speaks for example\.com/);
  assert.match(await page.locator('[data-check="dkim"] .equation').innerText(), /example\.com\s*=\s*example\.com/);
  assert.equal(await page.title(), 'DMARC pass · Mailassay');
}));

test('the conversation shows both parties in order', () => withPage(browser, server, {}, async (page) => {
  const address = await openInbox(page, server);
  await sendMail(server, address);
  await results(page);
  const said = await page.locator('[data-dialogue] code').allTextContents();
  const at = (pattern) => said.findIndex((line) => pattern.test(line));
  const order = [/^220 /, /^EHLO mail\.example\.com/, /^250-/, /^MAIL FROM:<bounce@example\.com>/, /^RCPT TO:/, /^DATA$/, /^354 /].map(at);
  assert.deepEqual(order, [...order].sort((a, b) => a - b), said.join('\n'));
  assert.ok(!order.includes(-1), said.join('\n'));
}));

test('SPF of another domain is said not to count', () => withPage(browser, server, {}, async (page) => {
  const address = await openInbox(page, server);
  await sendMail(server, address, makeMail({signed: false}), {mailFrom: 'x@bounces.example.org'});
  assert.deepEqual(await results(page), {connection: 'pass', spf: 'pass', dkim: 'none', dmarc: 'fail', verdict: 'fail'});
  assert.match(await page.locator('[data-check="spf"] .equation').innerText(), /bounces\.example\.org\s*≠\s*example\.com/);
  const verdict = await page.locator('[data-check="verdict"]').innerText();
  assert.match(verdict, /SPF passed, but for bounces\.example\.org, not for example\.com/);
  assert.match(verdict, /rejects this mail/);
}));

test('mail through Amazon SES gets the records of a custom MAIL FROM', () => withPage(browser, server, {}, async (page) => {
  const address = await openInbox(page, server);
  await sendMail(server, address, makeMail(), {mailFrom: '0100@ap-northeast-2.amazonses.com'});
  assert.equal((await results(page)).verdict, 'pass');
  const advice = page.locator('[data-advice]', {hasText: 'feedback-smtp'});
  const words = await advice.innerText();
  assert.match(words, /10 feedback-smtp\.ap-northeast-2\.amazonses\.com/);
  assert.match(words, /v=spf1 include:amazonses\.com ~all/);
  assert.equal(await advice.getByRole('button', {name: 'Copy'}).count(), 2);
}));

test('a local sender is warned by the SPF result, and can be judged as if from elsewhere', () => withPage(browser, server, {}, async (page) => {
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

test('every check opens to its steps, and every step of this mail has words in both languages', () => withPage(browser, server, {}, async (page) => {
  const address = await openInbox(page, server);
  await sendMail(server, address);
  await results(page);
  for (const language of ['en', 'ko']) {
    await page.click(`[data-lang="${language}"]`);
    await page.waitForSelector(`html[lang="${language}"] [data-check="verdict"][data-result]`);
    for (let closed; (closed = page.locator('.check .steps:not([open]) > summary, .check .step:not([open]) > summary')), await closed.count();) {
      await closed.first().click();
    }
    assert.deepEqual(await page.locator('.check .step > summary > .step-text > code').allTextContents(), [], `without words in ${language}`);
    assert.ok(await page.locator('[data-check="spf"] .step .step').count() > 0, 'SPF is a tree');
  }
}));

test('several mails make a list; the newest is shown, an older one can be chosen', () => withPage(browser, server, {}, async (page) => {
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

test('the mail itself: text, web links as links, the octets', () => withPage(browser, server, {}, async (page) => {
  const address = await openInbox(page, server);
  await sendMail(server, address, makeMail({body: 'See https://example.com/reset?x=1 please.\r\n'}));
  await results(page);
  await page.locator('.mail > summary').click();
  await page.locator('.mail-text', {hasText: 'See https://example.com/reset'}).waitFor();
  const link = page.locator('[data-mail-text] a');
  assert.equal(await link.getAttribute('href'), 'https://example.com/reset?x=1');
  assert.equal(await link.getAttribute('rel'), 'noopener noreferrer');
  const raw = await page.request.get(server.url + await page.locator('.mail a[download]').getAttribute('href'));
  assert.match(await raw.text(), /^DKIM-Signature:[^]*See https:\/\/example\.com/);
}));

test('the address is copied, on plain HTTP by selection', () => withPage(browser, server, {permissions: []}, async (page) => {
  await page.addInitScript(() => { Object.defineProperty(navigator, 'clipboard', {value: undefined}); });
  const address = await openInbox(page, server);
  await page.getByRole('button', {name: 'Copy address'}).click();
  await page.getByRole('button', {name: 'Copied'}).waitFor();
  await page.evaluate(() => {
    const area = document.createElement('textarea');
    document.body.append(area);
    area.focus();
  });
  await page.keyboard.press('Control+V');
  assert.equal(await page.locator('textarea').last().inputValue(), address);
}));

test('ready-to-paste ways to send name the address and the port that listens', () => withPage(browser, server, {}, async (page) => {
  const address = await openInbox(page, server);
  await page.locator('[role="tabpanel"] code', {hasText: String(server.smtpPort)}).waitFor();
  await page.locator('[role="tab"]').first().focus();
  for (const name of ['swaks', 'nodemailer', 'Python smtplib', 'Java / Spring', 'Amazon SES']) {
    assert.equal(await page.locator('[role="tab"][aria-selected="true"]').textContent(), name);
    assert.ok((await page.locator('[role="tabpanel"] code').textContent()).includes(address), name);
    await page.keyboard.press('ArrowRight');
  }
}));

test('a story of thousands of steps does not freeze the page', () => withPage(browser, server, {}, async (page) => {
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

test('a restarted evaluation replaces the earlier one and keeps the dialogue', () => withPage(browser, server, {}, async (page) => {
  await openInbox(page, server);
  const kinds = await page.evaluate(async () => {
    const {Journal} = await import('/js/journal.js');
    const journal = new Journal();
    const add = (id, phase, kind, data = {}) => journal.add({id, parent: 0, message: 'm', phase, kind, data});
    add(1, 'smtp', 'smtp.command');
    add(2, 'spf', 'spf.check');
    add(3, 'message', 'evaluation.restarted', {attempt: 2});
    add(4, 'spf', 'spf.check');
    add(4, 'spf', 'spf.check');
    const message = journal.message('m');
    return {smtp: message.stepsOf('smtp').map((node) => node.event.id), spf: message.stepsOf('spf').map((node) => node.event.id)};
  });
  assert.deepEqual(kinds, {smtp: [1], spf: [4]});
}));

test('an expired inbox says so and offers a new address', () => withPage(browser, server, {}, async (page) => {
  await openInbox(page, server);
  const gone = tokenOf(page);
  await page.request.delete(`${server.url}/api/v1/inboxes/${gone}`);
  await page.waitForSelector('[data-notice="gone"]');
  await page.getByRole('button', {name: 'New address'}).click();
  await page.waitForSelector('[data-address]:not(:empty)');
  assert.notEqual(tokenOf(page), gone);
}));

test('an unknown token says so', () => withPage(browser, server, {}, async (page) => {
  await page.goto(`${server.url}/w/00000000000000000000000000000000`);
  await page.waitForSelector('[data-notice="gone"]');
}, {expected: /status of 404/}));

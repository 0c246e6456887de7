// A judged mail handed on: the read-only link, with and without a mask, a summary, a report, a file, paper.
import assert from 'node:assert/strict';
import {mkdtemp, readFile, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {test} from 'node:test';
import {pathToFileURL} from 'node:url';
import {makeMail, SENDER, zone} from './support/mail.js';
import {CHECKS, judged, openAllSteps, openCard, openInbox, pasted, results, tokenOf, useServerAndBrowser} from './support/page.js';
import {MailassayServer} from './support/server.js';
import {sendMail} from './support/smtp.js';

const onPage = useServerAndBrowser(() => MailassayServer.start(zone()));
const PASSES = {connection: 'pass', spf: 'pass', dkim: 'pass', dmarc: 'pass', verdict: 'pass'};
const MAIL = makeMail({from: 'Ada <ada-lovelace@example.com>', subject: 'Your *order* | 4711'});
const ENVELOPE = {mailFrom: 'bounce-4711@example.com'};
const REVERSED = SENDER.split('.').reverse().join('.');

// Judges the mail and gives the share's card, open.
async function openShare(page, server) {
  assert.deepEqual(await judged(page, server, MAIL, ENVELOPE), PASSES);
  return openCard(page, '[data-share]');
}

async function linkOf(card) {
  await card.getByRole('button', {name: 'Make a link'}).click();
  await card.locator('[data-share-url]').waitFor();
  return card.locator('[data-share-url]').textContent();
}

// Opens the link; gives what the page shows, every step of it, and what the API answered.
async function openLink(page, link) {
  const answers = [];
  page.on('response', (response) => { if (response.url().includes('/api/')) answers.push(response); });
  await page.goto(link);
  await page.waitForSelector('[data-shared]');
  assert.deepEqual(await results(page), PASSES);
  await openAllSteps(page);
  const paths = answers.map((answer) => new URL(answer.url()).pathname);
  assert.deepEqual(paths.filter((asked) => !asked.startsWith('/api/v1/shares/')), [], 'the share alone is asked');
  const bodies = await Promise.all(answers.map((answer) => answer.text()));
  assert.equal(bodies.length, 2, 'the report and its steps');
  return {shown: await page.locator('html').textContent(), answered: bodies.join('\n')};
}

test('a masked link shows the results and the steps, and no local part or address anywhere', onPage(async (page, server) => {
  const card = await openShare(page, server);
  const secrets = ['ada-lovelace', 'bounce-4711', SENDER, REVERSED, tokenOf(page), (await page.locator('[data-address]').textContent()).split('@')[0]];
  const link = await linkOf(card);
  assert.match(link, new RegExp(`^${server.url}/s/[\\w-]+$`));
  assert.match(await card.innerText(), /It works until/);
  const {shown, answered} = await openLink(page, link);
  for (const secret of secrets) {
    assert.ok(!shown.includes(secret), `${secret} is shown`);
    assert.ok(!answered.includes(secret), `${secret} is answered`);
  }
  assert.match(await page.locator('[data-shared]').innerText(), /shared read-only\.\s+Local parts and IP addresses are masked\. It works until/);
  assert.ok(await page.locator('[data-check="spf"] .step').count() > 3, 'with its steps');
  assert.match(await page.locator('[data-subject]').textContent(), /4711/);
}));

test('without the mask the link shows them', onPage(async (page, server) => {
  const card = await openShare(page, server);
  await card.getByLabel(/Mask addresses/).uncheck();
  const {shown} = await openLink(page, await linkOf(card));
  for (const open of ['bounce-4711@example.com', 'ada-lovelace@example.com', SENDER]) assert.ok(shown.includes(open), open);
  assert.doesNotMatch(await page.locator('[data-shared]').innerText(), /masked/);
}));

test('whoever has a link can change nothing, and see no inbox', onPage(async (page, server) => {
  const card = await openShare(page, server);
  await openLink(page, await linkOf(card));
  for (const gone of ['[data-prove]', '[data-address]', '[data-message]', '[data-drop]', '.assume', 'a[download]', '.mail-text']) {
    assert.equal(await page.locator(`${gone}:visible`).count(), 0, gone);
  }
  await openCard(page, '[data-share]');
  const buttons = await page.locator('button:visible').allTextContents();
  assert.deepEqual(buttons.filter((name) => /link|again|delete|forget|new address/i.test(name) && !/play/i.test(name)), [], buttons.join(', '));
}));

test('a link that nobody gave leads nowhere, and says so', onPage(async (page, server) => {
  await page.goto(`${server.url}/s/00000000000000000000000000000000`);
  await page.waitForSelector('[data-notice="unknown"]');
}, {expected: /status of 404/}));

test('the link ends with its inbox', onPage(async (page, server) => {
  const card = await openShare(page, server);
  const link = await linkOf(card);
  await page.request.delete(`${server.url}/api/v1/inboxes/${tokenOf(page)}`);
  await page.goto(link);
  await page.waitForSelector('[data-notice="unknown"]');
}, {expected: /status of 404/}));

test('the summary for a ticket says the results, and nothing of the mail is markup in it', onPage(async (page, server) => {
  const card = await openShare(page, server);
  await card.getByRole('button', {name: 'Copy as Markdown'}).click();
  await card.getByRole('button', {name: 'Copied'}).waitFor();
  const text = await pasted(page);
  assert.match(text, /^## Your \\\*order\\\* \\\| 4711$/m);
  for (const name of ['Connection', 'SPF', 'DKIM', 'DMARC', 'Verdict']) assert.match(text, new RegExp(`^\\| ${name} \\| pass \\|$`, 'm'));
  assert.match(text, /^- SPF example\.com: pass, example\.com = example\.com$/m);
  assert.match(text, /`v=DMARC1; p=reject`/);
}));

// Saves what the button hands out, and gives its place.
async function saved(page, card, name, folder) {
  const [download] = await Promise.all([page.waitForEvent('download'), card.getByRole('button', {name}).click()]);
  const file = path.join(folder, download.suggestedFilename());
  await download.saveAs(file);
  return file;
}

async function inFolder(body) {
  const folder = await mkdtemp(path.join(tmpdir(), 'mailassay-share-'));
  try {
    await body(folder);
  } finally {
    await rm(folder, {recursive: true, force: true});
  }
}

test('the report is handed out as the API gives it', onPage((page, server) => inFolder(async (folder) => {
  const card = await openShare(page, server);
  const file = await saved(page, card, 'Report as JSON', folder);
  const id = await page.locator('[data-message]').getAttribute('data-message');
  assert.equal(path.basename(file), `mailassay-${id}.json`);
  const report = await (await page.request.get(`${server.url}/api/v1/inboxes/${tokenOf(page)}/messages/${id}`)).json();
  assert.deepEqual(JSON.parse(await readFile(file, 'utf8')), report);
})));

// A page of its own that may load nothing, and remembers what it tried.
async function openOffline(page, file, look) {
  const context = await page.context().browser().newContext({offline: true});
  try {
    const alone = await context.newPage();
    const bad = [];
    alone.on('console', (message) => bad.push(message.text()));
    alone.on('pageerror', (error) => bad.push(error.message));
    alone.on('request', (request) => { if (request.url() !== pathToFileURL(file).href) bad.push(request.url()); });
    await alone.goto(pathToFileURL(file).href);
    await look(alone);
    assert.deepEqual(bad, []);
  } finally {
    await context.close();
  }
}

test('the one file tells the results and every step from a disk, with no network and no script', onPage((page, server) => inFolder(async (folder) => {
  const card = await openShare(page, server);
  const file = await saved(page, card, 'One HTML file', folder);
  assert.doesNotMatch(await readFile(file, 'utf8'), /<script|<link|<img|\ssrc=|\shref=|\son\w+=/i);
  await openOffline(page, file, async (alone) => {
    assert.equal(await alone.locator('h1').textContent(), 'Your *order* | 4711');
    const heads = await alone.locator('section > h2:has(b)').evaluateAll((all) => all.map((head) => head.textContent));
    for (const name of ['Connection', 'SPF', 'DKIM', 'DMARC', 'Verdict']) assert.ok(heads.includes(`${name} pass`), heads.join(', '));
    await alone.locator('summary', {hasText: 'SPF for MAIL FROM'}).click();
    await alone.getByText('include:spf.example.net').first().waitFor();
    assert.match(await alone.locator('body').innerText(), /authentication is not why this mail is in spam/);
  });
})));

test('markup in a mail is text in the file, too', onPage((page, server) => inFolder(async (folder) => {
  const script = '<script>document.title = "run"</script><img src=x onerror=alert(1)>';
  await sendMail(server, await openInbox(page, server), makeMail({from: `"${script}" <ann@example.com>`, subject: script}), {helo: '<b>[x]</b>'});
  await results(page);
  const card = await openCard(page, '[data-share]');
  await openOffline(page, await saved(page, card, 'One HTML file', folder), async (alone) => {
    assert.equal(await alone.locator('h1').textContent(), script);
    assert.equal(await alone.title(), script);
    assert.equal(await alone.locator('script, img, section h2 + ul b').count(), 0);
  });
})));

test('on paper stand the results, and nothing to press', onPage(async (page, server) => {
  await page.addInitScript(() => { globalThis.print = () => { globalThis.printed = true; }; });
  const card = await openShare(page, server);
  await card.getByRole('button', {name: 'Print'}).click();
  assert.equal(await page.evaluate(() => globalThis.printed), true);
  await page.emulateMedia({media: 'print'});
  for (const control of ['button', 'input', 'select', 'textarea', '.address-card', '.sending', '.top', '[data-share]', '[data-prove]']) {
    assert.equal(await page.locator(`${control}:visible`).count(), 0, control);
  }
  for (const check of CHECKS) assert.equal(await page.locator(`[data-check="${check}"] .pill`).isVisible(), true, check);
  assert.equal(await page.locator('[data-subject]').isVisible(), true);
}));

// The same mail under other circumstances: what is asked, what is answered, what stays as it was.
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {received, zone} from './support/mail.js';
import {compared, judged, openCard, openInbox, results, useServerAndBrowser} from './support/page.js';
import {MailassayServer} from './support/server.js';

const onPage = useServerAndBrowser(() => MailassayServer.start(zone()));
const REFUSED = {expected: /status of 400/};
const AS_IT_CAME = {connection: ['pass', 'pass'], spf: ['pass', 'pass'], dkim: ['pass', 'pass'], dmarc: ['pass', 'pass'], 'spf-aligned': ['true', 'true']};

// A judged mail with the form open.
async function openForm(page, server) {
  await judged(page, server);
  return openCard(page, '[data-prove="what-if"]');
}

// Judges with these records, and gives the comparison once it is the new one.
async function judgeWith(page, form, records) {
  await form.getByLabel('DNS records').fill(records);
  const answered = page.waitForResponse((response) => response.url().endsWith('/what-if'));
  await form.locator('.compared').evaluateAll((all) => all.forEach((one) => one.remove()));
  await form.getByRole('button', {name: 'Judge it with these'}).click();
  assert.equal((await answered).status(), 200);
  return compared(form);
}

test('the form begins with the mail as it came', onPage(async (page, server) => {
  const form = await openForm(page, server);
  assert.deepEqual(await form.locator('textarea, input').evaluateAll((all) => all.map((one) => one.value)), ['', 'bounce@example.com', '127.0.0.5', 'mail.example.com']);
  assert.deepEqual(await judgeWith(page, form, ''), AS_IT_CAME);
  assert.equal(await form.locator('[data-unchanged]').textContent(), 'Nothing changes.');
}));

test('other records give another result, and none of it is kept', onPage(async (page, server) => {
  const form = await openForm(page, server);
  const worse = await judgeWith(page, form, 'example.com TXT "v=spf1 -all"\n_dmarc.example.com TXT "v=DMARC1; p=quarantine"');
  assert.deepEqual([worse.spf, worse.dmarc, worse['spf-aligned']], [['pass', 'fail'], ['pass', 'pass'], ['true', 'true']]);
  assert.match(await form.locator('.compared').innerText(), /counts\s+does not count/);
  await form.locator('.compared details > summary').click();
  assert.match(await form.locator('.compared details').innerText(), /dmarc\.policy\s+reject\s+quarantine/);
  const better = await judgeWith(page, form, 'example.com TXT "v=spf1 ip4:127.0.0.0/8 -all"');
  assert.deepEqual(better, AS_IT_CAME);
  assert.match(await form.innerText(), /Nothing was published or kept/);
  await page.reload();
  assert.equal((await results(page)).spf, 'pass');
  assert.match(await page.locator('[data-check="spf"]').innerText(), /include:spf\.example\.net matched/);
}));

test('another sender, address or name is judged too', onPage(async (page, server) => {
  const form = await openForm(page, server);
  await form.getByLabel('Return-Path (MAIL FROM)').fill('x@bounces.example.org');
  await form.getByLabel('Sender\'s IP address').fill('203.0.113.9');
  await form.getByLabel('HELO name').fill('elsewhere.example.com');
  const asked = page.waitForRequest((request) => request.url().endsWith('/what-if'));
  const found = await judgeWith(page, form, '');
  assert.deepEqual((await asked).postDataJSON(), {mail_from: 'x@bounces.example.org', ip: '203.0.113.9', helo: 'elsewhere.example.com'});
  assert.deepEqual([found.spf, found['spf-aligned']], [['pass', 'fail'], ['true', 'false']]);
}));

test('a line that is no record is named beside the form, and nothing typed is lost', onPage(async (page, server) => {
  const form = await openForm(page, server);
  const typed = 'example.com TXT "v=spf1 -all"\nmail.example.com MX feedback';
  await form.getByLabel('DNS records').fill(typed);
  await form.getByLabel('HELO name').fill('typed.example.com');
  await form.getByRole('button', {name: 'Judge it with these'}).click();
  const complaint = form.getByRole('alert');
  await complaint.waitFor();
  assert.match(await complaint.innerText(), /cannot be judged: overlay line 2: /);
  assert.equal(await form.getByLabel('DNS records').inputValue(), typed);
  assert.equal(await form.getByLabel('HELO name').inputValue(), 'typed.example.com');
  assert.equal(await form.locator('.compared').count(), 0);
  // Mended, it is judged, and the complaint goes.
  await judgeWith(page, form, typed.replace('MX feedback', 'MX 10 feedback.example.com'));
  assert.equal(await complaint.isVisible(), false);
}, REFUSED));

test('an address that is none is named, and the form stays', onPage(async (page, server) => {
  const form = await openForm(page, server);
  await form.getByLabel('Sender\'s IP address').fill('203.0.113');
  await form.getByRole('button', {name: 'Judge it with these'}).click();
  await form.getByRole('alert').waitFor();
  assert.match(await form.getByRole('alert').innerText(), /ip is not an IP address/);
  assert.equal(await form.getByLabel('Sender\'s IP address').inputValue(), '203.0.113');
}, REFUSED));

test('a dropped original, which the server does not keep, offers neither this nor a link', onPage(async (page, server) => {
  await openInbox(page, server);
  await page.setInputFiles('[data-drop]', {name: 'original.eml', mimeType: 'message/rfc822', buffer: Buffer.from(received())});
  await results(page);
  assert.equal(await page.locator('[data-prove]:visible').count(), 0);
  const share = await openCard(page, '[data-share]');
  assert.equal(await share.getByRole('button', {name: 'Make a link'}).count(), 0);
  assert.equal(await share.getByRole('button', {name: 'Report as JSON'}).isVisible(), true);
}));

// The seed of it all: mail through Amazon SES as it comes, what the page says to do about it, and the proof before anything
// is published. And what it says to others.
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {makeMail, SENDER, SES_SENDER, zone} from './support/mail.js';
import {compared, judged, openCard, openInbox, pasted, results, useServersAndBrowser} from './support/page.js';
import {MailassayServer} from './support/server.js';
import {sendWithPython} from './support/smtp.js';

const REGION = 'ap-northeast-2';
const MX = `feedback-smtp.${REGION}.amazonses.com`;
const INCLUDE = 'v=spf1 include:amazonses.com ~all';
const DMARC = 'v=DMARC1; p=none; rua=mailto:dmarc@example.com';

const on = useServersAndBrowser({
  // Nobody has published a policy yet.
  bare: () => MailassayServer.start(zone('$NXDOMAIN _dmarc.example.com')),
  published: () => MailassayServer.start(zone(`
sendgrid.net. 300 IN TXT "v=spf1 ip4:${SENDER} -all"
_dmarc.example.org. 300 IN TXT "v=DMARC1; p=none; rua=mailto:dmarc@example.org"`)),
  unused: () => MailassayServer.start(zone(`bounce.example.com. 300 IN MX 10 ${MX}.`)),
  elsewhere: () => MailassayServer.start(zone('bounce.example.com. 300 IN MX 10 feedback-smtp.us-east-1.amazonses.com.')),
});

const next = (page) => page.locator('[data-next]');
const advised = (page) => next(page).evaluate((card) => [card, ...card.querySelectorAll('[data-advice]')].map((one) => one.dataset.advice));
const recordsIn = (page) => page.locator('.record-row').evaluateAll((rows) => rows.map((row) => [
  row.querySelector('.record-name').textContent, row.querySelector('.record-type').textContent, row.querySelector('code').textContent]));

async function sentBySes(page, server) {
  await sendWithPython(server, await openInbox(page, server), makeMail(), SES_SENDER);
  return results(page);
}

test('SPF passes, but for Amazon: the page says that it does not count, and for whom it speaks', on.bare(async (page, server) => {
  const found = await sentBySes(page, server);
  assert.deepEqual([found.spf, found.dkim], ['pass', 'pass']);
  const line = page.locator('[data-check="spf"] .alignment');
  await line.waitFor();
  assert.equal(await line.getAttribute('data-aligned'), 'false');
  assert.match(await line.innerText(), /ap-northeast-2\.amazonses\.com\s*≠\s*example\.com\s*Another domain than From: this cannot count/);
  assert.equal(await page.locator('[data-check="dkim"] .alignment').getAttribute('data-aligned'), 'true');
  assert.match(await page.locator('[data-check="verdict"]').innerText(), /SPF passed, but for ap-northeast-2\.amazonses\.com, not for example\.com/);
}));

test('one thing is named to do next, the rest follows, and every record is copied as it must be published', on.bare(async (page, server) => {
  await sentBySes(page, server);
  await next(page).waitFor();
  assert.equal(await next(page).locator('h3').textContent(), 'The one thing to do next');
  assert.deepEqual(await advised(page), ['dmarc_record', 'ses_mail_from']);
  await next(page).locator('.then > summary').click();
  assert.match(await next(page).locator('[data-advice="ses_mail_from"]').innerText(),
      /Return-Path under ap-northeast-2\.amazonses\.com, so SPF passes for Amazon and not for example\.com.*console of region ap-northeast-2/s);
  const wanted = [['_dmarc.example.com', 'TXT', DMARC], ['bounce.example.com', 'MX', `10 ${MX}`], ['bounce.example.com', 'TXT', INCLUDE]];
  assert.deepEqual(await recordsIn(page), wanted);
  for (const [index, [name, type, value]] of wanted.entries()) {
    await page.locator('.record-row').nth(index).getByRole('button', {name: 'Copy'}).click();
    await page.locator('.record-row').nth(index).getByRole('button', {name: 'Copied'}).waitFor();
    assert.equal(await pasted(page), value, `${name} ${type}`);
  }
}));

test('a From that names no domain is the one thing to mend, and nothing is compared with it', on.published(async (page, server) => {
  const found = await judged(page, server, makeMail({from: 'Ann', signed: false}));
  assert.deepEqual([found.spf, found.verdict], ['pass', 'permerror']);
  await next(page).waitFor();
  assert.deepEqual(await advised(page), ['author_domain']);
  assert.match(await next(page).innerText(), /Write an address with a domain into From/);
  assert.equal(await page.locator('.alignment').count(), 0);
  assert.match(await page.locator('[data-check="verdict"]').innerText(), /SPF passed for example\.com, but From names no domain that it could speak for/);
}));

test('with a policy published, the custom MAIL FROM is the one thing', on.published(async (page, server) => {
  assert.equal((await sentBySes(page, server)).verdict, 'pass');
  await next(page).waitFor();
  assert.deepEqual(await advised(page), ['ses_mail_from']);
  assert.equal(await next(page).locator('.then').count(), 0);
}));

test('the form proves the fix: the records and the new Return-Path stand in it, and SPF then counts', on.bare(async (page, server) => {
  await sentBySes(page, server);
  const form = await openCard(page, '[data-prove="what-if"]');
  assert.deepEqual((await form.getByLabel('DNS records').inputValue()).split('\n'),
      [`_dmarc.example.com TXT "${DMARC}"`, `bounce.example.com MX 10 ${MX}`, `bounce.example.com TXT "${INCLUDE}"`]);
  assert.equal(await form.getByLabel('Return-Path (MAIL FROM)').inputValue(), '0100@bounce.example.com');
  await form.getByRole('button', {name: 'Judge it with these'}).click();
  assert.deepEqual(await compared(form), {connection: ['pass', 'pass'], spf: ['pass', 'pass'], dkim: ['pass', 'pass'], dmarc: ['none', 'pass'],
    'spf-aligned': ['false', 'true']});
  assert.match(await form.locator('.headline').innerText(), /DMARC passes: this mail truly speaks for example\.com/);
  await form.locator('.compared details > summary').click();
  const facts = await form.locator('.compared details').innerText();
  assert.match(facts, /connection\.mail_from\s+0100@ap-northeast-2\.amazonses\.com\s+0100@bounce\.example\.com/);
  assert.match(facts, /dmarc\.spf\.aligned\s+false\s+true/);
  // What came is still what is shown: nothing was published.
  assert.equal(await page.locator('[data-check="spf"] .alignment').getAttribute('data-aligned'), 'false');
}));

for (const [locale, promise] of [['en-US', /(in|into|to|reach) (the|an|your) inbox/i], ['ko-KR', /받은편지함(에|으로)/]]) {
  test(`all green says that authentication is not why, and promises no inbox, ${locale}`, on.published(async (page, server) => {
    await judged(page, server);
    await next(page).waitFor();
    assert.deepEqual(await advised(page), ['all_green']);
    assert.match(await next(page).innerText(), locale === 'en-US' ? /authentication is not why this mail is in spam/ : /스팸함에 있는 이유는 인증이 아니에요/);
    assert.doesNotMatch(await page.locator('main').textContent(), promise);
  }, {locale}));
}

test('a sender of no known service is told to use a Return-Path of its own', on.published(async (page, server) => {
  await judged(page, server, makeMail(), {mailFrom: 'x@bounces.example.org'});
  await next(page).waitFor();
  assert.deepEqual(await advised(page), ['own_return_path']);
  const text = await next(page).innerText();
  assert.match(text, /DMARC passes by DKIM\. SPF speaks for bounces\.example\.org and does not count/);
  assert.match(text, /a Return-Path such as an address at bounce\.example\.com makes SPF count too/);
  assert.doesNotMatch(text, /amazon|\bSES\b/i);
}));

test('another service is named, with what to set up there', on.published(async (page, server) => {
  await judged(page, server, makeMail({signed: false}), {mailFrom: 'bounces+1@sendgrid.net'});
  await next(page).waitFor();
  assert.deepEqual(await advised(page), ['dkim_own_domain', 'own_return_path']);
  await next(page).locator('.then > summary').click();
  const text = await next(page).innerText();
  assert.match(text, /In SendGrid, authenticate your own domain, so that DKIM signs as example\.com/);
  assert.match(text, /In SendGrid, set up a custom Return-Path \(bounce\) domain such as bounce\.example\.com/);
  assert.doesNotMatch(text, /amazon|\bSES\b/i);
}));

test('a custom MAIL FROM that is set up but was not used: the three things to check', on.unused(async (page, server) => {
  await sentBySes(page, server);
  await next(page).waitFor();
  assert.deepEqual(await advised(page), ['ses_mail_from_unused']);
  const text = await next(page).innerText();
  assert.match(text, /bounce\.example\.com is set up as a custom MAIL FROM domain in region ap-northeast-2, but SES did not use it/);
  assert.match(text, /\(1\) an email-address identity.*\(2\) the MAIL FROM status must be Success.*\(3\) the setting must be made in the region that sends, ap-northeast-2/s);
  assert.deepEqual(await recordsIn(page), [], 'there is nothing to publish');
  // What it would come to with the setting in use.
  const form = await openCard(page, '[data-prove="what-if"]');
  assert.equal(await form.getByLabel('Return-Path (MAIL FROM)').inputValue(), '0100@bounce.example.com');
}));

test('one that is set up for another region says which, and which one sent', on.elsewhere(async (page, server) => {
  await sentBySes(page, server);
  await next(page).waitFor();
  assert.match(await next(page).innerText(), /bounce\.example\.com is set up as a custom MAIL FROM domain, but for region us-east-1; this mail was sent from ap-northeast-2/);
}));

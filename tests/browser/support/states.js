// Every state that the page can be in, each brought about as in life.
import assert from 'node:assert/strict';
import {makeMail, received, SES_SENDER, zone} from './mail.js';
import {MailassayServer} from './server.js';
import {compared, judged, openCard, openDetails, openInbox, results} from './page.js';
import {sendMail, SmtpClient} from './smtp.js';

const LONG = 'a'.repeat(63);
const PROXY = '127.0.0.6';

// A domain of one's own whose MX leads elsewhere, and a proxy that tells the clients' real addresses.
const PUBLIC_ZONE = zone(`
in.example.com. 300 IN MX 10 mx.example.net.
mx.example.net. 300 IN A 203.0.113.9
in.example.com. 300 IN A 203.0.113.9
`);
// Each verdict that a domain's records can lead to, and records that nobody can read.
const LOOKS_ZONE = zone(`
none.example.net. 300 IN A 192.0.2.1
$SERVFAIL _dmarc.broken.example.net
_dmarc.strict.example.net. 300 IN TXT "v=DMARC1; p=quarantine"
permerror.example.net. 300 IN TXT "v=spf1 ip4:not-an-address -all"
s._domainkey.permerror.example.net. 300 IN TXT "v=DKIM1; p="
_dmarc.permerror.example.net. 300 IN TXT "v=DMARC1; p=everything"
`);
const BADLY_SIGNED = `DKIM-Signature: v=1; a=rsa-sha256; d=permerror.example.net; s=s; h=from; bh=AAAA; b=AAAA\r\n${
  makeMail({from: 'Ann <ann@permerror.example.net>', signed: false})}`;
export const startPlainServer = () => MailassayServer.start(LOOKS_ZONE);
export const startPublicServer = () => MailassayServer.start(PUBLIC_ZONE, {
  config: `domain = "in.example.com"\n[smtp]\nproxy_protocol_from = ["${PROXY}"]\n`});
export const startLockedServer = () => MailassayServer.start(zone(), {config: '[http]\naccess_key = "open sesame"\n'});

// A host on the internet mistypes the address.
export async function refuseFromOutside(server) {
  const client = await SmtpClient.open(server, {from: PROXY, header: `PROXY TCP4 192.0.2.77 192.0.2.1 40000 25`});
  await client.say('EHLO mail.example.com', 250);
  await client.say('MAIL FROM:<bounce@example.com>', 250);
  await client.say('RCPT TO:<ld-mistyped@in.example.com>', 550);
  await client.quit();
}

// An hour of waiting in vain goes by at once.
export async function waitInVain(page, server) {
  await page.clock.install();
  const address = await openInbox(page, server);
  await page.clock.fastForward(61000);
  await page.waitForSelector('[data-diagnosing]');
  return address;
}

async function openAll(page) {
  await openDetails(page, '.steps, .mail');
  if (await page.locator('.mail [data-mail-text]:visible').count()) await page.waitForSelector('.mail-text');
}

// A mail of that domain, which nothing vouches for.
async function judgedAs(page, server, domain, verdict) {
  const found = await judged(page, server, makeMail({from: `Ann <ann@${domain}>`, signed: false}));
  assert.equal(found.verdict, verdict);
  await openAll(page);
}

// The link of a judged mail, with the card that made it open.
async function openShare(page, server) {
  await judged(page, server);
  const card = await openCard(page, '[data-share]');
  await card.locator('.button.primary').click();
  return card.locator('[data-share-url]').textContent();
}

// open(page, server): brings the page there; on: which server ("plain" unless told); expected: console errors that the
// state brings about. A state that ends by itself gives what ends it.
export const STATES = {
  waiting: {open: openInbox},
  diagnosing: {open: waitInVain},
  'diagnosing a public domain': {
    on: 'public',
    async open(page, server) {
      await refuseFromOutside(server);
      await waitInVain(page, server);
    },
  },
  arriving: {
    async open(page, server) {
      const address = await openInbox(page, server);
      const client = await SmtpClient.open(server);
      await client.address(address);
      await page.waitForSelector('[data-check="spf"][data-result]');
      return () => client.close();
    },
  },
  pass: {
    async open(page, server) {
      await judged(page, server, makeMail({body: 'See https://example.com/reset?x=1 please.\r\n'}));
      await openAll(page);
    },
  },
  fail: {
    async open(page, server) {
      await judged(page, server, makeMail({signed: false}), {mailFrom: 'x@bounces.example.org'});
      await openAll(page);
    },
  },
  'changed after signing': {
    async open(page, server) {
      await judged(page, server, makeMail().replace('Good morning.', 'Good evening.'));
      await openAll(page);
    },
  },
  'Amazon SES': {
    async open(page, server) {
      await judged(page, server, makeMail({signed: false}), {mailFrom: SES_SENDER});
      await page.click('[data-next] .then > summary');
    },
  },
  'DMARC none': {
    async open(page, server) {
      await judgedAs(page, server, 'none.example.net', 'none');
    },
  },
  'DMARC temperror': {
    async open(page, server) {
      await judgedAs(page, server, 'broken.example.net', 'temperror');
    },
  },
  'DMARC permerror': {
    async open(page, server) {
      assert.equal((await judged(page, server, makeMail({from: 'Ann', signed: false}))).verdict, 'permerror');
      await openAll(page);
    },
  },
  quarantine: {
    async open(page, server) {
      await judgedAs(page, server, 'strict.example.net', 'fail');
    },
  },
  'records that are broken': {
    async open(page, server) {
      await judged(page, server, BADLY_SIGNED, {mailFrom: 'x@permerror.example.net'});
      await openAll(page);
    },
  },
  'the fix proved': {
    async open(page, server) {
      await judged(page, server, makeMail(), {mailFrom: SES_SENDER});
      const form = await openCard(page, '[data-prove="what-if"]');
      await form.locator('[type="submit"]').click();
      await compared(form);
      await openDetails(page, '.compared details');
    },
  },
  'a fix that cannot be read': {
    expected: /400/,
    async open(page, server) {
      await judged(page, server);
      const form = await openCard(page, '[data-prove="what-if"]');
      await form.locator('textarea').fill('example.com TXT');
      await form.locator('[type="submit"]').click();
      await form.getByRole('alert').waitFor();
    },
  },
  'tested again': {
    async open(page, server) {
      await judged(page, server);
      const card = await openCard(page, '[data-prove="again"]');
      await card.getByRole('button').click();
      await compared(card);
    },
  },
  'the share open': {
    async open(page, server) {
      await openShare(page, server);
    },
  },
  // Its main part alone is looked at: it has no heading of the first level, which axe asks of a whole page.
  shared: {
    async open(page, server) {
      await page.goto(await openShare(page, server));
      await page.waitForSelector('[data-shared]');
      await results(page);
      await openAll(page);
      await openCard(page, '[data-share]');
    },
  },
  learning: {
    async open(page, server) {
      await page.goto(`${server.url}/learn?scenario=ses-default`);
      await results(page);
      const lab = await openCard(page, '[data-lab]');
      await lab.locator('.button.primary').click();
      await compared(lab);
    },
  },
  'several mails, the last broken off': {
    async open(page, server) {
      const address = await openInbox(page, server);
      await sendMail(server, address, makeMail({subject: '첫 번째 메일'}));
      await sendMail(server, address, `${makeMail({signed: false})}bare\nline feed\r\n`).catch(() => {});
      await page.waitForSelector('.judged .note-box');
    },
  },
  'long words': {
    async open(page, server) {
      const domain = `${LONG}.${LONG}.example.com`;
      await sendMail(server, await openInbox(page, server), makeMail({from: `"${LONG}${LONG}" <${LONG}@${domain}>`, subject: LONG.repeat(4),
        body: `${LONG.repeat(6)}\r\nhttps://example.com/${LONG.repeat(6)}\r\n`}), {mailFrom: `${LONG}@${domain}`, helo: domain});
      await results(page);
      await openAll(page);
    },
  },
  'a dropped original': {
    async open(page, server) {
      await openInbox(page, server);
      await page.setInputFiles('[data-drop]', {name: 'original.eml', mimeType: 'message/rfc822', buffer: Buffer.from(received())});
      await results(page);
    },
  },
  'connection lost': {
    expected: /ERR_/,
    async open(page, server) {
      await sendMail(server, await openInbox(page, server));
      await results(page);
      await server.stop();
      await page.waitForSelector('[data-stream="lost"]');
      return () => server.run();
    },
  },
  expired: {
    async open(page, server) {
      await openInbox(page, server);
      await page.request.delete(`${server.url}/api/v1/inboxes/${new URL(page.url()).pathname.split('/')[2]}`);
      await page.waitForSelector('[data-notice="gone"]');
    },
  },
  'the server refuses': {
    expected: /503/,
    async open(page, server) {
      await page.route('**/api/v1/inboxes', (route) => route.fulfill({status: 503, contentType: 'application/problem+json',
        body: JSON.stringify({status: 503, title: 'Service Unavailable', detail: 'the disk is full'})}));
      await page.goto(server.url);
      await page.waitForSelector('[data-notice="refused"]');
    },
  },
  unreachable: {
    expected: /ERR_FAILED/,
    async open(page, server) {
      await page.route('**/api/v1/inboxes', (route) => route.abort());
      await page.goto(server.url);
      await page.waitForSelector('[data-notice="unreachable"]');
    },
  },
  locked: {
    on: 'locked',
    expected: /401/,
    async open(page, server) {
      await page.goto(server.url);
      await page.waitForSelector('.login form');
    },
  },
};

// Every state that the page can be in, each brought about as in life.
import {makeMail, received, zone} from './mail.js';
import {MailassayServer} from './server.js';
import {openDetails, openInbox, results} from './page.js';
import {sendMail, SmtpClient} from './smtp.js';

const LONG = 'a'.repeat(63);
const PROXY = '127.0.0.6';

// A domain of one's own whose MX leads elsewhere, and a proxy that tells the clients' real addresses.
const PUBLIC_ZONE = zone(`
in.example.com. 300 IN MX 10 mx.example.net.
mx.example.net. 300 IN A 203.0.113.9
in.example.com. 300 IN A 203.0.113.9
`);
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
  await page.waitForSelector('.mail-text');
}

// open(page, server): brings the page there. server: which one ("plain" unless told). A state that ends by
// itself gives what ends it.
export const STATES = {
  waiting: {open: openInbox},
  diagnosing: {open: waitInVain},
  'diagnosing a public domain': {
    server: 'public',
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
      await sendMail(server, await openInbox(page, server), makeMail({body: 'See https://example.com/reset?x=1 please.\r\n'}));
      await results(page);
      await openAll(page);
    },
  },
  fail: {
    async open(page, server) {
      await sendMail(server, await openInbox(page, server), makeMail({signed: false}), {mailFrom: 'x@bounces.example.org'});
      await results(page);
      await openAll(page);
    },
  },
  'changed after signing': {
    async open(page, server) {
      await sendMail(server, await openInbox(page, server), makeMail().replace('Good morning.', 'Good evening.'));
      await results(page);
      await openAll(page);
    },
  },
  'Amazon SES': {
    async open(page, server) {
      await sendMail(server, await openInbox(page, server), makeMail(), {mailFrom: '0100@ap-northeast-2.amazonses.com'});
      await results(page);
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
    server: 'locked',
    expected: /401/,
    async open(page, server) {
      await page.goto(server.url);
      await page.waitForSelector('.login form');
    },
  },
};

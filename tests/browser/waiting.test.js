// When no mail comes: what the server knows of the way to it.
import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {zone} from './support/mail.js';
import {launch, openInbox, results, withPage} from './support/page.js';
import {MailassayServer} from './support/server.js';
import {sendMail} from './support/smtp.js';
import {refuseFromOutside, startPublicServer, waitInVain} from './support/states.js';

let local;
let elsewhere;
let here;
let browser;
before(async () => {
  [local, elsewhere, here, browser] = await Promise.all([MailassayServer.start(zone()), startPublicServer(),
    MailassayServer.start('here.example.com. 300 IN MX 10 mx.example.com.\nmx.example.com. 300 IN A 127.0.0.1\n',
        {config: 'domain = "here.example.com"\n'}), launch()]);
});
after(async () => {
  await browser?.close();
  await Promise.all([local, elsewhere, here].map((server) => server?.remove()));
});

const finding = (page, code) => page.locator(`[data-finding="${code}"]`).innerText();

test('after a minute without a connection, not before, the page says what stands in the way', () => withPage(browser, local, {}, async (page) => {
  await page.clock.install();
  await openInbox(page, local);
  await page.clock.fastForward(57000);
  assert.equal(await page.locator('[data-diagnosing]').count(), 0);
  await page.clock.fastForward(4000);
  await page.waitForSelector('[data-diagnosing]');
  assert.match(await finding(page, 'reserved_domain'), /mailassay\.test/);
  assert.match(await finding(page, 'not_listening_outside'), /listens on loopback only/);
  assert.match(await finding(page, 'never_connected'), /Nobody from outside has connected since this server started/);
  assert.match(await finding(page, 'firewall_hint'), /check the firewall's inbound TCP 25/i);
  assert.match(await page.locator('.doctor').innerText(), new RegExp(`Listening on\\s+127\\.0\\.0\\.1:${local.smtpPort}`));
}));

test('an MX that leads elsewhere, and who was turned away lately and why, masked', () => withPage(browser, elsewhere, {}, async (page) => {
  await refuseFromOutside(elsewhere);
  await waitInVain(page, elsewhere);
  assert.match(await finding(page, 'mx_elsewhere'), /mx\.example\.net \(203\.0\.113\.9\)/);
  const facts = await page.locator('.doctor .facts').innerText();
  assert.match(facts, /MX records\s+10 mx\.example\.net/);
  assert.match(facts, /Last connection from outside\s+192\.0\.2\.x · /);
  assert.match(facts, /Refused lately\s+.*192\.0\.2\.x: 550 No such inbox/);
  const all = await page.locator('.doctor').innerText();
  assert.doesNotMatch(all, /192\.0\.2\.77|mistyped@/);
  assert.doesNotMatch(all, /Nobody from outside/);
}));

test('an MX that leads here is said to', () => withPage(browser, here, {}, async (page) => {
  await waitInVain(page, here);
  assert.match(await finding(page, 'mx_leads_here'), /The MX of here\.example\.com leads here/);
  // Not the MX's port 25, where this server does not listen.
  assert.match(await page.locator('[role="tabpanel"] code').textContent(), new RegExp(`--server 127\\.0\\.0\\.1 --port ${here.smtpPort}`));
}));

test('the first connection ends the diagnosis', () => withPage(browser, local, {}, async (page) => {
  const address = await waitInVain(page, local);
  await sendMail(local, address);
  await results(page);
  await page.waitForSelector('.doctor', {state: 'hidden'});
}));

test('whoever comes to an inbox with mail sees no diagnosis, however long it is quiet', () => withPage(browser, local, {}, async (page) => {
  await page.clock.install();
  await sendMail(local, await openInbox(page, local));
  await results(page);
  await page.clock.fastForward(600000);
  assert.equal(await page.locator('[data-diagnosing]').count(), 0);
}));

// When no mail comes: what the server knows of the way to it.
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {zone} from './support/mail.js';
import {openInbox, results, useServersAndBrowser} from './support/page.js';
import {MailassayServer} from './support/server.js';
import {sendMail} from './support/smtp.js';
import {refuseFromOutside, startPublicServer, waitInVain} from './support/states.js';

const on = useServersAndBrowser({
  local: () => MailassayServer.start(zone()),
  elsewhere: startPublicServer,
  here: () => MailassayServer.start('here.example.com. 300 IN MX 10 mx.example.com.\nmx.example.com. 300 IN A 127.0.0.1\n',
      {config: 'domain = "here.example.com"\n'}),
});

const finding = (page, code) => page.locator(`[data-finding="${code}"]`).innerText();

test('after a minute without a connection, not before, the page says what stands in the way', on.local(async (page, server) => {
  await page.clock.install();
  await openInbox(page, server);
  await page.clock.fastForward(57000);
  assert.equal(await page.locator('[data-diagnosing]').count(), 0);
  await page.clock.fastForward(4000);
  await page.waitForSelector('[data-diagnosing]');
  assert.match(await finding(page, 'reserved_domain'), /mailassay\.test/);
  assert.match(await finding(page, 'not_listening_outside'), /listens on loopback only/);
  assert.match(await finding(page, 'never_connected'), /Nobody from outside has connected since this server started/);
  assert.match(await finding(page, 'firewall_hint'), /check the firewall's inbound TCP 25/i);
  assert.match(await page.locator('.doctor').innerText(), new RegExp(`Listening on\\s+127\\.0\\.0\\.1:${server.smtpPort}`));
}));

test('an MX that leads elsewhere, and who was turned away lately and why, masked', on.elsewhere(async (page, server) => {
  await refuseFromOutside(server);
  await waitInVain(page, server);
  assert.match(await finding(page, 'mx_elsewhere'), /mx\.example\.net \(203\.0\.113\.9\)/);
  const facts = await page.locator('.doctor .facts').innerText();
  assert.match(facts, /MX records\s+10 mx\.example\.net/);
  assert.match(facts, /Last connection from outside\s+192\.0\.2\.x · /);
  assert.match(facts, /Refused lately\s+.*192\.0\.2\.x: 550 No such inbox/);
  const all = await page.locator('.doctor').innerText();
  assert.doesNotMatch(all, /192\.0\.2\.77|mistyped@/);
  assert.doesNotMatch(all, /Nobody from outside/);
}));

test('an MX that leads here is said to', on.here(async (page, server) => {
  await waitInVain(page, server);
  assert.match(await finding(page, 'mx_leads_here'), /The MX of here\.example\.com leads here/);
  // Not the MX's port 25, where this server does not listen.
  assert.match(await page.locator('[role="tabpanel"] code').textContent(), new RegExp(`--server 127\\.0\\.0\\.1 --port ${server.smtpPort}`));
}));

test('the first connection ends the diagnosis', on.local(async (page, server) => {
  const address = await waitInVain(page, server);
  await sendMail(server, address);
  await results(page);
  await page.waitForSelector('.doctor', {state: 'hidden'});
}));

test('whoever comes to an inbox with mail sees no diagnosis, however long it is quiet', on.local(async (page, server) => {
  await page.clock.install();
  await sendMail(server, await openInbox(page, server));
  await results(page);
  await page.clock.fastForward(600000);
  assert.equal(await page.locator('[data-diagnosing]').count(), 0);
}));

// The whole way without a mouse.
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {makeMail, received, zone} from './support/mail.js';
import {openInbox, results, useServerAndBrowser} from './support/page.js';
import {MailassayServer} from './support/server.js';
import {sendMail} from './support/smtp.js';

const onPage = useServerAndBrowser(() => MailassayServer.start(zone()));

// Presses Tab until what has the focus matches, which must show it.
async function tabTo(page, selector) {
  for (let i = 0; i < 60; i += 1) {
    await page.keyboard.press('Tab');
    const reached = await page.evaluate((wanted) => {
      const element = document.activeElement;
      if (!element.matches(wanted)) return null;
      return getComputedStyle(element.closest('.drop') ?? element).outlineStyle;
    }, selector);
    if (reached === null) continue;
    assert.notEqual(reached, 'none', `${selector} has the focus, but does not show it`);
    return;
  }
  assert.fail(`Tab does not reach ${selector}`);
}

test('everything on the landing is reached in turn, and shows its focus', onPage(async (page, server) => {
  await openInbox(page, server);
  for (const selector of ['.skip', '.brand', '[data-lang="en"]', '[data-lang="ko"]', '.copy', 'a[href^="mailto:"]', '.address-card button:not(.copy)',
    '.sending > summary', '[role="tab"][aria-selected="true"]', '[role="tabpanel"] pre', '[role="tabpanel"] .copy', '[data-drop]']) {
    await tabTo(page, selector);
  }
}));

test('the first mail takes the focus from nobody', onPage(async (page, server) => {
  const address = await openInbox(page, server);
  await tabTo(page, '[role="tabpanel"] .copy');
  await sendMail(server, address);
  await results(page);
  await page.waitForFunction(() => document.activeElement.matches('.sending > summary'));
  const copy = page.locator('.address-card .copy');
  await copy.focus();
  await sendMail(server, address);
  await page.waitForFunction(() => document.querySelectorAll('.messages button, .messages a').length >= 2);
  assert.ok(await copy.evaluate((element) => element === document.activeElement));
}));

test('skipping to the content, the language and copying', onPage(async (page, server) => {
  await openInbox(page, server);
  await tabTo(page, '.skip');
  await page.keyboard.press('Enter');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'main');
  await tabTo(page, '.address-card .copy');
  await page.keyboard.press('Enter');
  await page.getByRole('button', {name: 'Copied'}).waitFor();
  await page.locator('.brand').focus();
  await tabTo(page, '[data-lang="ko"]');
  await page.keyboard.press('Space');
  await page.waitForSelector('html[lang="ko"]');
  assert.equal(await page.evaluate(() => document.activeElement.dataset.lang), 'ko', 'the focus stays on the switch');
}));

test('ready-to-paste ways to send name the address and the port that listens; arrows turn the tabs', onPage(async (page, server) => {
  const address = await openInbox(page, server);
  await page.locator('[role="tabpanel"] code', {hasText: String(server.smtpPort)}).waitFor();
  await tabTo(page, '[role="tab"]');
  for (const name of ['swaks', 'nodemailer', 'Python smtplib', 'Java / Spring', 'PHP', 'Amazon SES', 'swaks']) {
    assert.equal(await page.locator('[role="tab"][aria-selected="true"]').textContent(), name);
    assert.equal(await page.evaluate(() => document.activeElement.textContent), name);
    assert.ok((await page.locator('[role="tabpanel"] pre code').textContent()).includes(address), name);
    await page.keyboard.press('ArrowRight');
  }
}));

test('reading a judged mail: steps, their reasons, the text, an older mail', onPage(async (page, server) => {
  const address = await openInbox(page, server);
  await sendMail(server, address, makeMail({subject: 'First'}));
  await sendMail(server, address, makeMail({subject: 'Second'}));
  await page.locator('[data-subject]', {hasText: 'Second'}).waitFor();
  await results(page);
  await tabTo(page, '[data-message]:not([aria-current])');
  await page.keyboard.press('Enter');
  await page.locator('[data-subject]', {hasText: 'First'}).waitFor();
  assert.equal(await page.evaluate(() => document.activeElement.getAttribute('aria-current')), 'true', 'the focus stays in the list');
  await tabTo(page, '.chip[href="#check-dmarc"]');
  await page.keyboard.press('Enter');
  await tabTo(page, '[data-check="dmarc"] .steps > summary');
  await page.keyboard.press('Enter');
  await tabTo(page, '[data-check="dmarc"] .step > summary');
  await page.keyboard.press('Enter');
  await page.locator('[data-check="dmarc"] .step[open] .why').first().waitFor();
  await tabTo(page, '.mail > summary');
  await page.keyboard.press('Enter');
  await page.waitForSelector('.mail-text');
  await tabTo(page, '.mail-text');
  await tabTo(page, '.mail a[download]');
}));

test('choosing a file', onPage(async (page, server) => {
  await openInbox(page, server);
  const chooser = page.waitForEvent('filechooser');
  await tabTo(page, '[data-drop]');
  await page.keyboard.press('Enter');
  await (await chooser).setFiles({name: 'original.eml', mimeType: 'message/rfc822', buffer: Buffer.from(received())});
  await results(page);
}));

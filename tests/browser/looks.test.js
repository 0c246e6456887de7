// Both languages, both colour schemes, both widths: accessible and fitting, waiting and judged.
import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {sendMail, zone} from './support/mail.js';
import {assertAccessible, assertFits, launch, openInbox, results, withPage} from './support/page.js';
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

for (const locale of ['en-US', 'ko-KR']) {
  for (const colorScheme of ['light', 'dark']) {
    for (const width of [360, 1440]) {
      test(`${locale}, ${colorScheme}, ${width} px`, () => withPage(browser, server, {locale, colorScheme, viewport: {width, height: 800}}, async (page) => {
        const address = await openInbox(page, server, '?diagnose_after=0');
        await page.waitForSelector('[data-diagnosing]');
        assert.equal(await page.getAttribute('html', 'lang'), locale.slice(0, 2));
        await assertAccessible(page);
        await assertFits(page);
        await sendMail(server, address);
        await results(page);
        for (const summary of await page.locator('.steps > summary').all()) await summary.click();
        await page.locator('.mail > summary').click();
        await page.waitForSelector('.mail-text');
        await assertAccessible(page);
        await assertFits(page);
      }));
    }
  }
}

test('the language switch changes every word and is remembered', () => withPage(browser, server, {}, async (page) => {
  await openInbox(page, server);
  await page.click('[data-lang="ko"]');
  await page.waitForSelector('html[lang="ko"]');
  assert.match(await page.locator('h1').textContent(), /판정하는지/);
  await page.reload();
  await page.waitForSelector('html[lang="ko"] [data-address]:not(:empty)');
  assert.doesNotMatch(await page.locator('main').innerText(), /page\.[a-z_]+/);
}));

test('everything can be reached by keyboard, with a visible focus', () => withPage(browser, server, {}, async (page) => {
  await openInbox(page, server);
  const reached = new Set();
  for (let i = 0; i < 25; i += 1) {
    await page.keyboard.press('Tab');
    reached.add(await page.evaluate(() => {
      const {outlineStyle} = getComputedStyle(document.activeElement.closest('.drop') ?? document.activeElement);
      return `${document.activeElement.textContent.trim() || document.activeElement.tagName} ${outlineStyle === 'none' ? 'unseen' : 'seen'}`;
    }));
  }
  const names = [...reached].join('\n');
  for (const name of ['Skip to content', '한국어', 'Copy address', 'Write a mail', 'New address', 'How to send', 'swaks', 'INPUT']) {
    assert.ok(names.includes(`${name} seen`), `${name} in:\n${names}`);
  }
}));

// Each state in both languages, both colour schemes and both widths: accessible, fitting, in words.
// SHOTS=FOLDER keeps a picture of each.
import assert from 'node:assert/strict';
import {test} from 'node:test';
import path from 'node:path';
import {assertAccessible, assertFits, openInbox, useServersAndBrowser} from './support/page.js';
import {startLockedServer, startPlainServer, startPublicServer, STATES} from './support/states.js';

const {SHOTS} = process.env;
// Each width and each scheme in each language, and all four pairs between them.
const VIEWS = {
  en: [[1440, 900, 'light'], [360, 740, 'dark']],
  ko: [[1440, 900, 'dark'], [360, 740, 'light']],
};
const on = useServersAndBrowser({plain: startPlainServer, public: startPublicServer, locked: startLockedServer});

// A key of the catalogue, a code of the server or the sign of a fact that is not there, where words should be.
async function assertInWords(page) {
  const text = await page.locator('body').innerText();
  assert.doesNotMatch(text, /\b(page|cause|doctor|login)\.[a-z_.]+\b/);
  assert.doesNotMatch(text, /undefined|\[object|NaN|\{\w+\}/);
  const told = await page.locator(':is(.check-content, [data-next]):visible').allInnerTexts();
  assert.doesNotMatch(told.join('\n'), /–/);
}

// Pictures are drawn when they are about to be seen.
async function seeAll(page) {
  for (const one of await page.locator('[data-picture][open]:visible').all()) await one.scrollIntoViewIfNeeded();
  await page.waitForFunction(() => !document.querySelector('[data-picture][open]:not([hidden], [data-drawn])'), null, {timeout: 3000}).catch(() => {});
  await page.evaluate(() => scrollTo(0, 0));
}

async function picture(page, name) {
  await seeAll(page);
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({colorScheme});
    await page.screenshot({path: path.join(SHOTS, `${name}-${colorScheme}.png`), fullPage: true});
  }
}

for (const [name, {open, on: where = 'plain', expected}] of Object.entries(STATES)) {
  for (const locale of ['en-US', 'ko-KR']) {
    const language = locale.slice(0, 2);
    test(`${name}, ${language}`, on[where](async (page, server) => {
      const end = await open(page, server);
      assert.equal(await page.getAttribute('html', 'lang'), language);
      await assertInWords(page);
      for (const [width, height, colorScheme] of VIEWS[language]) {
        await page.setViewportSize({width, height});
        await page.emulateMedia({colorScheme});
        await assertFits(page);
        await assertAccessible(page);
        if (SHOTS) await picture(page, `${name.replaceAll(/\W+/g, '-')}-${language}-${width}`);
      }
      if (typeof end === 'function') await end();
    }, {locale, expected}));
  }
}

test('the language switch changes every word and is remembered', on.plain(async (page, server) => {
  await openInbox(page, server);
  await page.click('[data-lang="ko"]');
  await page.waitForSelector('html[lang="ko"]');
  assert.match(await page.locator('h1').textContent(), /판정하는지/);
  await page.reload();
  await page.waitForSelector('html[lang="ko"] [data-address]:not(:empty)');
  await assertInWords(page);
}));

test('the access key opens the page, a wrong one does not', on.locked(async (page, server) => {
  await page.goto(server.url);
  await page.getByLabel('Access key').fill('open barley');
  await page.getByRole('button', {name: 'Open'}).click();
  await page.getByRole('alert').waitFor();
  assert.match(await page.getByRole('alert').innerText(), /not the access key/);
  await assertAccessible(page);
  await page.getByLabel('Access key').fill('open sesame');
  await page.getByRole('button', {name: 'Open'}).click();
  await page.waitForSelector('[data-stream="live"]');
}, {expected: /401/}));

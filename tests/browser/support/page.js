// Debian's Chromium, and a page that remembers whatever should never happen.
import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {chromium} from 'playwright-core';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
export const CHECKS = ['connection', 'spf', 'dkim', 'dmarc', 'verdict'];

export const launch = () => chromium.launch({executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox']});

// Runs `story(page)` in a fresh profile, and fails on a console error, a policy violation or a foreign request.
// `expected`: a pattern of console errors that the story itself brings about (a server that is stopped).
export async function withPage(browser, server, options, story, {expected = null} = {}) {
  const context = await browser.newContext({locale: 'en-US', viewport: {width: 1440, height: 900}, reducedMotion: 'reduce', ...options});
  const bad = [];
  try {
    const page = await context.newPage();
    const note = (text) => { if (!expected?.test(text)) bad.push(text); };
    page.on('console', (message) => { if (['error', 'warning'].includes(message.type())) note(`console: ${message.text()}`); });
    page.on('pageerror', (error) => note(`error: ${error.message}`));
    page.on('dialog', (dialog) => { note(`dialog: ${dialog.message()}`); dialog.dismiss(); });
    page.on('request', (request) => { if (!request.url().startsWith(`${server.url}/`)) note(`foreign request: ${request.url()}`); });
    await page.addInitScript(() => {
      addEventListener('securitypolicyviolation', (event) => console.error(`policy violation: ${event.violatedDirective}`));
    });
    await story(page);
  } finally {
    await context.close();
  }
  assert.deepEqual(bad, []);
}

// Opens a new inbox; gives its address.
export async function openInbox(page, server, query = '') {
  await page.goto(`${server.url}/${query}`);
  await page.waitForSelector('[data-stream="live"]');
  return page.locator('[data-address]').textContent();
}

export const tokenOf = (page) => new URL(page.url()).pathname.split('/')[2];

// The five results once all are known.
export async function results(page) {
  const found = {};
  for (const check of CHECKS) {
    const card = page.locator(`[data-check="${check}"][data-result]`);
    await card.waitFor();
    assert.equal(await page.locator(`[data-check="${check}"]`).count(), 1, `one element for ${check}`);
    found[check] = await card.getAttribute('data-result');
  }
  return found;
}

export async function assertAccessible(page) {
  await page.evaluate(AXE);
  const violations = await page.evaluate(async () => (await globalThis.axe.run()).violations.map(
      ({id, nodes}) => `${id}: ${nodes.map((node) => node.target.join(' ')).join(', ')}`));
  assert.deepEqual(violations, []);
}

export async function assertFits(page) {
  const {content, view} = await page.evaluate(() => ({content: document.documentElement.scrollWidth, view: innerWidth}));
  assert.ok(content <= view, `the page is ${content} px wide in a view of ${view} px`);
}

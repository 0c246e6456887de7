// Debian's Chromium, and a page that remembers whatever should never happen.
import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {chromium} from 'playwright-core';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
export const CHECKS = ['connection', 'spf', 'dkim', 'dmarc', 'verdict'];

// Names below .example lead to this machine: a plain http:// page of theirs is no secure context, as on a server.
const ARGUMENTS = ['--no-sandbox', '--host-resolver-rules=MAP *.example 127.0.0.1'];

export const launch = () => chromium.launch({executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ARGUMENTS});

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
  } catch (error) {
    if (bad.length) error.message += `\nThe page also told: ${bad.join('\n')}`;
    throw error;
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

// Notes from now on when a check gets its result; the function that it gives tells [check, result, when].
export async function recordResults(page) {
  await page.evaluate(() => {
    globalThis.lit = [];
    new MutationObserver((changes) => changes.forEach(({target}) => {
      if (target.dataset.result) globalThis.lit.push([target.dataset.check, target.dataset.result, Math.round(performance.now())]);
    })).observe(document.body, {subtree: true, attributeFilter: ['data-result']});
  });
  return () => page.evaluate(() => globalThis.lit);
}

// Opens these details, and waits until they are filled; gives how many were shut.
export const openDetails = (page, selector) => page.evaluate((wanted) => {
  const shut = [...document.querySelectorAll(wanted)].filter((details) => !details.open && !details.hidden);
  shut.forEach((details) => { details.open = true; });
  return new Promise((done) => requestAnimationFrame(() => setTimeout(() => done(shut.length), 20)));
}, selector);

// What the page tells of the shown mail: the conversation, and the first level of every tree of steps.
export async function story(page) {
  await openDetails(page, '.steps, .dialogue-card, [data-other-steps]');
  return {
    dialogue: await page.locator('[data-dialogue] > li').allTextContents(),
    steps: await page.locator('.step-text').allTextContents(),
  };
}

// Every step down to the last.
export async function openAllSteps(page) {
  while (await openDetails(page, '.steps, [data-other-steps], .step, .raw'));
}

// within: the selector of what is looked at, if not all.
export async function assertAccessible(page, within = 'html') {
  if (!await page.evaluate(() => 'axe' in globalThis)) await page.evaluate(AXE);
  const violations = await page.evaluate(async (selector) => (await globalThis.axe.run(selector, {preload: false, resultTypes: ['violations']})).violations.map(
      ({id, nodes}) => `${id}: ${nodes.map((node) => node.target.join(' ')).join(', ')}`), within);
  assert.deepEqual(violations, []);
}

export async function assertFits(page) {
  const {content, view} = await page.evaluate(() => ({content: document.documentElement.scrollWidth, view: innerWidth}));
  assert.ok(content <= view, `the page is ${content} px wide in a view of ${view} px`);
}

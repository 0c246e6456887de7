// Debian's Chromium, and a page that remembers whatever should never happen.
import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {after, before} from 'node:test';
import {chromium} from 'playwright-core';
import {sendMail} from './smtp.js';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
export const CHECKS = ['connection', 'spf', 'dkim', 'dmarc', 'verdict'];

// Names below .example lead to this machine: a plain http:// page of theirs is no secure context, as on a server.
const ARGUMENTS = ['--no-sandbox', '--host-resolver-rules=MAP *.example 127.0.0.1'];

export const launch = () => chromium.launch({executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ARGUMENTS});

// Runs `story(page)` in a fresh profile, and fails on a console error, a policy violation or a foreign request.
// `expected`: a pattern of console errors that the story itself brings about (a server that is stopped).
async function withPage(browser, server, options, story, {expected = null} = {}) {
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

// A browser and servers ({name: how it starts}) for all the tests of a file. Gives by name a function that makes a test
// of story(page, server); its options are those of withPage and of the browser's profile.
export function useServersAndBrowser(starts) {
  const servers = {};
  let browser;
  before(() => Promise.all([launch().then((one) => { browser = one; }),
    ...Object.entries(starts).map(async ([name, start]) => { servers[name] = await start(); })]));
  after(async () => {
    await browser?.close();
    await Promise.all(Object.values(servers).map((server) => server.remove()));
  });
  const onPage = (name) => (story, {expected, ...profile} = {}) => () => withPage(
      browser, servers[name], profile, (page) => story(page, servers[name]), {expected});
  return Object.fromEntries(Object.keys(starts).map((name) => [name, onPage(name)]));
}

export const useServerAndBrowser = (start) => useServersAndBrowser({only: start}).only;

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

// Sends a mail to a new inbox, and gives the results that the page shows.
export async function judged(page, server, mail, envelope) {
  await sendMail(server, await openInbox(page, server), mail, envelope);
  return results(page);
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

// What the clipboard holds, by pasting it.
export async function pasted(page) {
  await page.evaluate(() => {
    document.querySelector('#paste')?.remove();
    const area = document.createElement('textarea');
    area.id = 'paste';
    document.body.append(area);
    area.focus();
  });
  await page.keyboard.press('Control+V');
  const text = await page.inputValue('#paste');
  await page.evaluate(() => document.querySelector('#paste').remove());
  return text;
}

// Opens a card that says nothing until it is opened, and gives it.
export async function openCard(page, selector) {
  const card = page.locator(selector);
  await card.locator('> summary').click();
  await page.waitForSelector(`${selector} .opened > *`);
  return card;
}

// {check: [before, after]} of a comparison of two judgements, once it is there.
export async function compared(place) {
  await place.locator('.compared').waitFor();
  return Object.fromEntries(await place.locator('[data-compare]').evaluateAll((rows) => rows.map(({dataset}) => [dataset.compare, [dataset.before, dataset.after]])));
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

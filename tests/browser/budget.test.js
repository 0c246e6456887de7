// What the page costs: octets and requests before it can be used, and how much of it jumps while a mail is judged.
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {makeMail, zone} from './support/mail.js';
import {openInbox, results, useServersAndBrowser} from './support/page.js';
import {MailassayServer} from './support/server.js';
import {SmtpClient} from './support/smtp.js';

const MOST_OCTETS = 100000;  // headers of the answers included
const MOST_REQUESTS = 60;    // there is no build step: a module is a request
const MOST_SHIFT = 0.1;      // what web.dev calls a good cumulative layout shift
const DELAY = 400;

const on = useServersAndBrowser({
  plain: () => MailassayServer.start(zone()),
  slow: () => MailassayServer.start(zone(`
$DELAY example.com ${DELAY}
$DELAY spf.example.net ${DELAY}
$DELAY s1._domainkey.example.com ${DELAY}
$DELAY _dmarc.example.com ${DELAY}`)),
});

const frames = (page) => page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));

test('the landing takes few octets and few requests, all of this server', on.plain(async (page, server) => {
  const asked = [];
  page.on('request', (request) => asked.push(request.url()));
  await openInbox(page, server);
  await page.waitForFunction(() => performance.getEntriesByType('resource').some(({name}) => name.endsWith('/reachability')));
  const loaded = await page.evaluate(() => [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')].map(
      ({name, transferSize}) => ({name, transferSize})));
  // The live stream has not ended, so it is asked for and not yet among what was loaded.
  assert.ok(loaded.length >= asked.length - 1, `${loaded.length} of ${asked.length} are measured`);
  assert.ok(loaded.every(({transferSize}) => transferSize > 0), JSON.stringify(loaded));
  const octets = loaded.reduce((sum, {transferSize}) => sum + transferSize, 0);
  assert.ok(octets < MOST_OCTETS, `${octets} octets`);
  assert.ok(asked.length <= MOST_REQUESTS, `${asked.length} requests`);
  assert.deepEqual([...new Set(asked.map((url) => new URL(url).origin))], [server.url]);
}));

// From the landing, before anything came, to the verdict.
async function shiftWhileJudged(page, server) {
  const address = await openInbox(page, server);
  await frames(page);
  await page.evaluate(() => {
    globalThis.shifts = [];
    const moved = ({node, previousRect, currentRect}) => `${node?.className ?? node?.nodeName}: ${Math.round(previousRect.y)} → ${Math.round(currentRect.y)}`;
    new PerformanceObserver((list) => {
      const unasked = list.getEntries().filter(({hadRecentInput}) => !hadRecentInput);
      globalThis.shifts.push(...unasked.map(({value, sources}) => ({value, moved: sources.map(moved)})));
    }).observe({type: 'layout-shift'});
  });
  const client = await SmtpClient.open(server);
  await client.address(address);
  await page.locator('[data-check="connection"]').waitFor();
  await client.data(makeMail());
  await client.quit();
  await results(page);
  await page.locator('[data-next]').waitFor();
  await frames(page);
  return page.evaluate(() => globalThis.shifts);
}

for (const [width, height] of [[1440, 900], [360, 740]]) {
  test(`little jumps from the landing to the verdict, ${width} pixels wide`, on.slow(async (page, server) => {
    const shifts = await shiftWhileJudged(page, server);
    assert.ok(shifts.reduce((sum, {value}) => sum + value, 0) < MOST_SHIFT, JSON.stringify(shifts));
  }, {viewport: {width, height}, reducedMotion: 'no-preference'}));
}

// /learn: mails that tell something, each judged for real, with a zone of its own that can be edited.
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {compared, openCard, openDetails, results, useServerAndBrowser} from './support/page.js';
import {MailassayServer} from './support/server.js';

const FEWEST = 12;
const HANGUL = /[가-힣]/;
const POLICY = '_dmarc.example.com';

const onPage = useServerAndBrowser(() => MailassayServer.start(''));

const scenarios = async (page, server, language) => (await (await page.request.get(`${server.url}/api/v1/scenarios?language=${language}`)).json()).scenarios;
const listed = (page) => page.locator('[data-scenario]').evaluateAll((all) => all.map((one) => ({name: one.dataset.scenario, title: one.textContent})));
const chosen = (page) => page.locator('[data-scenario][aria-current="page"]').getAttribute('data-scenario');

async function openScenario(page, server, name) {
  await page.goto(`${server.url}/learn?scenario=${name}`);
  return results(page);
}

// The zone without the lines of these names.
const without = (zone, name) => zone.split('\n').filter((line) => !line.startsWith(`${name} `)).join('\n');

test('the landing leads to it, all scenarios are listed, and the first is judged at once', onPage(async (page, server) => {
  await page.goto(server.url);
  await page.getByRole('link', {name: 'Learn'}).click();
  await results(page);
  assert.equal(new URL(page.url()).pathname, '/learn');
  const known = await scenarios(page, server, 'en');
  assert.ok(known.length >= FEWEST, `${known.length} scenarios`);
  assert.deepEqual(await listed(page), known.map(({name, title}) => ({name, title})));
  assert.equal(await page.locator('.lab-player h2').first().textContent(), known[0].title);
  assert.equal(await chosen(page), known[0].name);
}));

test('every scenario plays: its lesson, its five results as the server judges it, its steps', onPage(async (page, server) => {
  await page.goto(`${server.url}/learn`);
  await results(page);
  for (const {name, title, lesson} of await scenarios(page, server, 'en')) {
    await page.locator(`[data-scenario="${name}"]`).click();
    await page.waitForURL(`**/learn?scenario=${name}`);
    const found = await results(page);
    const {report} = await (await page.request.post(`${server.url}/api/v1/scenarios/${name}/judge`, {data: {}})).json();
    assert.deepEqual([found.spf, found.dmarc, found.verdict], [report.spf.result, report.dmarc.result, report.dmarc.result], name);
    assert.equal(await chosen(page), name);
    assert.equal(await page.locator('.lab-player h2').first().textContent(), title);
    assert.equal((await page.locator('[data-lesson]').textContent()).trim(), lesson.trim());
    await openDetails(page, '[data-check="dmarc"] .steps');
    await page.locator('[data-check="dmarc"] .step').first().waitFor();
  }
}));

test('titles and lessons speak the page\'s language, at once when it is switched', onPage(async (page, server) => {
  await openScenario(page, server, 'ses-default');
  const lesson = page.locator('[data-lesson]');
  assert.doesNotMatch(await lesson.textContent(), HANGUL);
  await page.click('[data-lang="ko"]');
  const known = await scenarios(page, server, 'ko');
  await page.waitForSelector('html[lang="ko"]', {state: 'attached'});
  assert.equal(await page.locator('.lab-player h2').first().textContent(), known.find(({name}) => name === 'ses-default').title);
  assert.deepEqual(await listed(page), known.map(({name, title}) => ({name, title})));
  assert.ok(known.every(({title}) => HANGUL.test(title)));
  assert.equal((await lesson.textContent()).trim(), known.find(({name}) => name === 'ses-default').lesson.trim());
  assert.equal(await chosen(page), 'ses-default', 'the scenario stays');
}));

test('the zone is there to be edited: what is changed is judged and compared, and can be taken back', onPage(async (page, server) => {
  assert.equal((await openScenario(page, server, 'ses-default')).verdict, 'pass');
  const lab = await openCard(page, '[data-lab]');
  const editor = lab.getByLabel(/The zone/);
  const original = await editor.inputValue();
  assert.match(original, /_dmarc\.example\.com\s+TXT/);
  await editor.fill(without(original, POLICY));
  await lab.getByRole('button', {name: 'Judge it with these'}).click();
  const found = await compared(lab);
  assert.deepEqual([found.dmarc, found.spf], [['pass', 'none'], ['pass', 'pass']]);
  await page.waitForSelector('[data-check="verdict"][data-result="none"]');
  assert.match(await page.locator('[data-check="dmarc"]').innerText(), /example\.com publishes no DMARC record/);
  assert.equal(await page.locator('[data-next]').getAttribute('data-advice'), 'dmarc_record');
  await lab.getByRole('button', {name: 'As it was'}).click();
  await page.waitForSelector('[data-check="verdict"][data-result="pass"]');
  assert.equal(await editor.inputValue(), original);
  await lab.locator('[data-unchanged]').waitFor();
}));

test('a line that is no record is named beside the editor, and nothing typed is lost', onPage(async (page, server) => {
  await openScenario(page, server, 'ses-default');
  const lab = await openCard(page, '[data-lab]');
  const typed = 'example.com TXT "v=spf1 -all"\nexample.com MX';
  await lab.getByLabel(/The zone/).fill(typed);
  await lab.getByRole('button', {name: 'Judge it with these'}).click();
  await lab.getByRole('alert').waitFor();
  assert.match(await lab.getByRole('alert').innerText(), /zone line 2: /);
  assert.equal(await lab.getByLabel(/The zone/).inputValue(), typed);
  assert.equal(await page.locator('[data-check="verdict"]').getAttribute('data-result'), 'pass', 'the mail is shown as it was judged');
}, {expected: /status of 400/}));

test('a scenario can be handed on as a file, and offers nothing that needs an inbox', onPage(async (page, server) => {
  await openScenario(page, server, 'ses-default');
  for (const gone of ['[data-prove]', '[data-address]', '.assume', 'a[download]']) assert.equal(await page.locator(`${gone}:visible`).count(), 0, gone);
  const share = await openCard(page, '[data-share]');
  assert.equal(await share.getByRole('button', {name: 'Make a link'}).count(), 0);
  assert.equal(await share.getByRole('button', {name: 'One HTML file'}).isVisible(), true);
}));

test('a name that no scenario has says so', onPage(async (page, server) => {
  await page.goto(`${server.url}/learn?scenario=unheard-of`);
  await page.waitForSelector('[data-notice="unknown"]');
}, {expected: /status of 404/}));

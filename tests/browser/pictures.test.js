// The pictures of the checks: what they show of real mails, in words and shapes, for everyone and at every width.
import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {test} from 'node:test';
import path from 'node:path';
import {received} from './support/mail.js';
import {assertAccessible, assertFits, judged, openInbox, results, useServersAndBrowser} from './support/page.js';
import {MARKUP, PICTURED, PICTURED_ZONE} from './support/pictured.js';
import {MailassayServer} from './support/server.js';
import {sendMail, SmtpClient} from './support/smtp.js';

const {SHOTS} = process.env;
const start = () => MailassayServer.start(PICTURED_ZONE);
// fresh: one whose cache is empty.
const on = useServersAndBrowser({usual: start, fresh: start});

// A picture that is drawn; it is loaded once it is near.
async function picture(page, name) {
  const element = page.locator(`[data-picture="${name}"]`);
  await element.waitFor();
  // A picture above that is drawn at that moment takes the summary away from under the click: then a second one does it.
  for (let i = 0; i < 3 && await element.getAttribute('open') === null; i += 1) await element.locator('> summary').click();
  await element.scrollIntoViewIfNeeded();
  await page.locator(`[data-picture="${name}"][data-drawn]`).waitFor();
  return element;
}

const story = (name, tell, options = {}, where = on.usual) => where(async (page, server) => {
  const {mail, envelope} = PICTURED[name];
  await judged(page, server, mail, envelope);
  await tell(page, server);
}, options);

// "state term" of each term as the tree nests them, folded ones too.
const terms = (element) => element.locator('.spf-picture .term:has(> .term-line code)').evaluateAll((all) => all.map((term) => {
  const depth = [...document.querySelectorAll('.spf-picture .term')].filter((other) => other !== term && other.contains(term) && other.querySelector(':scope > .record-box, :scope > .folded')).length;
  return `${'  '.repeat(depth)}${term.dataset.state} ${term.querySelector('code').textContent}`;
}));
const texts = (element, selector) => element.locator(selector).evaluateAll((all) => all.map((one) => one.textContent.replace(/\s+/g, ' ').trim()));

test('SPF: nested includes down to the match, and what each look-up was spent on', story('nested', async (page) => {
  const spf = await picture(page, 'spf');
  assert.deepEqual(await terms(spf), ['miss a:gone.shop.example', 'match include:mailer.example', '  miss ip4:198.51.100.0/24', '  miss ip4:203.0.113.0/24',
    '  miss ip4:192.0.2.0/24', '  miss ip6:2001:db8::/32', '  match include:_pool.mailer.example', '    match ip4:127.0.0.5', '    unreached ip4:127.0.0.6',
    '    unreached -all', '  unreached -all', 'unreached include:_spf.office.example', 'unreached ~all']);
  assert.deepEqual(await texts(spf, '.spf-picture .on-path > .term-line code'), ['include:mailer.example', 'include:_pool.mailer.example', 'ip4:127.0.0.5']);
  const [lookups, voids] = await spf.locator('.spf-picture .budget-part').all();
  assert.equal(await lookups.locator('.label').textContent(), 'DNS look-ups: 3 of 10 allowed');
  assert.deepEqual(await texts(lookups, '.spent .visually-hidden'), ['1: a:gone.shop.example in the record of bounce.shop.example',
    '2: include:mailer.example in the record of bounce.shop.example', '3: include:_pool.mailer.example in the record of mailer.example']);
  assert.equal(await lookups.locator('.slot').count(), 10);
  assert.equal(await voids.locator('.label').textContent(), 'Empty answers: 1 of 2 allowed');
  assert.match(await spf.locator('.picture-result').first().textContent(), /^SPF for bounce\.shop\.example: pass$/);
  // What decided is told by its words and by a thicker line, not by colour alone.
  const width = (selector) => spf.locator(selector).first().evaluate((one) => parseFloat(getComputedStyle(one).borderInlineStartWidth));
  assert.ok(await width('.term.on-path') > await width('.term.is-miss'));
}));

test('SPF: the look-up that was one too many', story('tooMany', async (page) => {
  const spf = await picture(page, 'spf');
  assert.equal(await spf.locator('.lookups .label').first().textContent(), 'DNS look-ups: 11 of 10 allowed');
  assert.deepEqual(await texts(spf, '.slot.over .visually-hidden'), ['11, one too many: include:_net.ads.example in the record of _spf.ads.example']);
  assert.deepEqual(await texts(spf, '.on-path > .term-line code'), ['include:_spf.ads.example', 'include:_net.ads.example']);
  const all = await terms(spf);
  assert.equal(all.filter((term) => term.includes('error')).length, 2);
  assert.ok(all.includes('unreached include:_spf.chat.example'), all.join('\n'));
}));

test('SPF: a redirect carries on in another record', story('redirected', async (page) => {
  const spf = await picture(page, 'spf');
  assert.deepEqual((await terms(spf)).slice(0, 3), ['used redirect=bounce.shop.example', '  miss a:gone.shop.example', '  match include:mailer.example']);
  assert.equal(await spf.locator('.spf-picture .record-box').count(), 4);
}));

test('SPF: the tree grows while the DNS is still asked', on.usual(async (page, server) => {
  const address = await openInbox(page, server);
  const client = await SmtpClient.open(server);
  await client.address(address, {helo: 'out5.mailer.example', mailFrom: 'x@slow.example'});
  const spf = await picture(page, 'spf');
  assert.match(await spf.locator('.is-pending').first().textContent(), /include:late\.example.*look-up 1.*not yet compared/);
  await page.locator('[data-check="spf"][data-result="pass"]').waitFor();
  assert.deepEqual(await terms(spf), ['match include:late.example', '  match ip4:127.0.0.5', '  unreached -all', 'unreached -all']);
  client.close();
}));

// "state name" of the rows of the sheet.
const fields = (element) => element.locator('.field:has(> .field-name)').evaluateAll((all) => all.map((one) => `${one.dataset.state} ${one.querySelector('.field-name').textContent}`));

test('DKIM: the sheet says which fields are signed, how often, and what is not', story('nested', async (page) => {
  const dkim = await picture(page, 'dkim');
  await dkim.locator('.field-value', {hasText: 'Your order 4711'}).waitFor();  // the original is here
  assert.deepEqual(await fields(dkim), ['own DKIM-Signature', 'unsigned DKIM-Signature', 'signed From', 'signed To', 'signed Subject', 'signed Date', 'signed Message-ID',
    'exposed Reply-To', 'unsigned X-Mailer']);
  assert.deepEqual(await texts(dkim, '.field .tally'), Array(2).fill('signed 2 times: no other can be added'));
  assert.match(await dkim.locator('.absent').textContent(), /so none can be added: Cc$/);
  assert.match(await dkim.locator('.sheet-body').textContent(), /signed to its end \(56 octets\).*Good morning/s);
  assert.deepEqual(await dkim.locator('.hash-pair').evaluateAll((all) => all.map((one) => one.dataset.equal)), ['true', 'true']);
  const [signed, computed] = await texts(dkim.locator('.hash-pair').first(), '.hash');
  assert.match(signed, /^[A-Za-z0-9+/]{43}=$/);
  assert.equal(signed, computed);
  // The other signature, by the keyboard.
  await page.getByRole('button', {name: '2. mailer.example'}).focus();
  await page.keyboard.press('Enter');
  assert.match(await dkim.locator('.picture-result').textContent(), /DKIM pass for mailer\.example/);
  assert.deepEqual((await fields(dkim)).slice(0, 2), ['unsigned DKIM-Signature', 'own DKIM-Signature']);
  assert.equal(await page.getByRole('button', {name: '2. mailer.example'}).getAttribute('aria-pressed'), 'true');
}));

test('DKIM: what was added to the body stands where it is', story('footer', async (page) => {
  const dkim = await picture(page, 'dkim');
  await dkim.locator('.body-text', {hasText: 'thank you'}).waitFor();
  assert.match(await dkim.locator('.inserted').textContent(), /lines 6 to 8 were added after signing.*List of all shops/s);
  assert.deepEqual(await dkim.locator('.hash-pair').evaluateAll((all) => all.map((one) => one.dataset.equal)), ['false', 'true']);
  const [signed, computed] = await texts(dkim.locator('.hash-pair').first(), '.hash');
  assert.notEqual(signed, computed);
  assert.match(await dkim.locator('.forensics').textContent(), /3 lines were inserted at body line 6/);
}));

test('DKIM: a field that was rewritten shows what was signed and what came', story('prefixed', async (page) => {
  const dkim = await picture(page, 'dkim');
  assert.equal(await dkim.locator('.is-changed .field-name').textContent(), 'Subject');
  assert.equal((await dkim.locator('del').textContent()).trim(), 'Your order 4711');
  assert.equal((await dkim.locator('ins').textContent()).trim(), '[shops] Your order 4711');
  assert.match(await dkim.locator('.sheet-legend').textContent(), /named as signed: 5/, 'nothing proves those fields');
}));

test('DKIM: the tail that l= leaves open is marked, to scale', story('tail', async (page) => {
  const dkim = await picture(page, 'dkim');
  await dkim.locator('.tail').waitFor();
  assert.match(await dkim.locator('.tail').textContent(), /anybody may have written this.*P\.S\. Our bank account has changed/s);
  assert.doesNotMatch(await dkim.locator('.tail').textContent(), /The shop/);
  assert.equal(await dkim.getByRole('img').getAttribute('aria-label'), '56 of 111 octets of the body are signed');
  const [covered, open] = await dkim.locator('.coverage rect').evaluateAll((all) => all.filter((one) => one.closest('defs') === null).map((one) => one.getBoundingClientRect().width));
  assert.ok(Math.abs(covered / (covered + open) - 56 / 111) < 0.02, `${covered} ${open}`);
}));

// "state octets" of each part of the original as it stands there.
async function rawPieces(page) {
  await page.locator('.mail > summary').click();
  const raw = await picture(page, 'raw');
  await raw.locator('.raw-mail').first().waitFor();
  return raw.locator('.raw-piece').evaluateAll((all) => all.map((one) => [one.dataset.state ?? 'none', one.querySelector('pre').textContent]));
}

const asLines = (octets) => octets.replaceAll('\r\n', '\n').trimEnd();

test('the original: every octet of it, and which of them are signed', story('tail', async (page) => {
  const pieces = await rawPieces(page);
  const header = pieces.slice(0, -2).map(([, octets]) => octets).join('\n');
  const body = pieces.slice(-2).map(([, octets]) => octets).join('');
  assert.equal(`${header}\n\n${body}`.trimEnd(), asLines(PICTURED.tail.mail));
  assert.deepEqual(pieces.map(([state, octets]) => `${state} ${octets.slice(0, 7)}`),
      ['own DKIM-Si', 'signed From: S', 'signed To: you', 'signed Subject', 'signed Date: T', 'signed Message', 'signed Good mo', 'exposed P.S. Ou']);
  const raw = page.locator('[data-picture="raw"]');
  assert.match(await raw.textContent(), /Only the first 56 octets of the body are signed; 55 more are not/);
  assert.equal(await raw.locator('.raw-piece.is-exposed').evaluate((one) => getComputedStyle(one).borderInlineStartStyle), 'dashed');
  await assertAccessible(page);
  await assertFits(page);
}));

test('the original: what the chosen signature covers, and which field above a signed one is not', story('nested', async (page) => {
  const pieces = await rawPieces(page);
  const raw = page.locator('[data-picture="raw"]');
  const states = () => raw.locator('.raw-header .raw-piece').evaluateAll((all) => all.map((one) => `${one.dataset.state} ${one.querySelector('pre').textContent.split(':')[0]}`));
  assert.equal(pieces.filter(([state]) => state === 'own').length, 1);
  const first = await states();
  assert.deepEqual(first.filter((one) => one.startsWith('exposed')), ['exposed Reply-To']);
  await raw.getByRole('button', {name: /^2\./}).click();
  const second = await states();
  assert.notEqual(second.indexOf('own DKIM-Signature'), first.indexOf('own DKIM-Signature'));
}));

test('the original: a body that was changed says so, and a mail without a signature that nothing is signed', story('footer', async (page, server) => {
  const pieces = await rawPieces(page);
  assert.match(pieces.at(-1)[1], /List of all shops/);
  assert.match(await page.locator('[data-picture="raw"]').textContent(), /is not what was signed/);
  assert.equal(await page.locator('.raw-piece.is-changed').count(), 1);
  await judged(page, server, PICTURED.redirected.mail, PICTURED.redirected.envelope);
  assert.deepEqual([...new Set((await rawPieces(page)).map(([state]) => state))], ['none']);
  assert.match(await page.locator('[data-picture="raw"]').textContent(), /No signature covers any of it/);
}));

test('the original: a line that is no field, and what is folded into it, is no part of the signed field above', on.usual(async (page, server) => {
  const {mail, envelope} = PICTURED.tail;
  await judged(page, server, mail.replace(/^(Subject:.*\r\n)/m, '$1no colon here\r\n pay 1000 to X\r\n'), envelope);
  const pieces = await rawPieces(page);
  const at = pieces.findIndex(([, octets]) => octets.startsWith('Subject:'));
  assert.deepEqual(pieces.slice(at, at + 3), [['signed', 'Subject: Your order 4711'], ['unsigned', 'no colon here'], ['unsigned', ' pay 1000 to X']]);
}));

test('the original: nothing is marked in a header whose end is not read', on.usual(async (page, server) => {
  const {mail, envelope} = PICTURED.tail;
  await judged(page, server, `From: ceo@bank.example\r\nX-Filler:${` ${'x'.repeat(70)}\r\n`.repeat(5000)}${mail}`, envelope);
  assert.deepEqual([...new Set((await rawPieces(page)).map(([state]) => state))], ['none']);
  assert.match(await page.locator('[data-picture="raw"]').textContent(), /what of it is signed is not marked.*Only the first/s);
  assert.deepEqual((await fields(await picture(page, 'dkim'))).filter((one) => one.includes('From')), ['signed From']);
  assert.doesNotMatch(await page.locator('[data-picture="dkim"]').textContent(), /ceo@bank/);
}));

test('of two signatures the upper one may be signed by the lower one', on.usual(async (page, server) => {
  await openInbox(page, server);
  const states = await page.evaluate(async () => {
    const {sheetOf} = await import('/js/pictures/dkim_sheet.js');
    const named = (name) => ({name, value: 'v'});
    return sheetOf({index: 1, signed_headers: ['From', 'DKIM-Signature'], warnings: []},
        {headerWhole: true, fields: [named('DKIM-Signature'), named('DKIM-Signature'), named('From')]}).rows.map(({state}) => state);
  });
  assert.deepEqual(states, ['signed', 'own', 'signed']);
}));

const joints = (element) => element.locator('.identifier:not(.absent)').evaluateAll((all) => all.map((one) => `${one.querySelector('.domain').textContent} ${
  one.querySelector('.joined-by').textContent} ${one.querySelector('.joint-result').textContent.trim()}${one.dataset.counts === 'true' ? ' carries' : ''}`));

test('DMARC: who is aligned with From, and who carried it', story('nested', async (page) => {
  const dmarc = await picture(page, 'dmarc');
  assert.deepEqual(await joints(dmarc), ['bounce.shop.example = pass carries', 'shop.example = pass carries', 'mailer.example ≠ pass']);
  assert.equal(await dmarc.locator('.from .domain').textContent(), 'shop.example');
  assert.deepEqual(await texts(dmarc, '.identifier .organization'), ['belongs to shop.example', 'belongs to shop.example', 'belongs to mailer.example']);
  assert.equal(await dmarc.locator('.identifier').first().locator('.domain-own').textContent(), 'shop.example');
}));

test('DMARC: nothing aligned', story('unaligned', async (page) => {
  const dmarc = await picture(page, 'dmarc');
  assert.deepEqual(await joints(dmarc), ['mailer.example ≠ pass', 'mailer.example ≠ pass']);
  assert.equal(await dmarc.locator('.carried').count(), 0);
  assert.match(await dmarc.locator('.from .picture-result').textContent(), /DMARC fail/);
  assert.equal(await dmarc.locator('.older-view').count(), 0, 'both RFCs agree');
}));

test('DMARC: where RFC 7489 sees it otherwise, both are told', story('differs', async (page) => {
  const dmarc = await picture(page, 'dmarc');
  assert.deepEqual(await joints(dmarc), ['group.example ≠ pass', 'group.example ≠ pass']);
  assert.deepEqual(await texts(dmarc, '.older'), ['RFC 7489: =', 'RFC 7489: =']);
  assert.match(await dmarc.locator('.older-view').textContent(), /From belongs to group\.example; by the DNS, to shoes\.group\.example\..*say pass where this one says fail/s);
}));

test('DNS: every question by check, its bar as long as it took', story('nested', async (page) => {
  const dns = await picture(page, 'dns');
  assert.deepEqual(await texts(dns, 'h4'), ['Connection questions: 2', 'SPF questions: 5', 'DKIM questions: 2', 'DMARC questions: 4']);
  const rows = await dns.locator('.dns-row').evaluateAll((all) => all.map((row) => ({name: row.querySelector('.dns-name').textContent, status: row.dataset.status,
    said: row.querySelector('.dns-status').textContent.trim(), time: row.querySelector('.dns-time').textContent, depth: /depth-(\d)/.exec(row.className)[1],
    x: row.querySelector('.asked, .kept').getBoundingClientRect().x, width: row.querySelector('.asked, .kept').getBoundingClientRect().width})));
  const row = (name) => rows.find((one) => one.name === name);
  assert.equal(row('gone.shop.example A').said, 'no such name');
  assert.equal(row('_pool.mailer.example TXT').time, '45 ms');
  assert.deepEqual(['bounce.shop.example TXT', 'mailer.example TXT', '_pool.mailer.example TXT'].map((name) => row(name).depth), ['0', '1', '2']);
  const [outer, inner] = [row('mailer.example TXT'), row('_pool.mailer.example TXT')];
  assert.ok(inner.x >= outer.x + outer.width - 2, 'an include is asked after the record that names it');
  assert.ok(Math.abs(inner.width / outer.width - 45 / 30) < 0.4, `${inner.width} ${outer.width}`);
  assert.match(await dns.locator('.dns-legend').textContent(), /In all \d/);
}, {}, on.fresh));

test('DNS: of many questions sixty are shown, the rest on request', story('wide', async (page) => {
  const dns = await picture(page, 'dns');
  assert.equal(await dns.locator('.dns-row').count(), 60);
  await dns.getByRole('button', {name: /more/i}).click();
  assert.ok(await dns.locator('.dns-row').count() > 110);
  assert.equal(await dns.getByRole('button').count(), 0);
}));

test('the way here: servers from the oldest, delays, and a clock that is wrong', story('travelled', async (page) => {
  const route = await picture(page, 'route');
  const stops = await texts(route, '.stop p:first-child');
  assert.deepEqual(stops, ['localhost [127.0.0.1]', 'app-7.shop.example [192.0.2.77]', 'mail.shop.example [192.0.2.9]', 'out5.mailer.example', 'this server']);
  const legs = await texts(route, '.leg');
  assert.match(legs[1], /^ESMTPSA encrypted ?after 8 min 20 sec$/);
  assert.match(legs[2], /15 sec earlier than the one before: one of the two clocks is wrong/);
  assert.match(legs[3], /^SMTP not encrypted/);
  assert.match(await route.textContent(), /3 servers, 8 min 5 sec by their clocks, which disagree/);
}));

test('a mail without Received fields has no way to draw, one without signatures no sheet', story('redirected', async (page) => {
  await picture(page, 'spf');
  assert.equal(await page.locator('[data-picture="route"]').isVisible(), false);
  assert.equal(await page.locator('[data-picture="dkim"]').isVisible(), false);
}));

test('names and fields that a mail brings are text in every picture', story('hostile', async (page) => {
  await page.locator('.mail > summary').click();
  for (const name of ['route', 'spf', 'dkim', 'dmarc', 'dns', 'raw']) await picture(page, name);
  await page.locator('.raw-mail').waitFor();
  await page.locator('[data-picture="dkim"] .field-value', {hasText: 'eve@hostile.example'}).waitFor();
  for (const name of ['route', 'spf', 'dkim', 'dns', 'raw']) {
    assert.ok((await page.locator(`[data-picture="${name}"]`).textContent()).includes(MARKUP), `${name} shows the markup as text`);
  }
  assert.equal(await page.locator('main script, main img, main iframe, main style, main link, [onload], [onerror], [style]').count(), 0);
  assert.equal(await page.locator('.picture svg:not([class])').count(), 0, 'no svg of the mail\'s making');
  await assertFits(page);
}));

test('a dropped original has its pictures too, from its steps alone', on.usual(async (page, server) => {
  await openInbox(page, server);
  await page.setInputFiles('[data-drop]', {name: 'original.eml', mimeType: 'message/rfc822', buffer: Buffer.from(received(PICTURED.nested.mail))});
  await results(page);
  assert.deepEqual(await texts(await picture(page, 'route'), '.stop p:first-child'), ['mail.example.com [192.0.2.25]', 'mx.google.com']);
  const dkim = await picture(page, 'dkim');
  assert.deepEqual(await fields(dkim), ['signed From', 'signed Subject', 'signed Date', 'signed To', 'signed Message-ID', 'exposed Reply-To']);
  await assertAccessible(page);
}));

test('nothing of the pictures is loaded before one is to be seen', on.usual(async (page, server) => {
  const asked = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  const address = await openInbox(page, server);
  assert.deepEqual(asked.filter((url) => url.startsWith('/js/pictures/') && !/(lazy|steps)\.js$/.test(url)), []);
  assert.ok(!asked.includes('/pictures.css'));
  await sendMail(server, address, PICTURED.unaligned.mail, PICTURED.unaligned.envelope);
  await results(page);
  await picture(page, 'dkim');
  assert.ok(asked.includes('/pictures.css') && asked.includes('/js/pictures/dkim.js'));
  assert.ok(!asked.includes('/js/pictures/dns.js'), 'a picture that is not opened');
}));

for (const [reducedMotion, moves] of [['reduce', false], ['no-preference', true]]) {
  test(`pictures ${moves ? 'move' : 'keep still'} with ${reducedMotion}`, on.usual(async (page, server) => {
    await page.addInitScript(() => {
      globalThis.moved = [];
      addEventListener('animationstart', ({target}) => { if (target.closest('.picture')) globalThis.moved.push(target.getAttribute('class')); }, true);
    });
    await judged(page, server, PICTURED.nested.mail, PICTURED.nested.envelope);
    await picture(page, 'spf');
    await page.waitForTimeout(400);
    assert.equal((await page.evaluate(() => globalThis.moved)).length > 0, moves);
  }, {reducedMotion}));
}

test('no style of the page reaches into a picture by a name of the same spelling, nor the other way', () => {
  const classes = (name) => new Set(readFileSync(new URL(`../../web/${name}`, import.meta.url), 'utf8').replace(/\/\*.*?\*\//gs, '')
      .replace(/\{[^{}]*\}/g, '{}').match(/\.[a-z][\w-]*/g));
  const page = classes('style.css');
  const shared = [...classes('pictures.css')].filter((name) => page.has(name)).sort();
  // Meant to be shared, or there only within another name.
  assert.deepEqual(shared, ['.label', '.over', '.picture', '.quiet', '.shape', '.sign', '.visually-hidden']);
});

// Each mail in both languages and at both widths; the colour schemes take turns, so that each is seen in each.
for (const name of Object.keys(PICTURED)) {
  for (const [locale, schemes] of [['en-US', {1440: 'light', 360: 'dark'}], ['ko-KR', {1440: 'dark', 360: 'light'}]]) {
    const language = locale.slice(0, 2);
    test(`${name}, ${language}: accessible, fitting and in words`, story(name, async (page) => {
      for (const element of ['route', 'spf', 'dkim', 'dmarc', 'dns']) if (await page.locator(`[data-picture="${element}"]`).isVisible()) await picture(page, element);
      assert.doesNotMatch(await page.locator('.checks').innerText(), /\b(page|picture|cause)\.[a-z_.]+\b|undefined|\[object|NaN|(?<!%)\{\w+\}/);
      for (const [width, colorScheme] of Object.entries(schemes)) {
        await page.setViewportSize({width: Number(width), height: 900});
        await page.emulateMedia({colorScheme});
        await assertFits(page);
        await assertAccessible(page, '.checks');
        if (SHOTS) await page.locator('.checks').screenshot({path: path.join(SHOTS, `${name}-${language}-${width}-${colorScheme}.png`)});
      }
    }, {locale}));
  }
}

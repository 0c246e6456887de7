// Mails whose judgement has something to draw, and the DNS behind them.
import {createHash, generateKeyPairSync, sign} from 'node:crypto';
import {SENDER} from './mail.js';

const {privateKey, publicKey} = generateKeyPairSync('rsa', {modulusLength: 2048});
const KEY = publicKey.export({type: 'spki', format: 'der'}).toString('base64');
const txt = (name, text) => `${name} 300 IN TXT ${text.match(/.{1,200}/g).map((part) => `"${part}"`).join(' ')}`;
const keyAt = (name) => txt(name, `v=DKIM1; k=rsa; p=${KEY}`);
export const MARKUP = '<svg/onload=alert`1`>';

// Ten services of one include each, two of which include one more: the eleventh look-up is one too many.
const SERVICES = ['crm', 'desk', 'survey', 'billing', 'events', 'hr', 'ads', 'forms', 'chat'];
const services = SERVICES.map((name) => `_spf.${name}.example. 300 IN TXT "v=spf1 ${name < 'e' ? `include:_net.${name}.example ` : ''}ip4:198.51.100.0/28 -all"
_net.${name}.example. 300 IN TXT "v=spf1 ip4:198.51.100.16/28 -all"`).join('\n');

// Ten mx terms of ten hosts each: as many questions as SPF may ask.
const HOSTS = [...Array(10).keys()];

export const PICTURED_ZONE = `
shop.example. 300 IN TXT "v=spf1 include:_spf.office.example mx -all"
_dmarc.shop.example. 300 IN TXT "v=DMARC1; p=quarantine"
bounce.shop.example. 300 IN TXT "v=spf1 a:gone.shop.example include:mailer.example include:_spf.office.example ~all"
_spf.office.example. 300 IN TXT "v=spf1 ip4:198.51.100.0/24 -all"
mailer.example. 300 IN TXT "v=spf1 ip4:198.51.100.0/24 ip4:203.0.113.0/24 ip4:192.0.2.0/24 ip6:2001:db8::/32 include:_pool.mailer.example -all"
_pool.mailer.example. 300 IN TXT "v=spf1 ip4:${SENDER} ip4:127.0.0.6 -all"
${keyAt('s1._domainkey.shop.example.')}
${keyAt('m._domainkey.mailer.example.')}
${txt('startup.example.', `v=spf1 ${SERVICES.map((name) => `include:_spf.${name}.example`).join(' ')} ip4:${SENDER} -all`)}
${services}
away.example. 300 IN TXT "v=spf1 redirect=bounce.shop.example"
hostile.example. 300 IN TXT "v=spf1 exists:%{l}.%{d} include:missing.hostile.example -all"
group.example. 300 IN TXT "v=spf1 ip4:${SENDER} -all"
_dmarc.group.example. 300 IN TXT "v=DMARC1; p=reject"
_dmarc.shoes.group.example. 300 IN TXT "v=DMARC1; p=reject; psd=n"
${keyAt('g1._domainkey.group.example.')}
${txt('wide.example.', `v=spf1 ${HOSTS.map((m) => `mx:m${m}.wide.example`).join(' ')} -all`)}
${HOSTS.flatMap((m) => HOSTS.map((n) => `m${m}.wide.example. 300 IN MX 10 h${n}.m${m}.wide.example.\nh${n}.m${m}.wide.example. 300 IN A 198.51.100.${n}`)).join('\n')}
slow.example. 300 IN TXT "v=spf1 include:late.example -all"
late.example. 300 IN TXT "v=spf1 ip4:${SENDER} -all"
$DELAY late.example 2500
5.0.0.127.in-addr.arpa. 300 IN PTR out5.mailer.example.
out5.mailer.example. 300 IN A ${SENDER}
$DELAY mailer.example 30
$DELAY _pool.mailer.example 45
$DELAY s1._domainkey.shop.example 60
$DELAY _dmarc.shop.example 90
$SERVFAIL _dmarc.startup.example
`;

const relaxed = (name, value) => `${name.toLowerCase()}:${value.replace(/\r\n/g, '').replace(/[ \t]+/g, ' ').trim()}`;

// A DKIM-Signature over `fields` ([name, value], from the top), relaxed/simple; h: the names to sign, with repeats.
export function signedBy({domain = 'shop.example', selector = 's1', h = null, length = false}, fields, body) {
  const names = h ?? fields.map(([name]) => name);
  const canonical = `${body.replace(/(\r\n)+$/, '')}\r\n`;
  const left = new Map();
  const input = names.map((name) => {
    const same = fields.filter(([other]) => other.toLowerCase() === name.toLowerCase());
    const at = left.get(name.toLowerCase()) ?? same.length;
    left.set(name.toLowerCase(), at - 1);
    return at > 0 ? `${relaxed(...same[at - 1])}\r\n` : '';
  }).join('');
  const value = ` v=1; a=rsa-sha256; c=relaxed/simple; d=${domain}; s=${selector}; ${length ? `l=${canonical.length}; ` : ''}h=${names.join(':')}; bh=${
    createHash('sha256').update(canonical).digest('base64')}; b=`;
  const signature = sign('sha256', Buffer.from(input + relaxed('DKIM-Signature', value)), privateKey).toString('base64');
  return ['DKIM-Signature', value + signature.replace(/.{60}/g, '$&\r\n ')];
}

export const SHOP = [['From', ' Shop <orders@shop.example>'], ['To', ' you@mailassay.test'], ['Subject', ' Your order 4711'],
  ['Date', ' Tue, 24 Nov 2026 02:00:00 +0000'], ['Message-ID', ' <4711@shop.example>']];
export const BODY = 'Good morning,\r\n\r\nthank you for your order.\r\n\r\nThe shop\r\n';
export const OVERSIGNED = ['From', 'From', 'Subject', 'Subject', 'Date', 'To', 'Cc', 'Message-ID'];

export const octetsOf = (fields, body) => `${fields.map(([name, value]) => `${name}:${value}\r\n`).join('')}\r\n${body}`;

const BOUNCE = {helo: 'out5.mailer.example', mailFrom: 'b-1@bounce.shop.example'};
const withSignatures = (signers, fields = SHOP, body = BODY) => [...signers.map((signer) => signedBy(signer, fields, body)), ...fields];
const received = (from, by, protocol, time) => ['Received', ` from ${from}\r\n\tby ${by} with ${protocol};\r\n\tTue, 24 Nov 2026 ${time} +0000`];

// name → {mail, envelope}
export const PICTURED = {
  nested: {mail: octetsOf(withSignatures([{h: OVERSIGNED}, {domain: 'mailer.example', selector: 'm'}], [...SHOP, ['Reply-To', ' help@shop.example'], ['X-Mailer', ' Pigeon 2']]), BODY), envelope: BOUNCE},
  tooMany: {mail: octetsOf([['From', ' team@startup.example'], ...SHOP.slice(1)], BODY), envelope: {helo: 'out5.mailer.example', mailFrom: 'team@startup.example'}},
  redirected: {mail: octetsOf(SHOP, BODY), envelope: {helo: 'out5.mailer.example', mailFrom: 'x@away.example'}},
  footer: {mail: octetsOf(withSignatures([{h: OVERSIGNED}]), `${BODY}_______________\r\nList of all shops\r\nhttps://lists.example/shops\r\n`), envelope: BOUNCE},
  prefixed: {mail: octetsOf(withSignatures([{}]).map(([name, value]) => (name === 'Subject' ? [name, ` [shops]${value}`] : [name, value])), BODY), envelope: BOUNCE},
  tail: {mail: octetsOf(withSignatures([{length: true}]), `${BODY}P.S. Our bank account has changed.\r\nPay to XX00 1234.\r\n`), envelope: BOUNCE},
  unaligned: {mail: octetsOf([signedBy({domain: 'mailer.example', selector: 'm'}, SHOP, BODY), ...SHOP], BODY), envelope: {helo: 'out5.mailer.example', mailFrom: 'x@mailer.example'}},
  differs: {mail: octetsOf(withSignatures([{domain: 'group.example', selector: 'g1'}], [['From', ' news@shoes.group.example'], ...SHOP.slice(1)]), BODY), envelope: {helo: 'out5.mailer.example', mailFrom: 'x@group.example'}},
  travelled: {mail: octetsOf([received('relay.shop.example (relay.shop.example [192.0.2.9])', 'out5.mailer.example (Postfix)', 'ESMTPS id 3', '01:58:05'),
    received('app-7 (unknown [192.0.2.77])', 'mail.shop.example (Postfix)', 'ESMTPSA id 2', '01:58:20'),
    received('localhost ([127.0.0.1])', 'app-7.shop.example', 'SMTP id 1', '01:50:00'), ...withSignatures([{}])], BODY), envelope: BOUNCE},
  wide: {mail: octetsOf(SHOP, BODY), envelope: {helo: 'out5.mailer.example', mailFrom: 'x@wide.example'}},
  hostile: {mail: octetsOf([received(`${MARKUP} (${MARKUP} [192.0.2.9])`, MARKUP, 'ESMTP', '01:00:00'),
    ['DKIM-Signature', ` v=1; a=rsa-sha256; d=hostile.example; s=s; h=from:${MARKUP}:subject; bh=AAAA; b=AAAA; i="${MARKUP}"@hostile.example`],
    ['From', ` Eve <eve@hostile.example>`], ['Subject', ` ${MARKUP}`], [`X-${MARKUP}`, ` ${MARKUP}`]], `${MARKUP}\r\n`),
  envelope: {helo: 'out5.mailer.example', mailFrom: `"${MARKUP}"@hostile.example`}},
};

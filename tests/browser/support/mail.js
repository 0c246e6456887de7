// Mails as octets, signed by example.com, and the DNS that vouches for them.
import {createHash, generateKeyPairSync, sign} from 'node:crypto';

export const SENDER = '127.0.0.5';
const {privateKey, publicKey} = generateKeyPairSync('rsa', {modulusLength: 2048});

function quotedStrings(text) {
  return text.match(/.{1,200}/g).map((part) => `"${part}"`).join(' ');
}

// Of a mail that another server received: documentation's, since nothing public can come from loopback.
export const OUTSIDE = '192.0.2.25';

// example.com: SPF through an include, DKIM, DMARC p=reject, and senders whose names lead back to them; Amazon SES as it
// comes, and somebody else's domain of bounces. extra: further lines ($NXDOMAIN NAME takes one of these away).
export function zone(extra = '') {
  const key = publicKey.export({type: 'spki', format: 'der'}).toString('base64');
  return `
example.com. 300 IN TXT "v=spf1 include:spf.example.net -all"
spf.example.net. 300 IN TXT "v=spf1 ip4:${SENDER} ip4:${OUTSIDE} ~all"
s1._domainkey.example.com. 300 IN TXT ${quotedStrings(`v=DKIM1; k=rsa; p=${key}`)}
_dmarc.example.com. 300 IN TXT "v=DMARC1; p=reject"
5.0.0.127.in-addr.arpa. 300 IN PTR mail.example.com.
25.2.0.192.in-addr.arpa. 300 IN PTR mail.example.com.
mail.example.com. 300 IN A ${SENDER}
mail.example.com. 300 IN A ${OUTSIDE}
amazonses.com. 300 IN TXT "v=spf1 ip4:${SENDER} -all"
ap-northeast-2.amazonses.com. 300 IN TXT "v=spf1 include:amazonses.com -all"
bounces.example.org. 300 IN TXT "v=spf1 ip4:${SENDER} -all"
${extra}
`;
}

const relaxed = (name, value) => `${name.toLowerCase()}:${value.replace(/\r\n/g, '').replace(/[ \t]+/g, ' ').trim()}`;

function relaxedBody(body) {
  const lines = body.replace(/[ \t]+/g, ' ').replace(/ \r\n/g, '\r\n').replace(/(\r\n)+$/, '');
  return lines === '' ? '' : `${lines}\r\n`;
}

// A DKIM-Signature field (RFC 6376, relaxed/relaxed) over the given fields.
function signature(fields, body) {
  const hash = createHash('sha256').update(relaxedBody(body)).digest('base64');
  const value = ` v=1; a=rsa-sha256; c=relaxed/relaxed; d=example.com; s=s1; h=${fields.map(([name]) => name).join(':')}; bh=${hash}; b=`;
  const signed = [...fields].map(([name, text]) => `${relaxed(name, text)}\r\n`).join('') + relaxed('DKIM-Signature', value);
  return `DKIM-Signature:${value}${sign('sha256', Buffer.from(signed), privateKey).toString('base64')}\r\n`;
}

export function makeMail({from = 'Ann <ann@example.com>', subject = 'Hello', body = 'Good morning.\r\n', signed = true, extra = ''} = {}) {
  const fields = [['From', ` ${from}`], ['To', ' you@mailassay.test'], ['Subject', ` ${subject}`],
    ['Date', ' Tue, 24 Nov 2026 02:00:00 +0000'], ['Message-ID', ' <1@example.com>']];
  const header = fields.map(([name, value]) => `${name}:${value}\r\n`).join('');
  return `${signed ? signature(fields, body) : ''}${header}${extra}\r\n${body}`;
}

// A Return-Path of Amazon SES, for who set up none of their own.
export const SES_SENDER = '0100@ap-northeast-2.amazonses.com';

// The same mail as a mailbox hands it out: with what its server wrote on top.
export function received(mail = makeMail()) {
  return `Return-Path: <bounce@example.com>\r\nReceived: from mail.example.com (mail.example.com. [${OUTSIDE}])\r\n`
      + `        by mx.google.com with ESMTPS id a1; Tue, 24 Nov 2026 02:00:01 +0000\r\n${mail}`;
}

// Mails as octets, signed by example.com, and a plain SMTP client that chooses its own address.
import {createHash, generateKeyPairSync, sign} from 'node:crypto';
import {once} from 'node:events';
import net from 'node:net';

export const SENDER = '127.0.0.5';
const {privateKey, publicKey} = generateKeyPairSync('rsa', {modulusLength: 2048});

function quotedStrings(text) {
  return text.match(/.{1,200}/g).map((part) => `"${part}"`).join(' ');
}

// example.com: SPF through an include, DKIM, DMARC p=reject, and a sender whose name leads back to it.
export function zone() {
  const key = publicKey.export({type: 'spki', format: 'der'}).toString('base64');
  return `
example.com. 300 IN TXT "v=spf1 include:spf.example.net -all"
spf.example.net. 300 IN TXT "v=spf1 ip4:${SENDER} ~all"
s1._domainkey.example.com. 300 IN TXT ${quotedStrings(`v=DKIM1; k=rsa; p=${key}`)}
_dmarc.example.com. 300 IN TXT "v=DMARC1; p=reject"
5.0.0.127.in-addr.arpa. 300 IN PTR mail.example.com.
mail.example.com. 300 IN A ${SENDER}
ap-northeast-2.amazonses.com. 300 IN TXT "v=spf1 ip4:${SENDER} -all"
bounces.example.org. 300 IN TXT "v=spf1 ip4:${SENDER} -all"
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

class Session {
  constructor(socket) {
    this.socket = socket;
    this.pending = '';
    socket.setEncoding('latin1');
    socket.on('data', (text) => { this.pending += text; });
  }

  // The next whole reply, or an error if it is not `code`.
  async expect(code) {
    let match;
    while (!(match = /^(?:\d{3}-.*\r\n)*(\d{3}) .*\r\n/.exec(this.pending))) await once(this.socket, 'data');
    this.pending = this.pending.slice(match[0].length);
    if (match[1] !== String(code)) throw new Error(`expected ${code}, got ${match[0]}`);
  }

  async say(line, code) {
    this.socket.write(`${line}\r\n`);
    await this.expect(code);
  }
}

export async function sendMail(server, to, mail = makeMail(), {mailFrom = 'bounce@example.com'} = {}) {
  const socket = net.connect({host: '127.0.0.1', port: server.smtpPort, localAddress: SENDER});
  const session = new Session(socket);
  await session.expect(220);
  await session.say('EHLO mail.example.com', 250);
  await session.say(`MAIL FROM:<${mailFrom}>`, 250);
  await session.say(`RCPT TO:<${to}>`, 250);
  await session.say('DATA', 354);
  socket.write(Buffer.from(mail.replace(/^\./gm, '..'), 'utf8'));
  await session.say('.', 250);
  await session.say('QUIT', 221);
  socket.destroy();
}

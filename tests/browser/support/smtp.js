// A plain SMTP client that chooses its own address and can stop anywhere, and one that people really use.
import {execFile} from 'node:child_process';
import {once} from 'node:events';
import net from 'node:net';
import {promisify} from 'node:util';
import {makeMail, SENDER} from './mail.js';

export class SmtpClient {
  // header: octets to send before the greeting (a PROXY header).
  static async open(server, {from = SENDER, header = ''} = {}) {
    const client = new SmtpClient();
    client.socket = net.connect({host: '127.0.0.1', port: server.smtpPort, localAddress: from});
    client.pending = '';
    client.socket.setEncoding('latin1');
    client.socket.on('data', (text) => { client.pending += text; });
    if (header) client.socket.write(`${header}\r\n`);
    await client.expect(220);
    return client;
  }

  // The next whole reply, or an error if it is not `code`.
  async expect(code) {
    let match;
    while (!(match = /^(?:\d{3}-.*\r\n)*(\d{3}) .*\r\n/.exec(this.pending))) await once(this.socket, 'data');
    this.pending = this.pending.slice(match[0].length);
    if (match[1] !== String(code)) throw new Error(`expected ${code}, got ${match[0]}`);
  }

  async say(line, code) {
    this.socket.write(Buffer.from(`${line}\r\n`, 'utf8'));
    await this.expect(code);
  }

  // The same line so many times in one go, as pipelining allows, each answered by `code`.
  async repeat(line, times, code) {
    this.socket.write(`${line}\r\n`.repeat(times));
    for (let left = times; left > 0; left -= 1) await this.expect(code);
  }

  // Up to the accepted RCPT.
  async address(to, {helo = 'mail.example.com', mailFrom = 'bounce@example.com'} = {}) {
    await this.say(`EHLO ${helo}`, 250);
    await this.say(`MAIL FROM:<${mailFrom}>`, 250);
    await this.say(`RCPT TO:<${to}>`, 250);
  }

  async data(mail) {
    await this.say('DATA', 354);
    this.socket.write(Buffer.from(mail.replace(/^\./gm, '..'), 'utf8'));
    await this.say('.', 250);
  }

  async quit() {
    await this.say('QUIT', 221);
    this.close();
  }

  close() { this.socket.destroy(); }
}

export async function sendMail(server, to, mail = makeMail(), envelope = {}) {
  const client = await SmtpClient.open(server);
  await client.address(to, envelope);
  await client.data(mail);
  await client.quit();
}

const SMTPLIB = `
import smtplib, sys
host, port, source, sender, to = sys.argv[1:6]
with smtplib.SMTP(host, int(port), local_hostname="mail.example.com", source_address=(source, 0)) as smtp:
    smtp.sendmail(sender, [to], sys.argv[6].encode())
`;

// The same through Python's own SMTP library.
export const sendWithPython = (server, to, mail = makeMail(), mailFrom = 'bounce@example.com') => promisify(execFile)('/usr/bin/python3',
    ['-c', SMTPLIB, '127.0.0.1', String(server.smtpPort), SENDER, mailFrom, to, mail]);

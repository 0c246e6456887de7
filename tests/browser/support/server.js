// The real binary on free loopback ports, with the zone it shall take for the whole DNS.
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {mkdtemp, rm, writeFile} from 'node:fs/promises';
import net from 'node:net';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {fileURLToPath} from 'node:url';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const BINARY = path.resolve(ROOT, process.env.MAILASSAY_BIN ?? 'build/mailassay');
// Without the settings of whoever runs the tests.
const ENVIRONMENT = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('MAILASSAY_')));
const PATIENCE_MS = 15000;

async function freePort() {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const {port} = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

export class MailassayServer {
  // zone: master-file lines; config: lines of the configuration file; host: the name in the page's URL, if not
  // the address. The data folder lives as long as this object, through restarts.
  static async start(zone, {config = '', host = null} = {}) {
    const server = new MailassayServer();
    server.folder = await mkdtemp(path.join(tmpdir(), 'mailassay-browser-'));
    server.zoneFile = path.join(server.folder, 'zone');
    server.configFile = path.join(server.folder, 'mailassay.toml');
    await writeFile(server.zoneFile, zone);
    await writeFile(server.configFile, config);
    [server.smtpPort, server.httpPort] = [await freePort(), await freePort()];
    server.url = `http://${host ?? '127.0.0.1'}:${server.httpPort}`;
    await server.run();
    return server;
  }

  async run() {
    this.log = '';
    this.process = spawn(BINARY, ['serve', '--config', this.configFile, '--smtp', `127.0.0.1:${this.smtpPort}`,
      '--http', `127.0.0.1:${this.httpPort}`, '--public-url', this.url, '--data', path.join(this.folder, 'data'), '--zone', this.zoneFile],
    {stdio: ['ignore', 'pipe', 'pipe'], cwd: this.folder, env: ENVIRONMENT});
    this.exited = once(this.process, 'exit');
    for (const output of [this.process.stdout, this.process.stderr]) output.on('data', (text) => { this.log += text; });
    await this.untilHealthy();
  }

  async untilHealthy() {
    for (const end = Date.now() + PATIENCE_MS; Date.now() < end; await sleep(50)) {
      if (this.process.exitCode !== null) break;
      try {
        if ((await fetch(`http://127.0.0.1:${this.httpPort}/healthz`)).ok) return;
      } catch { /* not listening yet */ }
    }
    throw new Error(`${BINARY} serve did not become healthy:\n${this.log}`);
  }

  async stop(signal = 'SIGTERM') {
    this.process.kill(signal);
    await this.exited;
  }

  async remove() {
    if (this.process.exitCode === null && this.process.signalCode === null) await this.stop();
    await rm(this.folder, {recursive: true, force: true});
  }
}

// The state of one watched inbox: what the journal tells, what the reports add. Views read it.
import {evaluateFile} from './api.js';
import {Journal, Message} from './journal.js';
import {resultsOf} from './results.js';
import {Stream} from './stream.js';

const LIST_PAUSE = 150;
const DIAGNOSE_AGAIN = 30000;

export class Inbox {
  // changed() is called whenever a view may have to look again.
  constructor(source, changed) {
    Object.assign(this, {source, changed, journal: new Journal(), files: [], rows: new Map(), address: '', expiresAt: null, selected: null,
      stream: 'connecting', diagnosis: null, reachability: null, ready: false});
  }

  get messages() { return [...this.journal.messages.values(), ...this.files]; }
  get current() { return this.messages.find((message) => message.id === this.selected) ?? null; }

  // First what the server knows of the inbox (and whether it exists), then its journal as it grows.
  async open() {
    await this.refresh();
    this.ready = true;
    new Stream(this.source.events, {
      onEvent: (event) => this.take(event),
      onState: (state) => {
        this.stream = state;
        this.changed();
      },
      after: () => this.journal.last,
      probe: () => this.refresh(),
    });
  }

  async refresh() {
    const known = await this.source.inbox();
    this.address = known.address ?? '';
    this.expiresAt = known.expires_at ?? null;
    for (const row of known.messages ?? []) {
      this.rows.set(row.id, row);
      this.learn(row);
    }
    this.changed();
  }

  // What the list of mails tells of one.
  learn({id, from, subject, bytes, received_at: at, state, spf, dkim, dmarc}) {
    const message = this.journal.messages.get(id);
    if (!message) return;
    Object.assign(message, {from: from || message.from, subject: subject || message.subject, bytes: bytes || message.bytes, at: at ?? message.at});
    if (state !== 'judged' || message.report) return;
    Object.assign(message, {state, results: {...message.results, spf, dkim, dmarc, verdict: dmarc}});
  }

  take(event) {
    const known = this.journal.messages.size;
    this.diagnosis = null;
    const message = this.journal.add(event);
    if (this.journal.messages.size > known) {
      this.selected = message.id;
      if (this.rows.has(message.id)) this.learn(this.rows.get(message.id));  // a replay: how it ends is known
    }
    if (event.phase === 'verdict' || event.kind === 'message.started' || event.kind === 'message.aborted') this.refreshSoon();
    this.changed();
  }

  refreshSoon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.refresh().catch(() => {}), LIST_PAUSE);
  }

  // The report of the message that is looked at, once it is judged; those of others wait until they are.
  async needReport() {
    const message = this.current;
    if (message?.state !== 'judged' || message.report || message.asking || message.failure) return;
    message.asking = true;
    try {
      await this.ensureReport(message);
    } catch (error) {
      message.failure = error.message;
    }
    message.asking = false;
    this.changed();
  }

  async ensureReport(message) {
    if (message.report) return;
    const {generation} = message;
    const report = await this.source.report(message.id);
    if (message.generation === generation) this.keep(message, report);
  }

  keep(message, report) {
    const {from, subject, bytes, received_at: at} = report.message ?? {};
    Object.assign(message, {report, failure: null, state: 'judged', results: resultsOf(report),
      from: from ?? message.from, subject: subject ?? message.subject, bytes: bytes ?? message.bytes, at: at ?? message.at});
  }

  select(id) {
    this.selected = id;
    if (this.current) this.current.failure = null;
    this.changed();
  }

  // A dropped original: judged by the server, kept by nobody.
  async judgeFile(file) {
    const answer = await evaluateFile(await file.arrayBuffer());
    const journal = new Journal();
    const id = `file-${this.files.length + 1}`;
    const message = new Message(id);
    journal.messages.set(id, message);
    for (const step of answer.steps ?? []) journal.add({...step, message: id});
    message.local = true;
    this.keep(message, answer.report ?? answer);
    message.at = new Date().toISOString();
    this.files.push(message);
    this.select(id);
  }

  // Nothing came for a while: asks the server what stands in the way, now and then until something comes.
  diagnoseAfter(milliseconds) {
    setTimeout(async () => {
      if (this.journal.last > 0 || this.stream === 'gone') return;
      await this.reach();
      this.diagnosis = this.journal.last > 0 ? null : this.reachability;
      this.changed();
      this.diagnoseAfter(DIAGNOSE_AGAIN);
    }, milliseconds);
  }

  async reach() {
    try {
      this.reachability = await this.source.reachability();
    } catch { /* it only makes the page's hints more exact */ }
    this.changed();
  }
}

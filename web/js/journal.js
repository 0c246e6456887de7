// Events become messages, each with its steps as trees by group. No DOM here.
import {better} from './results.js';

// The card a phase belongs to.
const GROUPS = {connection: 'connection', iprev: 'connection', smtp: 'smtp', message: 'message', spf: 'spf',
  dkim: 'dkim', arc: 'arc', dmarc: 'dmarc', verdict: 'verdict', advice: 'advice'};
const EVALUATION = ['iprev', 'spf', 'dkim', 'arc', 'dmarc', 'verdict', 'advice'];

// The roots of each group, of a connection or of a message.
class Story {
  groups = {};
  size = 0;
  add(node) {
    (this.groups[node.group] ??= []).push(node);
  }
  roots(group) { return this.groups[group] ?? []; }
}

export class Message extends Story {
  constructor(id) {
    super();
    Object.assign(this, {id, state: 'receiving', results: {}, signed: null, report: null, connection: null,
      envelope: null, aborted: null, generation: 0, local: false});
  }

  // The steps of a group, those of its connection first, by number.
  stepsOf(group) {
    const before = this.connection?.roots(group) ?? [];
    return before.length ? [...before, ...this.roots(group)].sort((a, b) => a.event.id - b.event.id) : this.roots(group);
  }

  // After a restart the mail is judged again: what was told of the evaluation before is void, the dialogue stays.
  forgetEvaluation() {
    for (const [group, nodes] of Object.entries(this.groups)) {
      this.groups[group] = nodes.filter((node) => !EVALUATION.includes(node.event.phase));
    }
    Object.assign(this, {results: {}, signed: null, report: null, state: 'judging', generation: this.generation + 1});
  }
}

export class Journal {
  last = 0;
  messages = new Map();
  nodes = new Map();
  connections = new Map();

  message(id) {
    if (!this.messages.has(id)) this.messages.set(id, new Message(id));
    return this.messages.get(id);
  }

  // Takes one event; what was seen before is ignored. Returns its message, or null.
  add(event) {
    if (!(event.id > this.last)) return null;
    this.last = event.id;
    return this.place(event);
  }

  place(event) {
    const parent = this.nodes.get(event.parent) ?? null;
    const node = {event, parent, children: [], group: event.kind.startsWith('advice.') ? 'advice' : GROUPS[event.phase] ?? 'message'};
    this.nodes.set(event.id, node);
    const message = event.message ? this.message(event.message) : null;
    if (message) this.tell(message, node);
    if (parent && parent.group === node.group && parent.event.message === event.message) parent.children.push(node);
    else (message ?? this.connectionOf(node)).add(node);
    (message ?? this.connectionOf(node)).size += 1;
    return message;
  }

  connectionOf(node) {
    let root = node;
    while (root.parent) root = root.parent;
    if (!this.connections.has(root.event.id)) this.connections.set(root.event.id, new Story());
    return this.connections.get(root.event.id);
  }

  tell(message, node) {
    const {kind, phase, data = {}, at} = node.event;
    message.at ??= at;
    if (node.parent && !message.connection && !node.parent.event.message) message.connection = this.connectionOf(node.parent);
    if (kind === 'evaluation.restarted') message.forgetEvaluation();
    else if (kind === 'message.started') message.envelope = data.mail_from ?? null;
    else if (kind === 'message.aborted') Object.assign(message, {state: 'aborted', aborted: data});
    else if (phase === 'verdict') message.state = 'judged';
    else if ((phase === 'dkim' || phase === 'dmarc') && message.state === 'receiving') message.state = 'judging';
    noteResult(message, node);
  }
}

// A check's result as soon as it is known: by its own closing step, then by the verdict, which names them all.
function noteResult(message, {event: {kind, phase, data = {}}, parent}) {
  const {results} = message;
  if (kind === 'iprev.result') results.connection = data.result;
  else if (kind === 'spf.result' && parent?.event.data?.identity !== 'helo') results.spf = data.result;
  else if (phase === 'dkim') noteSignature(message, kind, data);
  else if (phase === 'arc') results.dkim = message.signed ?? 'none';  // the last signature was judged
  else if (kind === 'dmarc.several_result' || (kind === 'dmarc.result' && parent?.event.phase !== 'dmarc')) results.dmarc = data.result;
  else if (phase === 'verdict') noteVerdict(results, data);
}

// Of several signatures the best counts, so only a pass is final before all are judged.
function noteSignature(message, kind, {result}) {
  if (kind === 'dkim.none') message.signed = 'none';
  if (kind === 'dkim.result') message.signed = better(result, message.signed);
  if (message.signed === 'pass' || message.signed === 'none') message.results.dkim = message.signed;
}

function noteVerdict(results, {iprev, spf, dkim, dmarc}) {
  Object.assign(results, {connection: iprev ?? 'none', spf: spf ?? 'none', dkim: dkim ?? 'none', dmarc: dmarc ?? 'none', verdict: dmarc ?? 'none'});
}

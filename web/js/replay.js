// A judged mail told again at the viewer's pace: its own events, fed to a fresh message in their order. No DOM here.
import {Journal} from './journal.js';

const TICK = 100;         // milliseconds between two looks at the clock
const LONGEST = 20000;    // milliseconds that a whole replay takes at most
const COST = {line: 350, check: 700, nested: 90};  // milliseconds an event stays before the next

const every = (nodes) => nodes.flatMap((node) => [node, ...every(node.children)]);

// All that was told of a message, its connection's part first, by number.
export function eventsOf(message) {
  const of = (story) => Object.values(story?.groups ?? {}).flatMap(every).map(({event}) => event);
  const own = of(message);
  const last = own.reduce((most, {id}) => Math.max(most, id), 0);
  return [...of(message.connection).filter(({id}) => id < last), ...own].sort((a, b) => a.id - b.id);
}

// What the viewer sees as one step: a line of the conversation, or the root of an evaluation with all below it.
function costOf(event, known) {
  if (event.phase === 'smtp' || event.phase === 'connection') return COST.line;
  return known.get(event.parent)?.phase === event.phase ? COST.nested : COST.check;
}

// When each event is due, and whether it comes along with the one before: [{due, nested}].
function planOf(events) {
  const known = new Map(events.map((event) => [event.id, event]));
  const costs = events.map((event) => costOf(event, known));
  const scale = Math.min(1, LONGEST / Math.max(1, costs.reduce((sum, cost) => sum + cost, 0)));
  let due = 0;
  return costs.map((cost) => {
    const at = due;
    due += cost * scale;
    return {due: at, nested: cost === COST.nested};
  });
}

export class Replay {
  // changed(replay) is called whenever more was told, or the pace changed.
  constructor(message, changed) {
    Object.assign(this, {original: message, changed, told: 0, spent: 0, timer: null});
    this.events = eventsOf(message);
    this.plan = planOf(this.events);
    this.restart();
  }

  get playing() { return this.timer !== null; }
  get ended() { return this.told >= this.events.length; }

  restart() {
    const journal = new Journal();
    this.message = journal.message(this.original.id);
    Object.assign(this, {journal, told: 0, spent: 0});
    this.tell(1);
  }

  play() {
    if (this.ended) this.restart();
    this.timer ??= setInterval(() => this.tick(), TICK);
    this.changed(this);
  }

  pause() {
    clearInterval(this.timer);
    this.timer = null;
    this.changed(this);
  }

  // To the next line or check, with all that hangs below the one before.
  step() {
    let next = this.told + 1;
    while (next < this.events.length && this.plan[next].nested) next += 1;
    this.spent = this.plan[next]?.due ?? LONGEST;
    this.tell(next);
    this.pause();
  }

  toEnd() {
    this.tell(this.events.length);
    this.pause();
  }

  tick() {
    this.spent += TICK;
    let next = this.told;
    while (next < this.events.length && this.plan[next].due <= this.spent) next += 1;
    if (next === this.told) return;
    this.tell(next);
    if (this.ended) this.pause();
    else this.changed(this);
  }

  tell(until) {
    for (; this.told < Math.min(until, this.events.length); this.told += 1) this.journal.add(this.events[this.told]);
    const {message, original} = this;
    message.local = original.local;
    if (message.state === 'receiving') return;
    const {from, subject, bytes, at} = original;
    Object.assign(message, {from, subject, bytes, at});
    if (this.ended) Object.assign(message, {state: original.state, report: original.report, results: original.results});
  }
}

// A mail whose story is whole: steps and report as an answer gives them, not from a live inbox.
import {Journal, Message} from './journal.js';
import {resultsOf} from './results.js';

// id: of the message on this page alone; local: the server keeps no mail that could be asked for.
export function toldMessage(id, steps, report) {
  const journal = new Journal();
  const message = new Message(id);
  journal.messages.set(id, message);
  for (const step of steps) journal.add(step.message ? {...step, message: id} : step);
  const {from, subject, bytes, received_at: at} = report.message ?? {};
  return Object.assign(message, {report, state: 'judged', local: true, results: resultsOf(report), from, subject, bytes, at});
}

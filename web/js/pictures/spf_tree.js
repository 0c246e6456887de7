// What SPF's steps tell, as a tree of records and their terms with the look-ups that each spent. No DOM here.

const RECORDS = ['spf.record', 'spf.no_record', 'spf.multiple_records', 'spf.syntax_error', 'spf.lookup_failed', 'spf.not_a_domain'];
const child = (node, ...kinds) => node.children.find(({event}) => kinds.includes(event.kind));
const dataOf = (node) => node?.event.data ?? {};

export const checksOf = (roots) => roots.filter(({event}) => event.kind === 'spf.check').map(checkOf);

function checkOf(node) {
  const result = child(node, 'spf.result');
  const {result: word = null, cause = null, lookups_limit: limit = 10, void_limit: voidLimit = 2} = dataOf(result);
  const check = {...dataOf(node), result: word, cause, limit, voidLimit, record: recordBelow(node, Boolean(result))};
  if (check.record) markPath(check.record);
  return check;
}

// done: nothing more will come, so what was not looked at never will be.
function recordBelow(node, done) {
  const found = child(node, ...RECORDS);
  if (!found) return null;
  const {kind, data = {}} = found.event;
  const record = {domain: data.domain ?? '', kind, data, terms: [], unmatched: Boolean(child(found, 'spf.no_match'))};
  if (kind === 'spf.record') record.terms = termsOf(found, done);
  return record;
}

const isModifier = (text) => /^[a-z][a-z0-9._-]*=/i.test(text);

function termsOf(record, done) {
  const tried = record.children.filter(({event}) => event.kind === 'spf.term');
  const redirect = child(record, 'spf.redirect');
  return String(dataOf(record).text ?? '').split(/ +/).slice(1).filter(Boolean).map((text) => {
    if (/^redirect=/i.test(text)) return redirect ? redirected(redirect, text, done) : {text, name: 'redirect', state: done ? 'unreached' : 'pending'};
    if (isModifier(text)) return {text, name: text.split('=')[0].toLowerCase(), state: 'aside'};
    return dataOf(tried[0]).term === text ? termOf(tried.shift(), done) : {text, name: nameOf(text), state: done ? 'unreached' : 'pending'};
  });
}

const nameOf = (text) => /^[+?~-]?([a-z0-9]*)/i.exec(text)[1].toLowerCase();

function termOf(node, done) {
  const data = dataOf(node);
  const limit = child(node, 'spf.limit');
  const outcome = 'matched' in data ? data : dataOf(child(node, 'spf.match'));
  let state = outcome.matched ? 'match' : 'miss';
  if (limit || outcome.result) state = 'error';
  else if (outcome.matched === undefined) state = done ? 'unreached' : 'pending';
  return {text: data.term, name: data.mechanism, qualifier: data.qualifier, state, why: dataOf(limit).cause ?? outcome.why ?? null,
    target: outcome.target && outcome.target !== data.target ? outcome.target : null, ...spending(data, outcome), below: recordBelow(node, done)};
}

function redirected(node, text, done) {
  const data = dataOf(node);
  const limit = child(node, 'spf.limit');
  return {text, name: 'redirect', state: limit ? 'error' : 'used', why: dataOf(limit).cause ?? null, ...spending(data, {}), below: recordBelow(node, done)};
}

// The number of the look-up that this term spent, if it asks the DNS, and the empty answers within it.
function spending(data, outcome) {
  const {lookups = null, lookups_limit: limit = null, void_lookups: before = 0} = data;
  return {lookup: lookups, over: lookups !== null && lookups > limit, voids: Math.max(0, (outcome.void_lookups ?? before) - before)};
}

// From the record down to the term that decided: the match of the record, or what made it an error.
function markPath(record) {
  const term = record.terms.find(({state}) => ['match', 'error', 'used'].includes(state));
  record.onPath = true;
  if (!term) return;
  term.decided = true;
  if (term.below) markPath(term.below);
}

// How many terms the tree has in all.
export const sizeOf = (record) => (record?.terms ?? []).reduce((sum, term) => sum + 1 + sizeOf(term.below), 0);

// Every term that spent a look-up, in the order it did.
export function budgetOf({record, limit, voidLimit}) {
  const slots = [];
  const voids = [];
  const visit = ({domain, terms}) => {
    for (const term of terms) {
      const spent = {term: term.text, name: term.name, domain};
      if (term.lookup) slots.push({...spent, number: term.lookup});
      if (term.below) visit(term.below);
      for (let i = 0; i < ownVoids(term); i += 1) voids.push({...spent, number: voids.length + 1});
    }
  };
  if (record) visit(record);
  return {slots, voids, limit, voidLimit};
}

// Without those of the terms of its include.
export const ownVoids = (term) => (term.voids ?? 0) - (term.below?.terms ?? []).reduce((sum, one) => sum + (one.voids ?? 0), 0);

// SPF as a tree: each record with its terms, what each did, and the look-ups it spent.
import {h, icon, toneOf} from '../dom.js';
import {showFact, t, words} from '../i18n.js';
import {mark} from './marks.js';
import {nameOf} from './names.js';
import {budgetOf, checksOf, ownVoids, sizeOf} from './spf_tree.js';

const RUN = 4;  // so many terms alike, and more, are folded into one line
const LARGE = 16;  // terms in all
const PASSED_BY = new Set(['ip4', 'ip6']);
const text = (value) => h('bdi', {}, showFact(value));
const code = (value) => h('code', {}, nameOf(value));

function slot(number, spent, limit) {
  const over = number > limit;
  if (!spent) return h('li', {class: 'slot', 'aria-hidden': 'true'}, number);
  return h('li', {class: `slot spent${over ? ' over' : ''}`, title: spent.term},
    h('span', {'aria-hidden': 'true'}, over ? mark('error') : number), h('span', {class: 'slot-name', 'aria-hidden': 'true'}, spent.name),
    h('span', {class: 'visually-hidden'}, t(over ? 'picture.spf_over' : 'picture.spf_spent', {number, term: spent.term, domain: spent.domain})));
}

function slots(title, spent, limit, kind) {
  const count = Math.max(limit, ...spent.map(({number}) => number));
  const cells = Array.from({length: count}, (_, index) => slot(index + 1, spent.find(({number}) => number === index + 1), limit));
  return h('div', {class: `budget-part ${kind}`}, h('p', {class: 'label'}, t(title, {spent: spent.length, limit})), h('ol', {class: 'slots', 'aria-label': t(title, {spent: spent.length, limit})}, cells));
}

function budget(check) {
  const {slots: spent, voids, limit, voidLimit} = budgetOf(check);
  return h('div', {class: 'budget'}, slots('picture.spf_budget', spent, limit, 'lookups'),
    slots('picture.spf_voids', voids, voidLimit, 'voids'));
}

function note(term) {
  const {state, why, qualifier, target, decided, name} = term;
  const said = why ? showFact(why, 'why', 'spf.match') : null;
  const parts = {match: said, miss: said, error: said, unreached: t('picture.spf_unreached'), pending: t('picture.spf_pending'),
    aside: t('picture.spf_aside'), used: t('picture.spf_used')};
  const result = state === 'match' && qualifier ? [' → ', decided ? h('strong', {}, qualifier) : qualifier] : null;
  return h('span', {class: 'term-note'}, target && name !== 'include' ? [text(target), ': '] : null, parts[state], result);
}

// A match is solid where it decided, else an outline: what an include's own record says stays within it.
function markOf({state, decided, qualifier}) {
  if (state !== 'match' && state !== 'used') return mark(state);
  const sign = mark(decided ? 'match' : 'matched');
  if (decided && qualifier && qualifier !== 'pass') sign.classList.add(`tone-${toneOf(qualifier)}`);
  return sign;
}

function termView(term, fold) {
  const badges = [
    term.lookup ? h('span', {class: `tally${term.over ? ' over' : ''}`}, t('picture.spf_lookup', {number: term.lookup})) : null,
    ownVoids(term) > 0 ? h('span', {class: 'tally void'}, t('picture.spf_void', {count: ownVoids(term)})) : null];
  return h('li', {class: `term is-${term.state}${term.decided ? ' on-path' : ''}`, 'data-state': term.state},
    h('div', {class: 'term-line'}, markOf(term), h('div', {class: 'term-words'}, h('span', {class: 'visually-hidden'}, `${t(`picture.spf_state_${term.state}`)}: `), code(term.text), badges, note(term))),
    term.below ? belowView(term, fold) : null);
}

// The record of an include; of a large tree only those on the way to what decided are open.
function belowView(term, fold) {
  if (!fold || term.decided) return recordView(term.below, fold);
  const spent = budgetOf({record: term.below}).slots;
  return h('details', {class: 'folded'}, h('summary', {}, t('picture.spf_folded', {count: term.below.terms.length}), ' ',
    spent.map(({number}) => h('span', {class: 'tally'}, t('picture.spf_lookup', {number})))), recordView(term.below, fold));
}

const foldable = ({state, name, decided}) => !decided && (state === 'unreached' || (state === 'miss' && PASSED_BY.has(name)));

// Terms one after the other; a long run of those that did the same is one line to open.
function termsView(terms, fold) {
  const views = [];
  for (let at = 0; at < terms.length;) {
    let end = at;
    while (end < terms.length && foldable(terms[end]) && terms[end].state === terms[at].state) end += 1;
    if (end - at >= RUN) {
      views.push(foldedRun(terms.slice(at, end)));
      at = end;
    } else {
      views.push(termView(terms[at], fold));
      at += 1;
    }
  }
  return views;
}

function foldedRun(run) {
  const [{state}] = run;
  return h('li', {class: `term is-${state}`, 'data-state': state}, h('details', {class: 'run'},
    h('summary', {}, mark(state), ' ', t(`picture.spf_run_${state}`, {count: run.length})), h('ul', {}, run.map((term) => termView(term, false)))));
}

function recordView(record, fold) {
  const {kind, data} = record;
  const trouble = kind === 'spf.record' ? null : h('p', {class: 'record-trouble'}, mark('error'), h('span', {}, words(kind, data)));
  return h('div', {class: `record-box${record.onPath ? ' on-path' : ''}`}, h('p', {class: 'record-of'}, nameOf(record.domain)), trouble,
    record.terms.length ? h('ul', {class: 'terms'}, termsView(record.terms, fold),
      record.unmatched ? h('li', {class: 'term is-match'}, h('div', {class: 'term-line'}, mark('aside'), h('div', {class: 'term-words'}, t('picture.spf_no_match')))) : null) : null);
}

function checkView(check) {
  const {result, cause} = check;
  return [budget(check), check.record ? recordView(check.record, sizeOf(check.record) > LARGE) : null,
    result ? h('p', {class: 'picture-result'}, icon(toneOf(result)), h('span', {}, words('picture.spf_result', {domain: check.domain, result}),
      cause ? [': ', showFact(cause, 'cause', 'spf')] : '')) : null];
}

export function draw(message) {
  const [first, ...others] = checksOf(message.stepsOf('spf')).sort((one) => (one.identity === 'helo' ? 1 : -1));
  return [h('div', {class: 'spf-picture'}, checkView(first)),
    others.map((check) => h('details', {class: 'second'}, h('summary', {}, words('picture.spf_helo', check)), checkView(check)))];
}

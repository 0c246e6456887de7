// DKIM as a sheet of paper: what the signature covers of the mail, and the two comparisons that it rests on.
import {h, icon, toneOf} from '../dom.js';
import {showFact, t, words} from '../i18n.js';
import {bodyView, comparisons} from './dkim_parts.js';
import {sheetOf, signaturesOf} from './dkim_sheet.js';
import {mark} from './marks.js';
import {originalOf} from './original.js';

const RUN = 3;
const text = (value) => h('bdi', {}, showFact(value));
const MARK_OF = {signed: 'seal', own: 'pen', exposed: 'warn', added: 'warn', unsigned: 'unreached'};
const chosen = new WeakMap();  // the signature that is looked at, of each message

function fieldView({name, value, state, times, sealed, change}) {
  const told = change ? h('div', {class: 'change'}, mark('crack'), h('div', {}, h('p', {}, words('dkim.forensics', change)),
    change.before ? h('p', {}, h('span', {class: 'label'}, t('picture.dkim_before')), ' ', h('del', {}, text(change.before))) : null,
    change.after ? h('p', {}, h('span', {class: 'label'}, t('picture.dkim_after')), ' ', h('ins', {}, text(change.after))) : null)) : null;
  const tag = state === 'signed' && (times > 1 || sealed) ? h('span', {class: 'tally'}, t(sealed ? 'picture.dkim_sealed' : 'picture.dkim_times', {times})) : null;
  return h('li', {class: `field is-${state}${change ? ' is-changed' : ''}`, 'data-state': state}, mark(change ? 'crack' : MARK_OF[state]),
    h('span', {class: 'field-name'}, text(name)), h('span', {class: 'field-value'}, value === null ? '' : text(value)),
    h('span', {class: 'field-note'}, h('span', {class: ['signed', 'unsigned'].includes(state) ? 'visually-hidden' : ''}, t(`picture.dkim_${state}`)), ' ', tag), told);
}

function folded(run) {
  return h('li', {class: 'field is-unsigned fold', 'data-state': 'unsigned'}, h('details', {}, h('summary', {}, mark('unreached'), ' ', t('picture.dkim_others', {count: run.length})),
    h('ul', {class: 'field-list'}, run.map(fieldView))));
}

function fieldsView(rows) {
  const views = [];
  for (let at = 0; at < rows.length;) {
    let end = at;
    while (end < rows.length && rows[end].state === 'unsigned' && !rows[end].change) end += 1;
    views.push(end - at >= RUN ? folded(rows.slice(at, end)) : rows.slice(at, Math.max(end, at + 1)).map(fieldView));
    at = Math.max(end, at + 1);
  }
  return h('ul', {class: 'field-list', 'aria-label': t('picture.dkim_fields')}, views);
}

// How many fields are signed, and what the signs mean.
function legendView(rows, proven) {
  const count = (state) => rows.filter((row) => row.state === state).length;
  return h('p', {class: 'sheet-legend'}, [['signed', 'seal'], ['unsigned', 'unreached'], ['exposed', 'warn']].filter(([state]) => count(state)).map(([state, sign]) => h('span', {},
    mark(sign), ' ', t(`picture.dkim_count_${state === 'signed' && !proven ? 'claimed' : state}`, {count: count(state)}))));
}

function absentView(names) {
  if (!names.length) return null;
  return h('p', {class: 'absent'}, mark('seal'), h('span', {}, t('picture.dkim_absent'), ' ', names.map((name, index) => [index ? ', ' : '', h('code', {}, text(name))])));
}

function sheetView(signature, original) {
  const {rows, absent} = sheetOf(signature, original);
  const {forensics, fault, result} = signature;
  const proven = signature.verify?.ok === true;
  const unplaced = forensics && !rows.some(({change}) => change) ? h('p', {class: 'forensics'}, mark(forensics.found ? 'crack' : 'aside'), h('span', {}, words('dkim.forensics', forensics))) : null;
  return h('div', {class: 'sheet-side'},
    h('div', {class: `sheet${proven ? '' : ' unproven'}`}, legendView(rows, proven), fieldsView(rows), absentView(absent), bodyView(signature, original)),
    h('div', {class: 'sheet-notes'}, fault ? h('p', {class: 'forensics'}, mark('error'), h('span', {}, words('dkim.tags', fault))) : comparisons(signature), unplaced,
      result ? h('p', {class: 'picture-result'}, icon(toneOf(result.result)), h('span', {}, words('dkim.result', result))) : null));
}

export function draw(message, source, again) {
  const signatures = signaturesOf(message.stepsOf('dkim'));
  const original = originalOf(message, source, again);
  const at = Math.min(chosen.get(message) ?? 0, signatures.length - 1);
  const place = h('div', {}, sheetView(signatures[at], original));
  if (signatures.length === 1) return place;
  const buttons = signatures.map((signature, index) => h('button', {type: 'button', class: 'button choice', 'aria-pressed': String(index === at), onclick: () => {
    chosen.set(message, index);
    buttons.forEach((button, other) => button.setAttribute('aria-pressed', String(other === index)));
    place.replaceChildren(sheetView(signature, original));
  }}, icon(toneOf(signature.result?.result)), ' ', h('span', {}, words('picture.dkim_choice', {number: index + 1, domain: signature.domain}))));
  return [h('div', {class: 'choices', role: 'group', 'aria-label': t('picture.dkim_choices')}, buttons), place];
}

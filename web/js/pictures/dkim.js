// DKIM as a sheet of paper: what the signature covers of the mail, and the two comparisons that it rests on.
import {h, icon, toneOf} from '../dom.js';
import {showFact, t, words} from '../i18n.js';
import {bodyView, choiceOf, comparisons, legendView, MARK_OF} from './dkim_parts.js';
import {sheetOf, signaturesOf} from './dkim_sheet.js';
import {mark} from './marks.js';
import {originalOf} from './original.js';

const RUN = 3;
const text = (value) => h('bdi', {}, showFact(value));

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
  const original = originalOf(message, source, again);
  return choiceOf(message, signaturesOf(message.stepsOf('dkim')), (signature) => sheetView(signature, original));
}

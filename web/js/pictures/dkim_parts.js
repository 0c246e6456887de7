// The body below the header on the sheet, and what was compared with what.
import {h, icon, toneOf} from '../dom.js';
import {showFact, t, visible, words} from '../i18n.js';
import {hatching, mark, s} from './marks.js';
import {nameOf} from './names.js';
import {placeInBody, shown} from './original.js';

const LINES = 6;
const TAIL = 400;
export const lines = (body) => visible(shown(body)).split(/\u240d?\n|\r\n/);

export const MARK_OF = {signed: 'seal', own: 'pen', exposed: 'warn', added: 'warn', unsigned: 'unreached'};
const chosen = new WeakMap();  // the signature that is looked at, of each message

// view(signature) of the one that is chosen, and buttons to choose where there are several.
export function choiceOf(message, signatures, view) {
  const at = Math.min(chosen.get(message) ?? 0, signatures.length - 1);
  const place = h('div', {}, view(signatures[at]));
  if (signatures.length === 1) return place;
  const buttons = signatures.map((signature, index) => h('button', {type: 'button', class: 'button choice', 'aria-pressed': String(index === at), onclick: () => {
    chosen.set(message, index);
    buttons.forEach((button, other) => button.setAttribute('aria-pressed', String(other === index)));
    place.replaceChildren(view(signature));
  }}, icon(toneOf(signature.result?.result)), ' ', h('span', {}, words('picture.dkim_choice', {number: index + 1, domain: signature.domain}))));
  return [h('div', {class: 'choices', role: 'group', 'aria-label': t('picture.dkim_choices')}, buttons), place];
}

// How many fields are signed, and what the signs mean.
export function legendView(rows, proven) {
  const count = (state) => rows.filter((row) => row.state === state).length;
  return h('p', {class: 'sheet-legend'}, [['signed', 'seal'], ['unsigned', 'unreached'], ['exposed', 'warn']].filter(([state]) => count(state)).map(([state, sign]) => h('span', {},
    mark(sign), ' ', t(`picture.dkim_count_${state === 'signed' && !proven ? 'claimed' : state}`, {count: count(state)}))));
}

// How much of the body is covered, to scale; a thin slice is still seen.
function coverage(covered, total) {
  const share = total > 0 ? Math.max(covered > 0 ? 2 : 0, Math.min(total > covered ? 98 : 100, (100 * covered) / total)) : 100;
  const {defs, fill} = hatching();
  return s('svg', {class: 'coverage', role: 'img', 'aria-label': t('picture.dkim_coverage', {covered, total}), width: '100%', height: 14},
    defs, s('rect', {class: 'covered', x: 0, y: 0, width: `${share}%`, height: 14}),
    total > covered ? s('rect', {class: 'uncovered', x: `${share}%`, y: 0, width: `${100 - share}%`, height: 14, fill}) : null);
}

function excerpt(body, limit) {
  const all = lines(body.replace(/(\r\n)+$/, ''));
  return all.slice(0, limit).join('\n') + (all.length > limit ? '\n…' : '');
}

// Lines that somebody put in, where they stand.
function withInsertion(signature, original) {
  const {line, lines: count, after} = signature.forensics;
  const before = original ? lines(original.body).slice(Math.max(0, line - 1 - 3), line - 1) : [];
  return [before.length ? h('pre', {class: 'body-text'}, (line > 4 ? '…\n' : '') + before.join('\n')) : null,
    h('div', {class: 'inserted'}, h('p', {class: 'label'}, mark('crack'), ' ', t('picture.dkim_inserted', {line, last: line + count - 1, count})),
      h('pre', {class: 'body-text'}, h('ins', {}, visible(String(after ?? '').replace(/\r\n/g, '\n')))))];
}

function bodyText(signature, original) {
  const {body, forensics} = signature;
  if (forensics?.what === 'lines_inserted') return withInsertion(signature, original);
  if (!original?.body) return null;
  if (!(body?.unsigned_octets > 0)) return h('pre', {class: 'body-text'}, excerpt(original.body, LINES));
  const place = placeInBody(original.body, body.octets, body.canonicalization === 'relaxed');
  const tail = original.body.slice(place, place + TAIL);
  return [h('pre', {class: 'body-text'}, excerpt(original.body.slice(0, place), LINES)),
    tail ? h('div', {class: 'tail'}, h('p', {class: 'label'}, mark('warn'), ' ', t('picture.dkim_tail')), h('pre', {class: 'body-text'}, excerpt(tail, LINES))) : null];
}

export function bodyView(signature, original) {
  const {body} = signature;
  if (!body) return null;
  const {octets, unsigned_octets: rest} = body;
  return h('div', {class: `sheet-body${body.match ? '' : ' is-changed'}`},
    h('p', {class: 'label'}, mark(body.match ? 'seal' : 'crack'), ' ', t(rest > 0 ? 'picture.dkim_body_part' : body.match ? 'picture.dkim_body' : 'picture.dkim_body_changed', {octets, rest})),
    coverage(octets, octets + rest), bodyText(signature, original));
}

function comparison({title, left, right, equal, said}) {
  const side = ({label, value}) => h('div', {class: 'side'}, h('p', {class: 'label'}, label), value instanceof Node ? h('p', {}, value) : h('p', {class: 'hash'}, h('bdi', {}, showFact(value))));
  return h('div', {class: `hash-pair ${equal ? 'is-equal' : 'is-unequal'}`, 'data-equal': String(equal)}, h('h4', {}, title),
    h('div', {class: 'sides'}, side(left), h('span', {class: 'joined-by', 'aria-hidden': 'true'}, equal ? '=' : '≠'), side(right)), h('p', {class: 'hash-said'}, said));
}

// bh= against the body, then b= against header and key.
export function comparisons(signature) {
  const {body, header, key, verify, domain, selector} = signature;
  return [
    body ? comparison({title: t('picture.dkim_body_hash'), left: {label: t('picture.dkim_bh'), value: body.expected},
      right: {label: t('picture.dkim_computed'), value: body.computed}, equal: body.match, said: t(body.match ? 'picture.dkim_same' : 'picture.dkim_differs')}) : null,
    header && verify ? comparison({title: t('picture.dkim_signature'), left: {label: t('picture.dkim_header_hash'), value: header.hash},
      right: {label: t('picture.dkim_public_key'), value: nameOf(`${selector}._domainkey.${domain}`)}, equal: verify.ok, said: words('dkim.verify', verify)}) : null,
    key && !key.ok ? h('p', {class: 'forensics'}, mark('error'), h('span', {}, words('dkim.key', key))) : null,
    !key && !verify ? h('p', {class: 'quiet'}, t('picture.dkim_no_key')) : null,
  ];
}

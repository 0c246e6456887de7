// The mail's octets as they came, and which of them a signature covers.
import {h} from '../dom.js';
import {t} from '../i18n.js';
import {choiceOf, legendView, lines, MARK_OF} from './dkim_parts.js';
import {sheetOf, signaturesOf} from './dkim_sheet.js';
import {mark} from './marks.js';
import {originalOf, placeInBody} from './original.js';

const FIELDS = 400;  // a hostile header has thousands
const OCTETS = 4000;  // of one field

function piece({tag = 'div', state = null, changed = false, octets, limit = Infinity, said = null}) {
  const cut = octets.length > limit;
  return h(tag, {class: `raw-piece${state ? ` is-${state}` : ''}${changed ? ' is-changed' : ''}`, 'data-state': state},
    state ? mark(changed ? 'crack' : MARK_OF[state]) : null,
    said ? h('span', {class: 'visually-hidden'}, said, ' ') : null,
    h('pre', {class: 'body-text'}, lines(octets.slice(0, limit)).join('\n') + (cut ? '…' : '')));
}

function headerView(fields, rows) {
  return h('ul', {class: 'raw-header', 'aria-label': t(rows ? 'picture.dkim_fields' : 'picture.raw_header')}, fields.slice(0, FIELDS).map(({raw}, index) => {
    const state = rows?.[index].state ?? null;
    return piece({tag: 'li', state, changed: Boolean(rows?.[index].change), octets: raw, limit: OCTETS, said: state ? `${t(`picture.dkim_${state}`)}:` : null});
  }), fields.length > FIELDS ? h('li', {class: 'quiet'}, t('picture.raw_more_fields', {count: fields.length - FIELDS})) : null);
}

// What the signature covers of the body, and what it does not.
function bodyOf({body}, octets) {
  if (!octets) return null;
  if (!body) return piece({octets});
  const rest = body.unsigned_octets > 0;
  const end = rest ? placeInBody(octets, body.octets, body.canonicalization === 'relaxed') : octets.length;
  const said = t(rest ? 'picture.dkim_body_part' : body.match ? 'picture.dkim_body' : 'picture.dkim_body_changed', {octets: body.octets, rest: body.unsigned_octets});
  return [h('p', {class: 'label'}, said), piece({state: 'signed', changed: !body.match, octets: octets.slice(0, end)}),
    end < octets.length ? [h('p', {class: 'label'}, t('picture.dkim_tail')), piece({state: 'exposed', octets: octets.slice(end)})] : null];
}

function rawView(signature, original) {
  const {fields, body, whole, headerWhole} = original;
  const rows = signature && headerWhole ? sheetOf(signature, original).rows : null;
  const proven = signature?.verify?.ok === true;
  return h('div', {class: `raw-mail${proven ? '' : ' unproven'}`, tabindex: '0', role: 'region', 'aria-label': t('picture.raw')},
    rows ? legendView(rows, proven) : h('p', {class: 'quiet'}, t(signature ? 'picture.raw_header_cut' : 'picture.raw_unsigned')), headerView(fields, rows),
    signature ? bodyOf(signature, body) : body ? piece({octets: body}) : null,
    whole ? null : h('p', {class: 'quiet'}, t('picture.raw_cut', {bytes: fields.reduce((sum, {raw}) => sum + raw.length + 2, body.length + 2)})));
}

export function draw(message, source, again) {
  const original = originalOf(message, source, again);
  if (original === null) return h('p', {class: 'quiet'}, t('picture.raw_reading'));
  if (!original) return h('p', {class: 'quiet'}, t('picture.raw_failed'));
  const signatures = signaturesOf(message.stepsOf('dkim'));
  return signatures.length ? choiceOf(message, signatures, (signature) => rawView(signature, original)) : rawView(null, original);
}

// The DNS questions as a waterfall: what was asked, what came back, how long it took, what waited for what.
import {h} from '../dom.js';
import {showFact, t} from '../i18n.js';
import {milliseconds} from './duration.js';
import {axisOf, groupsOf} from './dns_rows.js';
import {mark, s} from './marks.js';
import {nameOf} from './names.js';

const SHOWN = 60;
const DEEPEST = 6;
const MARK_OF = {records: 'match', nxdomain: 'miss', no_data: 'miss'};

// Thinner than this a bar would not be seen.
const THINNEST = 0.8;

function bar(row, {place, cuts}) {
  const x = place(row.start);
  const width = Math.max(THINNEST, place(row.end) - x);
  const left = Math.min(x, 100 - width);
  return s('svg', {class: 'bar', width: '100%', height: 16, 'aria-hidden': 'true'},
    cuts.map(({at}) => s('line', {class: 'cut', x1: `${at}%`, x2: `${at}%`, y1: 0, y2: 16})),
    left > 0.5 ? s('line', {class: 'guide', x1: 0, x2: `${left}%`, y1: 8, y2: 8}) : null,
    row.cached ? s('circle', {class: 'kept', cx: `${Math.min(99, Math.max(1, left))}%`, cy: 8, r: 4}) : s('rect', {class: `asked is-${row.status}`, x: `${left}%`, y: 3, width: `${width}%`, height: 10, rx: 2}));
}

function rowView(row, axis) {
  const {name, type, status, count, depth, cached, length} = row;
  return h('li', {class: `dns-row depth-${Math.min(depth, DEEPEST)}`, 'data-status': status},
    h('span', {class: 'dns-name'}, nameOf(name), ' ', h('b', {}, showFact(type))),
    h('span', {class: 'dns-status'}, mark(MARK_OF[status] ?? 'error'), ' ', h('span', {}, t('picture.dns_status', {status, count}))),
    bar(row, axis), h('span', {class: 'dns-time'}, cached ? t('picture.dns_cached') : milliseconds(length)));
}

function groupView({check, rows}, axis) {
  const kept = rows.filter(({cached}) => cached).length;
  return [h('h4', {}, t(`picture.dns_of_${check}`), ' ', h('span', {class: 'quiet'}, t('picture.dns_count', {count: rows.length, kept}))),
    h('ol', {class: 'dns-rows'}, rows.map((row) => rowView(row, axis)))];
}

// The first so many rows, group by group.
function firstOf(groups, limit) {
  let left = limit;
  return groups.map(({check, rows}) => {
    const some = rows.slice(0, Math.max(0, left));
    left -= some.length;
    return {check, rows: some};
  }).filter(({rows}) => rows.length);
}

function legend({cuts, total}) {
  return h('p', {class: 'quiet dns-legend'}, t('picture.dns_legend', {total: milliseconds(total)}),
    cuts.length ? [' ', t('picture.dns_cuts', {cuts: cuts.map((cut) => milliseconds(cut.milliseconds)).join(', ')})] : null);
}

export function draw(message) {
  const groups = groupsOf(message);
  const rows = groups.flatMap((group) => group.rows);
  if (!rows.length) return h('p', {class: 'quiet'}, t('picture.dns_none'));
  const axis = axisOf(rows);
  const place = h('div', {class: 'waterfall'});
  const show = (limit) => place.replaceChildren(...firstOf(groups, limit).flatMap((group) => groupView(group, axis)));
  show(SHOWN);
  const more = rows.length > SHOWN ? h('button', {type: 'button', class: 'button more', onclick: () => {
    show(Infinity);
    more.remove();
  }}, t('page.more_steps', {count: rows.length - SHOWN})) : null;
  return [legend(axis), place, more].filter(Boolean);
}

// Two judgements of one mail side by side: what was, what would be, and which facts differ.
import {h, icon, toneOf} from '../dom.js';
import {showFact, t} from '../i18n.js';
import {identifiersOf, resultsOf} from '../results.js';

const CHECKS = ['connection', 'spf', 'dkim', 'dmarc'];
const MOST = 40;

const badge = (result) => h('span', {class: 'badge', 'data-tone': toneOf(result)}, icon(toneOf(result)), h('span', {}, result));

function row(check, before, after) {
  return h('tr', {'data-compare': check, 'data-before': before, 'data-after': after},
    h('th', {scope: 'row'}, t(`page.check_${check}`)), h('td', {}, badge(before)), h('td', {}, badge(after)));
}

function alignmentRow(before, after) {
  const told = (report) => {
    const spf = identifiersOf(report).find(({check}) => check === 'spf');
    return spf ? t(spf.counts === 'true' ? 'page.counts' : 'page.counts_not') : '–';
  };
  return h('tr', {'data-compare': 'spf-aligned', 'data-before': String(Boolean(before.dmarc?.spf?.aligned)), 'data-after': String(Boolean(after.dmarc?.spf?.aligned))},
    h('th', {scope: 'row'}, t('page.spf_counts')), h('td', {}, told(before)), h('td', {}, told(after)));
}

function facts(changed) {
  if (!changed.length) return h('p', {'data-unchanged': true}, t('page.nothing_changes'));
  const rows = changed.slice(0, MOST).map(({path, before, after}) => h('tr', {}, h('th', {scope: 'row'}, h('code', {}, path)),
    h('td', {}, h('bdi', {}, showFact(before))), h('td', {}, h('bdi', {}, showFact(after)))));
  return h('details', {}, h('summary', {}, t('page.changed_facts', {count: changed.length})),
    h('div', {class: 'scroll', tabindex: '0', role: 'group', 'aria-label': t('page.changed_facts', {count: changed.length})},
      h('table', {class: 'comparison changed'}, h('tbody', {}, rows))));
}

// before and after: reports; titles: [before, after]; changed: the server's list of differences.
export function comparison(before, after, changed, titles) {
  const [old, now] = [resultsOf(before), resultsOf(after)];
  return h('div', {class: 'compared'},
    h('table', {class: 'comparison'},
      h('thead', {}, h('tr', {}, h('td', {}), titles.map((title) => h('th', {scope: 'col'}, title)))),
      h('tbody', {}, CHECKS.map((check) => row(check, old[check], now[check])), alignmentRow(before, after))),
    facts(changed));
}

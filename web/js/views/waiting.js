// Waiting for a mail, and, when none comes, what stands between it and this server.
import {h, icon, setContent} from '../dom.js';
import {knows, showFact, t, words, whyOf} from '../i18n.js';
import {clock} from '../format.js';

const LEVEL_ICON = {ok: 'pass', hint: 'none', problem: 'warn'};

function findingLine({code, level, ...facts}) {
  const key = `doctor.${code}`;
  const text = knows(key) ? words(key, facts) : [code.replaceAll('_', ' '), ' ', showFact(facts)];
  const why = whyOf(key, facts);
  return h('li', {class: `finding finding-${level}`, 'data-finding': code}, icon(LEVEL_ICON[level] ?? 'none'),
    h('div', {}, h('p', {}, h('span', {class: 'visually-hidden'}, `${t(`page.level_${level}`)}: `), text),
      why ? h('p', {class: 'quiet'}, why) : null));
}

const fact = (label, value) => [h('dt', {}, t(label)), h('dd', {}, value)];

function mxText(mx) {
  return mx.length ? mx.map((entry) => `${entry.preference} ${entry.host} (${showFact(entry.addresses)})`).join(', ') : t('page.none_found');
}

function facts(found) {
  const outside = found.last_outside_connection;
  return h('dl', {class: 'facts'},
    fact('page.doctor_mx', h('bdi', {}, mxText(found.mx ?? []))),
    fact('page.doctor_addresses', h('bdi', {}, found.addresses?.length ? showFact(found.addresses) : t('page.none_found'))),
    fact('page.doctor_listening', h('bdi', {}, showFact((found.listening ?? []).map((place) => place.address)))),
    fact('page.doctor_last', outside ? [h('bdi', {}, outside.ip), ` · ${clock(outside.at)}`] : t('page.never')),
    (found.refused ?? []).length ? fact('page.doctor_refused', h('ul', {}, found.refused.slice(0, 5).map((one) => h('li', {},
      h('bdi', {}, `${clock(one.at)} ${showFact(one.ip)}: ${showFact(one.code)} ${showFact(one.text)}`))))) : null);
}

export function waitingView() {
  return h('div', {class: 'waiting', 'data-waiting': true},
    h('div', {class: 'pulse', 'aria-hidden': 'true'}, h('i'), h('i'), h('i')),
    h('p', {class: 'waiting-title'}, t('page.waiting')),
    h('p', {class: 'quiet'}, t('page.waiting_text')));
}

export function doctorView() {
  const element = h('section', {class: 'panel doctor', 'aria-live': 'polite', hidden: true});
  let shown = null;

  return {
    element,
    update({diagnosis}) {
      if (diagnosis === shown) return;
      shown = diagnosis;
      element.hidden = !diagnosis;
      element.toggleAttribute('data-diagnosing', Boolean(diagnosis));
      if (!diagnosis) return;
      setContent(element, h('h2', {}, words('page.doctor_title', {domain: diagnosis.domain})),
        h('div', {class: 'columns'}, h('ul', {class: 'findings'}, (diagnosis.findings ?? []).map(findingLine)), facts(diagnosis)));
    },
  };
}

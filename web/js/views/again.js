// The mail judged again past every cache, from the domains' own servers, and how long others may hold old answers.
import {announce, h} from '../dom.js';
import {showFact, t, words} from '../i18n.js';
import {comparison} from './comparison.js';

function heldLine({name, type, resolver_ttl: old}) {
  return h('li', {'data-held': name}, words('page.held_differs', {name, type, old}));
}

function heldList(held) {
  const differing = held.filter((one) => one.differs);
  if (!held.length) return null;
  return [h('p', {}, t(differing.length ? 'page.held_some' : 'page.held_none')), differing.length ? h('ul', {class: 'reasons'}, differing.map(heldLine)) : null];
}

export function againView(message, source) {
  const result = h('div', {class: 'what-if-result', 'aria-live': 'polite'});
  const complaint = h('p', {class: 'note-box', role: 'alert', hidden: true});
  const button = h('button', {type: 'button', class: 'button primary'}, t('page.again_run'));
  button.addEventListener('click', async () => {
    complaint.hidden = true;
    button.disabled = true;
    try {
      const {report, changed, held} = await source.judgeAgain(message.id);
      result.replaceChildren(h('p', {class: 'headline'}, words('page.verdict', report.dmarc)),
        comparison(message.report, report, changed, [t('page.before'), t('page.now')]), ...[heldList(held ?? [])].flat(Infinity).filter(Boolean));
      announce(t('page.announce', {spf: report.spf?.result ?? 'none', dkim: report.dkim?.[0]?.result ?? 'none', dmarc: report.dmarc?.result ?? 'none'}));
    } catch (error) {
      complaint.textContent = t('page.action_failed', {detail: showFact(error.message)});
      complaint.hidden = false;
    }
    button.disabled = false;
  });
  return h('div', {class: 'again'}, h('p', {class: 'quiet'}, t('page.again_hint')), h('div', {class: 'row'}, button), complaint, result);
}

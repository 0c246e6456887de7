// The mail judged again past every cache, from the domains' own servers, and how long others may hold old answers.
import {announce, h} from '../dom.js';
import {showFact, t, words} from '../i18n.js';
import {comparison} from './comparison.js';

function heldLine({name, type, held_for: old}) {
  return h('li', {'data-held': name}, h('span', {}, words('page.held_differs', {name, type, old})));
}

function list(title, items) {
  return items.length ? [h('p', {}, t(title)), h('ul', {class: 'reasons'}, items)] : [];
}

// What the domains' own servers say beside the resolver, and why others of them could not be asked.
function heldList(held) {
  const compared = held.filter((one) => !one.instead), differing = compared.filter((one) => one.differs);
  const reasons = new Set(held.map((one) => one.instead).filter(Boolean));
  return [
    compared.length && !differing.length ? h('p', {}, t('page.held_none')) : null,
    ...list('page.held_some', differing.map(heldLine)),
    ...list('page.held_instead', [...reasons].map((reason) => h('li', {'data-instead': reason}, t(`cause.${reason}`)))),
  ];
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
        comparison(message.report, report, changed, [t('page.before'), t('page.now')]), ...heldList(held ?? []).filter(Boolean));
      announce(t('page.announce', {spf: report.spf?.result ?? 'none', dkim: report.dkim?.[0]?.result ?? 'none', dmarc: report.dmarc?.result ?? 'none'}));
    } catch (error) {
      complaint.textContent = t('page.action_failed', {detail: showFact(error.message)});
      complaint.hidden = false;
    }
    button.disabled = false;
  });
  return h('div', {class: 'again'}, h('p', {class: 'quiet'}, t('page.again_hint')), h('div', {class: 'row'}, button), complaint, result);
}

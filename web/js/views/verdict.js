// The verdict in words, naming the reader's own domains, and what to publish where that helps.
import {h, icon, toneOf} from '../dom.js';
import {t, words} from '../i18n.js';
import {differsByRfc7489, identifiersOf} from '../results.js';

// One sentence an identifier: it passed or not, for which domain, and whether it counts.
function sentence(one) {
  let key = {true: 'counts', would: 'would_count'}[one.counts] ?? 'failed';
  if (key === 'failed' && one.result === 'pass') key = one.from ? 'unaligned' : 'no_author';
  return h('li', {}, icon(one.counts === 'true' ? 'pass' : toneOf(one.result === 'pass' ? 'neutral' : one.result)),
    h('span', {}, words(`page.verdict_${key}`, {...one, check: one.check.toUpperCase()})));
}

function disposition(dmarc) {
  if (!dmarc.policy || dmarc.result === 'temperror') return null;  // what will become of the mail is not known
  return h('p', {}, words(dmarc.result === 'fail' ? `page.disposition_${dmarc.disposition || 'none'}` : 'page.disposition_kept', dmarc));
}

export function verdictWords(report) {
  const {dmarc} = report;
  if (!dmarc) return null;
  const identifiers = identifiersOf(report);
  return [
    h('p', {class: 'headline'}, words('page.verdict', dmarc)),
    h('ul', {class: 'reasons'}, identifiers.map(sentence),
      identifiers.some((one) => one.check === 'dkim') ? null : h('li', {}, icon('none'), h('span', {}, t('page.verdict_no_dkim')))),
    disposition(dmarc),
    differsByRfc7489(report) ? h('p', {class: 'note-box'}, words('page.rfc7489', {
      result: report.dmarc_rfc7489.result, disposition: report.dmarc_rfc7489.disposition, domain: report.dmarc_rfc7489.organizational_domain})) : null,
  ];
}

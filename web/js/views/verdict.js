// The verdict in words, naming the reader's own domains, and what to publish where that helps.
import {h, icon, toneOf} from '../dom.js';
import {showFact, t, words} from '../i18n.js';
import {copyButton} from '../copy.js';
import {differsByRfc7489, identifiersOf, sesMailFrom} from '../results.js';

// One sentence an identifier: it passed or not, for which domain, and whether it counts.
function sentence(one) {
  const counts = one.aligned && one.result === 'pass';
  let key = counts ? 'counts' : 'failed';
  if (!counts && one.result === 'pass') key = 'unaligned';
  return h('li', {}, icon(counts ? 'pass' : toneOf(one.result === 'pass' ? 'neutral' : one.result)),
    h('span', {}, words(`page.verdict_${key}`, {...one, check: one.check.toUpperCase()})));
}

function disposition(dmarc) {
  if (!dmarc.record) return null;
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

// A DNS record to publish, its value ready to copy.
export function recordRow({name, type, value}) {
  const code = h('code', {}, showFact(value));
  return h('div', {class: 'record-row'}, h('span', {class: 'record-name'}, h('bdi', {}, showFact(name))),
    h('span', {class: 'record-type'}, showFact(type)), code, copyButton(code));
}

// What makes SPF count for mail sent through Amazon SES.
export function sesHint(report) {
  const ses = sesMailFrom(report);
  if (!ses || !report.dmarc) return null;
  const name = `mail.${report.dmarc.organizational_domain || report.dmarc.from_domain}`;
  return h('section', {class: 'card advice', 'data-advice': 'ses_mail_from'},
    h('h3', {}, t('page.ses_title')),
    h('p', {}, words('page.ses_text', {domain: report.spf.domain, from: report.dmarc.from_domain, name})),
    recordRow({name, type: 'MX', value: `10 feedback-smtp.${ses.region}.amazonses.com`}),
    recordRow({name, type: 'TXT', value: 'v=spf1 include:amazonses.com ~all'}),
    h('p', {class: 'quiet'}, words('page.ses_then', {name, region: ses.region})));
}

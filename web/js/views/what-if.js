// "Prove the fix before publishing": the same mail judged with other DNS records or another sender.
import {announce, h} from '../dom.js';
import {showFact, t, words} from '../i18n.js';
import {advised, recordsOf} from './next.js';
import {comparison} from './comparison.js';
import {zoneLine} from '../zone.js';

const FIELDS = ['mail_from', 'ip', 'helo'];

// The records that were proposed; what only the provider's console can tell is left out.
function proposedRecords(message) {
  return advised(message).flatMap(recordsOf).filter(({name, value}) => !/[()<>]/.test(name + value)).map(zoneLine).join('\n');
}

// Where a new Return-Path is part of the fix: its local part kept, its domain the proposed one.
function proposedSender(message) {
  const event = advised(message).find(({kind}) => kind === 'advice.ses_mail_from' || kind === 'advice.ses_mail_from_unused');
  const sender = message.report.connection.mail_from ?? '';
  const at = sender.lastIndexOf('@');
  return event && at > 0 && !/[()]/.test(event.data.name) ? `${sender.slice(0, at)}@${event.data.name}` : sender;
}

function field(name, value) {
  const id = `what-if-${name}`;
  return [h('label', {for: id}, t(`page.what_if_${name}`)), h('input', {id, name, type: 'text', autocomplete: 'off', spellcheck: 'false', value})];
}

export function whatIfForm(message, source) {
  const {connection} = message.report;
  const records = h('textarea', {id: 'what-if-records', name: 'overlay', rows: '5', spellcheck: 'false', autocomplete: 'off',
    'aria-describedby': 'what-if-hint'});
  records.value = proposedRecords(message);
  const result = h('div', {class: 'what-if-result', 'aria-live': 'polite'});
  const complaint = h('p', {class: 'note-box', role: 'alert', hidden: true});
  const button = h('button', {type: 'submit', class: 'button primary'}, t('page.what_if_run'));
  const form = h('form', {class: 'what-if', 'data-what-if': true},
    h('label', {for: 'what-if-records'}, t('page.what_if_records')), records, h('p', {id: 'what-if-hint', class: 'quiet'}, t('page.what_if_hint')),
    h('div', {class: 'fields'}, field('mail_from', proposedSender(message)), field('ip', connection.ip ?? ''), field('helo', connection.helo ?? '')),
    complaint, h('div', {class: 'row'}, button), result);

  // Only what differs from the mail as it came is sent.
  function circumstances() {
    const asked = {};
    if (records.value.trim()) asked.overlay = records.value;
    for (const name of FIELDS) {
      const value = form.elements[name].value.trim();
      if (value !== (connection[name] ?? '')) asked[name] = value;
    }
    return asked;
  }

  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    complaint.hidden = true;
    button.disabled = true;
    try {
      const {report, changed} = await source.whatIf(message.id, circumstances());
      result.replaceChildren(h('p', {class: 'headline'}, words('page.verdict', report.dmarc)),
        comparison(message.report, report, changed, [t('page.as_it_came'), t('page.with_changes')]), h('p', {class: 'quiet'}, t('page.nothing_published')));
      announce(t('page.announce', {spf: report.spf?.result ?? 'none', dkim: report.dkim?.[0]?.result ?? 'none', dmarc: report.dmarc?.result ?? 'none'}));
    } catch (error) {
      complaint.textContent = t('page.what_if_failed', {detail: showFact(error.message)});
      complaint.hidden = false;
    }
    button.disabled = false;
  });
  return form;
}

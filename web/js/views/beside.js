// Two mails of one address side by side: what changed since the last test.
import {h} from '../dom.js';
import {showFact, t} from '../i18n.js';
import {clock} from '../format.js';
import {differences} from '../differences.js';
import {comparison} from './comparison.js';
import {subjectOf} from './mail.js';

const titleOf = (message) => `${subjectOf(message)} · ${message.at ? clock(message.at) : '–'}`;

export function besideView(message, inbox) {
  const choice = h('select', {id: 'beside', 'data-beside': true});
  const result = h('div', {class: 'what-if-result', 'aria-live': 'polite'});
  const element = h('details', {class: 'card beside', hidden: true}, h('summary', {}, h('h3', {}, t('page.beside_title')), h('span', {class: 'quiet'}, t('page.beside_text'))),
    h('div', {class: 'opened what-if'}, h('label', {for: 'beside'}, t('page.beside_with')), choice, result));
  let listed = '';
  let asked = null;

  // Newest first, so that the mail before this one is chosen by itself.
  function others() {
    const {messages} = inbox;
    const judged = messages.filter((one) => one !== message && one.state === 'judged');
    const before = judged.filter((one) => messages.indexOf(one) < messages.indexOf(message));
    return [...before.reverse(), ...judged.filter((one) => !before.includes(one))];
  }

  async function compare() {
    const other = inbox.messages.find(({id}) => id === choice.value);
    if (!other || !message.report || asked === other.id) return;
    asked = other.id;
    try {
      await inbox.ensureReport(other);
      const [old, now] = inbox.messages.indexOf(other) < inbox.messages.indexOf(message) ? [other, message] : [message, other];
      if (asked === other.id) result.replaceChildren(comparison(old.report, now.report, differences(old.report, now.report), [titleOf(old), titleOf(now)]));
    } catch (error) {
      asked = null;
      result.replaceChildren(h('p', {class: 'note-box'}, t('page.report_failed', {detail: showFact(error.message)})));
    }
  }
  choice.addEventListener('change', compare);
  element.addEventListener('toggle', () => { if (element.open) compare(); });

  return {
    element,
    update() {
      const list = message.state === 'judged' ? others() : [];
      element.hidden = list.length === 0;
      const key = JSON.stringify(list.map((one) => [one.id, titleOf(one)]));
      if (key === listed) return;
      listed = key;
      const kept = choice.value;
      choice.replaceChildren(...list.map((one) => h('option', {value: one.id}, titleOf(one))));
      if (list.some(({id}) => id === kept)) choice.value = kept;
      if (element.open) compare();
    },
  };
}

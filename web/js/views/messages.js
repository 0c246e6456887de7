// The mails that came to this address, newest first.
import {h, icon, toneOf} from '../dom.js';
import {showFact, t} from '../i18n.js';
import {subjectOf} from './mail.js';
import {clock} from '../format.js';

function item(message, selected, onSelect) {
  const result = message.results.verdict;
  const state = message.state === 'judged' && result ? result : t(`page.state_${message.state}`);
  return h('li', {}, h('button', {
    type: 'button', class: 'message', 'data-message': message.id, 'aria-current': selected ? 'true' : null,
    onclick: () => onSelect(message.id),
  },
  icon(message.state === 'aborted' ? 'error' : toneOf(result)),
  h('span', {class: 'message-words'},
    h('bdi', {class: 'message-subject'}, subjectOf(message)),
    h('bdi', {class: 'message-from quiet'}, showFact(message.from ?? message.envelope)),
    h('span', {class: 'quiet'}, state, message.at ? ` · ${clock(message.at)}` : ''))));
}

export function messagesView({onSelect}) {
  const list = h('ul', {class: 'message-list'});
  const element = h('nav', {class: 'messages', 'aria-labelledby': 'messages-title'},
    h('h2', {id: 'messages-title', class: 'label'}, t('page.messages_title')), list);
  let shown = '';

  return {
    element,
    update({messages, selected}) {
      const key = JSON.stringify(messages.map((m) => [m.id, m.state, m.subject, m.from, m.envelope, m.results.verdict, m.id === selected]));
      if (key === shown) return;
      shown = key;
      const focused = list.contains(document.activeElement) ? document.activeElement.dataset.message : null;
      list.replaceChildren(...[...messages].reverse().map((m) => item(m, m.id === selected, onSelect)));
      if (focused) [...list.querySelectorAll('button')].find((button) => button.dataset.message === focused)?.focus();
    },
  };
}

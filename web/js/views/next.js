// The one thing to do next, and what comes after it: the server's advice in its own order, with records to copy.
import {h, icon} from '../dom.js';
import {showFact, t, whyOf, words} from '../i18n.js';
import {copyButton} from '../copy.js';

const isLocal = (event) => event.kind === 'advice.local_source';

// What the server advises about the mail itself, the most urgent first.
export function advised(message) {
  return message.stepsOf('advice').map((node) => node.event).filter((event) => !isLocal(event))
    .sort((one, other) => (one.data?.rank ?? 99) - (other.data?.rank ?? 99));
}

export const recordsOf = (event) => (Array.isArray(event.data?.records) ? event.data.records.filter((record) => record?.value !== undefined) : []);

// A DNS record to publish, its value ready to copy.
function recordRow({name, type, value}) {
  const code = h('code', {}, showFact(value));
  return h('div', {class: 'record-row'}, h('span', {class: 'record-name'}, h('bdi', {}, showFact(name))),
    h('span', {class: 'record-type'}, showFact(type)), code, copyButton(code, t('page.copy'), () => value));
}

const isPraise = (event) => event.kind === 'advice.all_green' || event.kind === 'advice.policy_none';

function advice(event) {
  const {kind, data = {}} = event;
  const why = whyOf(kind, data);
  return [h('p', {class: 'advice-text'}, icon(isPraise(event) ? 'pass' : 'warn'), h('span', {}, words(kind, data))),
    recordsOf(event).map(recordRow), why ? h('p', {class: 'quiet'}, why) : null];
}

export function nextView(message) {
  const element = h('section', {class: 'card advice next', 'data-next': true, 'aria-labelledby': 'next-title', hidden: true});
  let shown = '';

  function draw([first, ...rest]) {
    element.hidden = false;
    element.setAttribute('data-advice', first.kind.slice('advice.'.length));
    element.replaceChildren(
      h('h3', {id: 'next-title'}, t(first.kind === 'advice.all_green' ? 'page.next_none' : 'page.next')), ...[advice(first)].flat(Infinity).filter(Boolean));
    if (!rest.length) return;
    element.append(h('details', {class: 'then'}, h('summary', {}, t('page.then', {count: rest.length})),
      h('ol', {}, rest.map((event) => h('li', {'data-advice': event.kind.slice('advice.'.length)}, advice(event))))));
  }

  return {
    element,
    update() {
      const events = message.state === 'judged' ? advised(message) : [];
      const key = events.map((event) => event.id).join(' ');
      if (key === shown) return;
      shown = key;
      if (events.length) draw(events);
      else element.hidden = true;
    },
  };
}

// A judged mail judged again: with the proposed records, or past our cache. Its code is loaded when it is opened.
import {h} from '../dom.js';
import {showFact, t} from '../i18n.js';

function opening(title, text, attributes, load) {
  const place = h('div', {class: 'opened'});
  const element = h('details', {class: 'card prove', ...attributes}, h('summary', {}, h('h3', {}, t(title)), h('span', {class: 'quiet'}, t(text))), place);
  element.addEventListener('toggle', async () => {
    if (!element.open || place.hasChildNodes()) return;
    try {
      place.replaceChildren(await load());
    } catch (error) {
      place.replaceChildren(h('p', {class: 'note-box', role: 'alert'}, t('page.action_failed', {detail: showFact(error.message)})));
    }
  });
  return element;
}

export function proveView(message, source) {
  const whatIf = opening('page.what_if_title', 'page.what_if_text', {'data-prove': 'what-if'},
    async () => (await import('./what-if.js')).whatIfForm(message, source));
  const again = opening('page.again_title', 'page.again_text', {'data-prove': 'again'},
    async () => (await import('./again.js')).againView(message, source));
  return {
    element: h('div', {class: 'proving'}, whatIf, again),
    update() {
      for (const one of [whatIf, again]) one.hidden = !message.report || message.local;
    },
  };
}

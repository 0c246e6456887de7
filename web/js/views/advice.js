// Where the verdict would mislead: the client's address says nothing about the internet, and what helps.
import {h, icon} from '../dom.js';
import {knows, t, words} from '../i18n.js';

// A loopback sender says nothing about the internet: an address that judges as if from the real server does.
function assumeForm(onAssume) {
  const input = h('input', {type: 'text', id: 'assume-ip', required: true, autocomplete: 'off', spellcheck: 'false', placeholder: '203.0.113.7',
    pattern: '[0-9a-fA-F:.]+'});
  const form = h('form', {class: 'assume'}, h('label', {for: 'assume-ip'}, t('page.assume_label')),
    h('div', {class: 'row'}, input, h('button', {type: 'submit', class: 'button'}, t('page.assume'))));
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    onAssume(input.value.trim());
  });
  return form;
}

function cures(codes, onAssume) {
  return [h('ul', {class: 'cures'}, codes.map((code) => h('li', {}, knows(`page.cure_${code}`) ? t(`page.cure_${code}`) : code))),
    onAssume && codes.includes('assume_ip') ? assumeForm(onAssume) : null];
}

// onAssume(ip): a new address whose mails are judged as if they came from there; null where nothing can be made.
export function localSourceView(message, onAssume) {
  const element = h('section', {class: 'advice advice-local', 'data-advice': 'local_source', hidden: true});
  return {
    element,
    update() {
      const node = element.hidden ? message.stepsOf('advice').find(({event}) => event.kind === 'advice.local_source') : null;
      if (!node) return;
      const {kind, data = {}} = node.event;
      element.hidden = false;
      element.replaceChildren(h('p', {class: 'advice-text'}, icon('warn'), h('span', {}, words(kind, data))),
        ...cures(data.cures ?? [], onAssume).filter(Boolean));
    },
  };
}

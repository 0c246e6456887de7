// The address, big, with what to do with it.
import {h, setContent} from '../dom.js';
import {t, words} from '../i18n.js';
import {copyButton} from '../copy.js';
import {span} from '../format.js';
import {waitingView} from './waiting.js';

// A narrow screen breaks the line before the @, nowhere else if it can.
function inParts(address) {
  const at = address.lastIndexOf('@');
  return [h('span', {}, address.slice(0, at)), h('wbr'), h('span', {}, address.slice(at))];
}

export function addressView({onNew}) {
  const address = h('span', {'data-address': true, class: 'address', translate: 'no'});
  const waiting = waitingView();
  const mailto = h('a', {class: 'button'}, t('page.write'));
  const left = h('p', {class: 'quiet left'});
  const element = h('section', {class: 'address-card', 'aria-labelledby': 'address-title'},
    h('h2', {id: 'address-title', class: 'label'}, t('page.address_title')),
    h('p', {class: 'address-line'}, address),
    h('div', {class: 'row'},
      copyButton(address, t('page.copy_address')), mailto,
      h('button', {type: 'button', class: 'button', onclick: () => onNew()}, t('page.new_address'))),
    left, waiting);

  return {
    element,
    update(state) {
      if (!state.address) return;
      setContent(address, inParts(state.address));
      waiting.hidden = state.current !== null;
      mailto.href = `mailto:${state.address}`;
      if (state.expiresAt) setContent(left, words('page.time_left', {span: span(Date.parse(state.expiresAt) - Date.now())}));
    },
  };
}

// Ways to send, one tab each, with the address filled in.
import {h} from '../dom.js';
import {t} from '../i18n.js';
import {copyButton} from '../copy.js';
import {smtpServer, snippets} from '../snippets.js';

function panelOf(snippet) {
  const code = h('code', {}, snippet.code);
  return h('div', {role: 'tabpanel', id: `way-${snippet.id}`, 'aria-labelledby': `tab-${snippet.id}`},
    snippet.console ? consoleSteps(snippet.console) : null,
    h('pre', {tabindex: '0', translate: 'no', 'aria-label': snippet.label}, code),
    h('div', {class: 'row between'}, copyButton(code),
      snippet.console ? h('p', {class: 'quiet'}, t('page.ses_needs_mx')) : null));
}

// Where to click in the provider's console, for whoever has no command line at hand.
function consoleSteps(address) {
  const code = h('code', {class: 'record'}, address);
  return h('div', {class: 'console'}, h('ol', {}, ['open', 'identity', 'send'].map((step) => h('li', {}, t(`page.ses_console_${step}`)))),
    h('p', {class: 'row'}, code, copyButton(code)));
}

// Tabs by the ARIA pattern: arrows move, only the chosen one is a tab stop.
function tabsOf(list, chosen, choose) {
  const step = {ArrowRight: 1, ArrowLeft: -1};
  return h('div', {role: 'tablist', class: 'tabs', 'aria-label': t('page.ways_title')}, list.map((snippet, index) => h('button', {
    type: 'button', role: 'tab', id: `tab-${snippet.id}`, 'aria-controls': snippet.id === chosen ? `way-${snippet.id}` : null,
    'aria-selected': String(snippet.id === chosen), tabindex: snippet.id === chosen ? '0' : '-1',
    onclick: () => choose(snippet.id),
    onkeydown: (event) => {
      if (event.key in step) choose(list.at((index + step[event.key]) % list.length).id, true);
    },
  }, snippet.label)));
}

export function waysView() {
  const body = h('div', {class: 'ways'});
  let chosen = 'swaks';
  let shown = '';
  let list = [];

  const draw = (focus = false) => {
    body.replaceChildren(tabsOf(list, chosen, (id, byKey) => { chosen = id; draw(byKey || true); }),
      panelOf(list.find((snippet) => snippet.id === chosen)));
    if (focus) body.querySelector('[aria-selected="true"]').focus();
  };

  return {
    element: h('section', {class: 'panel', 'aria-labelledby': 'ways-title'},
      h('h2', {id: 'ways-title'}, t('page.ways_title')), body),
    update(state) {
      if (!state.address) return;
      list = snippets(state.address, smtpServer(state.reachability, location.hostname));
      const code = list.map((snippet) => snippet.code).join();
      if (code !== shown) draw();
      shown = code;
    },
  };
}

// Advice steps: what to publish or change, each explained by its kind, with records ready to copy.
import {h, icon} from '../dom.js';
import {knows, t, whyOf, words} from '../i18n.js';
import {recordRow, sesHint} from './verdict.js';
import {treeView} from './tree.js';

function recordsOf(data) {
  if (Array.isArray(data.records)) return data.records.filter((record) => record?.value !== undefined);
  return data.name !== undefined && data.value !== undefined ? [data] : [];
}

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

function cures({cures: codes}, onAssume) {
  if (!Array.isArray(codes)) return null;
  return [h('ul', {class: 'cures'}, codes.map((code) => h('li', {}, knows(`page.cure_${code}`) ? t(`page.cure_${code}`) : code))),
    codes.includes('assume_ip') ? assumeForm(onAssume) : null];
}

function card(node, onAssume) {
  const {kind, data = {}} = node.event;
  const why = whyOf(kind, data);
  const below = treeView(() => node.children);
  below.update();
  return h('section', {class: kind === 'advice.local_source' ? 'advice advice-local' : 'card advice', 'data-advice': kind.slice('advice.'.length)},
    h('p', {class: 'advice-text'}, icon('warn'), h('span', {}, knows(kind) ? words(kind, data) : kind)),
    why && !data.cures ? h('p', {class: 'quiet'}, why) : null,
    recordsOf(data).map(recordRow),
    cures(data, onAssume),
    node.children.length ? below.element : null);
}

// SES is explained once: by the server's own advice if it gives some.
const aboutSes = (node) => /ses|mail_from/.test(node.event.kind);

export function adviceView(message, onAssume) {
  const local = h('div', {class: 'advice-list'});
  const others = h('div', {class: 'advice-list'});
  let shown = '';
  return {
    local,
    element: h('section', {class: 'advices', 'aria-label': t('page.advice_title')}, others),
    update() {
      const nodes = message.stepsOf('advice');
      const key = `${nodes.length} ${message.report !== null}`;
      if (key === shown) return;
      shown = key;
      const isLocal = (node) => node.event.kind === 'advice.local_source';
      local.replaceChildren(...nodes.filter(isLocal).map((node) => card(node, onAssume)));
      const ses = message.report && !nodes.some(aboutSes) ? sesHint(message.report) : null;
      others.replaceChildren(...nodes.filter((node) => !isLocal(node)).map((node) => card(node, onAssume)), ...(ses ? [ses] : []));
    },
  };
}

// Advice steps: what to publish or change, each explained by its kind, with records ready to copy.
import {h, icon} from '../dom.js';
import {knows, t, whyOf, words} from '../i18n.js';
import {recordRow, sesHint} from './verdict.js';
import {treeView} from './tree.js';

function recordsOf(data) {
  if (Array.isArray(data.records)) return data.records.filter((record) => record?.value !== undefined);
  return data.name !== undefined && data.value !== undefined ? [data] : [];
}

function card(node) {
  const {kind, data = {}} = node.event;
  const why = whyOf(kind, data);
  const below = treeView(() => node.children);
  below.update();
  return h('section', {class: `card advice ${kind === 'advice.local_source' ? 'advice-local' : ''}`, 'data-advice': kind.slice('advice.'.length)},
    h('p', {class: 'advice-text'}, icon('warn'), h('span', {}, knows(kind) ? words(kind, data) : kind)),
    why ? h('p', {class: 'quiet'}, why) : null,
    recordsOf(data).map(recordRow),
    node.children.length ? below.element : null);
}

// SES is explained once: by the server's own advice if it gives some.
const aboutSes = (node) => /ses|mail_from/.test(node.event.kind);

export function adviceView(message) {
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
      local.replaceChildren(...nodes.filter(isLocal).map(card));
      const ses = message.report && !nodes.some(aboutSes) ? sesHint(message.report) : null;
      others.replaceChildren(...nodes.filter((node) => !isLocal(node)).map(card), ...(ses ? [ses] : []));
    },
  };
}

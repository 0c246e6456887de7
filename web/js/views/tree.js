// A tree of steps, rendered by kind through the catalogue. Branches are built when they are opened, so that a
// story of thousands of steps costs what is looked at.
import {h, icon, toneOf} from '../dom.js';
import {knows, showFact, t, whyOf, words} from '../i18n.js';

const PAGE = 200;

// "7208 4.6.4" → a link to that section.
function rfcLink(rfc) {
  const match = /^(\d{3,5})(?: ([\w.]+))?$/.exec(String(rfc));
  if (!match) return h('span', {class: 'rfc'}, showFact(rfc));
  const [, number, section] = match;
  const anchor = section ? `#${/^[A-Z]/.test(section) ? 'appendix' : 'section'}-${section}` : '';
  return h('a', {class: 'rfc', href: `https://www.rfc-editor.org/rfc/rfc${number}${anchor}`, rel: 'noopener noreferrer', target: '_blank'},
    `RFC ${number}${section ? ` §${section}` : ''}`);
}

// The facts as the API gives them, for whoever wants to look behind the words.
function rawFacts(kind, data) {
  const known = Object.entries(data).filter(([name, value]) => name !== 'rfc' && value !== null && value !== '' && value.length !== 0);
  if (known.length === 0) return null;
  return h('details', {class: 'raw'}, h('summary', {}, t('page.facts')), h('dl', {class: 'facts'}, known.map(([name, value]) => [
    h('dt', {}, name), h('dd', {}, h('bdi', {}, showFact(value, name, kind)))])));
}

function title({kind, data = {}}) {
  const sign = typeof data.result === 'string' ? icon(toneOf(data.result)) : null;
  return [sign, h('span', {class: 'step-text'}, knows(kind) ? words(kind, data) : h('code', {}, kind))];
}

function details(node) {
  const {kind, data = {}} = node.event;
  const why = whyOf(kind, data);
  return h('div', {class: 'step-body'},
    why ? h('p', {class: 'why'}, why) : null,
    data.rfc ? h('p', {}, rfcLink(data.rfc)) : null,
    rawFacts(kind, data));
}

function stepView(node) {
  const branch = h('details', {class: 'step'}, h('summary', {}, title(node.event)));
  let below = null;
  branch.addEventListener('toggle', () => {
    if (!branch.open || below) return;
    below = treeView(() => node.children);
    branch.append(details(node), below.element);
    below.update();
  });
  const count = h('span', {class: 'count quiet'});
  branch.firstChild.append(count);
  return {
    element: h('li', {}, branch),
    update() {
      const children = node.children.length ? `+${showFact(node.children.length)}` : '';
      if (count.textContent !== children) count.textContent = children;
      if (branch.open) below?.update();
    },
  };
}

// nodes(): the roots, which only ever grow.
export function treeView(nodes) {
  const list = h('ul', {class: 'tree'});
  const more = h('button', {type: 'button', class: 'button more', hidden: true});
  const views = [];
  let limit = PAGE;

  const tree = {
    element: h('div', {}, list, more),
    update() {
      const all = nodes();
      for (const node of all.slice(views.length, limit)) {
        const view = stepView(node);
        views.push(view);
        list.append(view.element);
      }
      views.forEach((view) => view.update());
      more.hidden = all.length <= limit;
      more.textContent = t('page.more_steps', {count: all.length - views.length});
    },
  };
  more.addEventListener('click', () => {
    limit += PAGE;
    tree.update();
  });
  return tree;
}

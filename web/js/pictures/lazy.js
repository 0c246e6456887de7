// A picture of a check: its module, and the style sheet of them all, come when one is first about to be seen.
import {append, h} from '../dom.js';
import {t} from '../i18n.js';
import {factsOf} from './steps.js';

const NEAR = '400px';  // drawn before it is scrolled to, so that nothing jumps
const PICTURES = {
  route: {load: () => import('./route.js'), has: (message) => factsOf(message, 'message', 'message.route') !== null},
  spf: {load: () => import('./spf.js'), has: (message) => factsOf(message, 'spf', 'spf.check') !== null},
  dkim: {load: () => import('./dkim.js'), has: (message) => factsOf(message, 'dkim', 'dkim.signature') !== null},
  dmarc: {load: () => import('./dmarc.js'), has: (message) => Boolean(message.report?.dmarc?.from_domain)},
  raw: {load: () => import('./raw.js'), has: (message) => message.state === 'judged' && !message.local},
  dns: {load: () => import('./dns.js'), has: (message) => message.state === 'judged'},
};

let styles = null;
function styled() {
  styles ??= new Promise((resolve, reject) => {
    document.head.append(h('link', {rel: 'stylesheet', href: '/pictures.css', onload: resolve, onerror: reject}));
  });
  return styles;
}

// Each module's draw(message, source, again) gives nodes; it calls again() once it knows more.
export function pictureView(name, message, source, {open = true} = {}) {
  const {load, has} = PICTURES[name];
  const body = h('div', {class: 'picture-body'});
  const element = h('details', {class: 'picture', open, hidden: true, 'data-picture': name}, h('summary', {}, t(`picture.${name}`)), body);
  let draw = null;
  let near = false;
  let drawn = '';

  function redraw() {
    if (!draw || !near || !element.open) return;
    const known = `${message.size} ${message.connection?.size} ${Boolean(message.report)}`;
    if (known === drawn) return;
    drawn = known;
    body.replaceChildren();
    append(body, [draw(message, source, again)]);
    element.toggleAttribute('data-drawn', true);
  }
  function again() {
    drawn = '';
    redraw();
  }
  async function fetchOnce() {
    if (draw || !near || !element.open) return;
    try {
      [{draw}] = await Promise.all([load(), styled()]);
      redraw();
    } catch {
      body.replaceChildren(h('p', {class: 'quiet'}, t('picture.failed')));
    }
  }

  new IntersectionObserver((entries) => {
    near = entries.at(-1).isIntersecting;
    fetchOnce();
    redraw();
  }, {rootMargin: NEAR}).observe(element);
  element.addEventListener('toggle', () => {
    fetchOnce();
    redraw();
  });
  return {
    element,
    update() {
      element.hidden = !has(message);
      redraw();
    },
  };
}

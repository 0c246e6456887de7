// The frame around everything: name, language, the state of the line to the server.
import {h, setContent} from '../dom.js';
import {language, languages, t} from '../i18n.js';

// Each language by its own name for itself.
const nameOf = (tag) => new Intl.DisplayNames([tag], {type: 'language'}).of(tag);

function languageSwitch(onLanguage) {
  return h('div', {class: 'languages', role: 'group', 'aria-label': t('page.language')}, languages().map((tag) => h('button', {
    type: 'button', lang: tag, 'data-lang': tag, 'aria-pressed': String(tag === language()), onclick: () => onLanguage(tag)}, nameOf(tag))));
}

export function shell({onLanguage}) {
  const complaint = h('p', {class: 'note-box', role: 'alert', hidden: true});
  const main = h('main', {id: 'main', tabindex: '-1'});
  const line = h('p', {class: 'line-state', role: 'status'});
  const element = h('div', {class: 'page'},
    h('a', {class: 'skip', href: '#main'}, t('page.skip')),
    h('header', {class: 'top'},
      h('a', {class: 'brand', href: '/'}, h('img', {src: '/favicon.svg', alt: '', width: '28', height: '28'}), 'Mailassay'),
      line, h('a', {class: 'quiet', href: '/learn'}, t('page.learn')), languageSwitch(onLanguage)),
    complaint,
    main,
    h('footer', {class: 'quiet'}, t('page.footer')));
  return {
    element,
    main,
    complain(text) {
      complaint.textContent = text;
      complaint.hidden = false;
      complaint.scrollIntoView({block: 'nearest'});
    },
    update({stream}) {
      element.setAttribute('data-stream', stream);
      setContent(line, h('span', {class: 'dot', 'aria-hidden': 'true'}), t(`page.stream_${stream}`));
      line.hidden = stream === 'none';
    },
  };
}

// A message in place of the page: expired, or the server cannot be asked.
export function notice(key, {detail = '', action = null, onAction}) {
  return h('section', {class: 'notice', 'data-notice': key},
    h('h1', {}, t(`page.${key}_title`)), h('p', {}, t(`page.${key}_text`, {detail})),
    action ? h('button', {type: 'button', class: 'button primary', onclick: onAction}, t(action)) : null);
}

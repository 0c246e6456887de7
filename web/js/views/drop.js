// A downloaded original, judged from its headers: for whoever has no server or no port 25.
import {append, h, setContent} from '../dom.js';
import {t, words} from '../i18n.js';

const LARGEST = 32 * 1024 * 1024;

export function dropView({onFile}) {
  const said = h('p', {class: 'drop-state', role: 'status'});
  const input = h('input', {type: 'file', accept: '.eml,.txt,message/rfc822', class: 'visually-hidden', 'data-drop': true});
  const zone = h('label', {class: 'drop'}, input,
    h('strong', {}, t('page.drop_title')), h('span', {class: 'quiet'}, t('page.drop_text')),
    h('span', {class: 'button as-label'}, t('page.drop_choose')));

  async function take(file) {
    if (!file) return;
    if (file.size > LARGEST) {
      setContent(said, t('page.drop_too_large'));
      return;
    }
    setContent(said, words('page.drop_judging', {name: file.name}));
    try {
      await onFile(file);
      setContent(said, '');
    } catch (error) {
      setContent(said, words('page.drop_failed', {detail: error.message}));
    }
  }

  input.addEventListener('change', async () => {
    await take(input.files[0]);
    input.value = '';
  });
  zone.addEventListener('dragover', (event) => {
    event.preventDefault();
    zone.classList.add('over');
  });
  zone.addEventListener('dragleave', () => zone.classList.remove('over'));
  zone.addEventListener('drop', (event) => {
    event.preventDefault();
    zone.classList.remove('over');
    take(event.dataTransfer.files[0]);
  });
  const element = h('section', {class: 'panel drop-panel', 'aria-label': t('page.drop_title')});
  append(element, [zone, said]);
  return {element, update() {}};
}

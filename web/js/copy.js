// Copying that works on plain http://IP too, where browsers offer no navigator.clipboard.
import {announce, h} from './dom.js';
import {t} from './i18n.js';

function select(element) {
  const range = document.createRange();
  range.selectNodeContents(element);
  const selection = getSelection();
  selection.removeAllRanges();
  selection.addRange(range);
}

function copyBySelection(text) {
  const area = h('textarea', {class: 'visually-hidden', readonly: true, 'aria-hidden': 'true', tabindex: '-1'});
  area.value = text;
  document.body.append(area);
  area.select();
  let copied = false;
  try { copied = document.execCommand('copy'); } catch { copied = false; }
  area.remove();
  return copied;
}

async function copy(text) {
  if (navigator.clipboard) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch { /* no permission: the old way may still work */ }
  }
  return copyBySelection(text);
}

// A button that copies what `source` shows; if nothing can copy, the text is left selected for Ctrl+C.
export function copyButton(source, label = t('page.copy'), text = () => source.textContent) {
  const button = h('button', {type: 'button', class: 'button copy'}, label);
  button.addEventListener('click', async () => {
    const copied = await copy(text());
    if (copied) button.focus({preventScroll: true});
    else select(source);
    const said = t(copied ? 'page.copied' : 'page.selected');
    button.textContent = said;
    announce(said);
    setTimeout(() => { button.textContent = label; }, 2000);
  });
  return button;
}

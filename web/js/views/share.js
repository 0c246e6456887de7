// What can be handed on: a read-only link, the facts as JSON, a summary for a ticket, one file, paper.
import {h} from '../dom.js';
import {showFact, t, words} from '../i18n.js';
import {copyButton} from '../copy.js';
import {dateAndTime} from '../format.js';
import {markdown, page} from '../handout.js';

function save(name, type, text) {
  const url = URL.createObjectURL(new Blob([text], {type}));
  const link = h('a', {href: url, download: name});
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}

function linkMaker(message, source) {
  const mask = h('input', {type: 'checkbox', id: 'share-mask', checked: true});
  const place = h('div', {class: 'share-link', 'aria-live': 'polite'});
  const button = h('button', {type: 'button', class: 'button primary', onclick: async () => {
    button.disabled = true;
    try {
      const {share_url: url, expires_at: until} = await source.share(message.id, mask.checked);
      const code = h('code', {'data-share-url': true}, url);
      place.replaceChildren(code, copyButton(code), h('p', {class: 'quiet'}, words('page.share_until', {at: dateAndTime(until)})));
    } catch (error) {
      place.replaceChildren(h('p', {class: 'note-box', role: 'alert'}, t('page.action_failed', {detail: showFact(error.message)})));
    }
    button.disabled = false;
  }}, t('page.share_make'));
  return [h('p', {}, t('page.share_text')), h('p', {class: 'option'}, mask, h('label', {for: 'share-mask'}, t('page.share_mask'))), h('div', {class: 'row'}, button), place];
}

function handouts(message) {
  const {report} = message;
  const name = `mailassay-${report.message.id ?? 'mail'}`;
  const summary = h('pre', {class: 'visually-hidden'}, markdown(report));
  return h('div', {class: 'row'},
    copyButton(summary, t('page.share_markdown')), summary,
    h('button', {type: 'button', class: 'button', onclick: () => save(`${name}.json`, 'application/json', JSON.stringify(report, null, 1))}, t('page.share_json')),
    h('button', {type: 'button', class: 'button', onclick: () => save(`${name}.html`, 'text/html', page(message))}, t('page.share_html')),
    h('button', {type: 'button', class: 'button', onclick: () => print()}, t('page.share_print')));
}

export function shareView(message, source) {
  const body = h('div', {class: 'opened'});
  const element = h('details', {class: 'card share', 'data-share': true, hidden: true},
    h('summary', {}, h('h3', {}, t('page.share_title')), h('span', {class: 'quiet'}, t('page.share_subtitle'))), body);
  element.addEventListener('toggle', () => {
    if (!element.open || body.hasChildNodes()) return;
    body.replaceChildren(...[message.local ? null : linkMaker(message, source), handouts(message)].flat().filter(Boolean));
  });
  return {element, update() { element.hidden = !message.report; }};
}

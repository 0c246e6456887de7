// The mail itself: text, links and attachments as the server decoded them, the field it would add, the octets.
import {h, setContent} from '../dom.js';
import {showFact, t, visible, words} from '../i18n.js';
import {copyButton} from '../copy.js';
import {dateAndTime, size} from '../format.js';
import {pictureView} from '../pictures/lazy.js';
import {treeView} from './tree.js';

// Only web links become anchors; anything else stays text.
function link(entry) {
  const url = typeof entry === 'string' ? entry : entry.url ?? entry.href ?? '';
  let parsed;
  try { parsed = new URL(url); } catch { parsed = null; }
  if (!parsed || !['http:', 'https:'].includes(parsed.protocol)) return h('bdi', {}, showFact(url));
  return h('a', {href: parsed.href, rel: 'noopener noreferrer', target: '_blank'}, h('bdi', {}, showFact(url)));
}

function attachment(entry) {
  if (typeof entry === 'string') return h('bdi', {}, showFact(entry));
  const bytes = entry.bytes ?? entry.size;
  return [h('bdi', {}, showFact(entry.name ?? entry.filename)), ` · ${showFact(entry.type)}`, bytes === undefined ? '' : ` · ${size(bytes)}`];
}

const listOf = (title, entries, show) => (entries?.length ? [h('h4', {}, t(title)), h('ul', {}, entries.map((entry) => h('li', {}, show(entry))))] : null);

function decoded({text, links, attachments}) {
  return [h('pre', {class: 'mail-text', tabindex: '0', 'aria-label': t('page.mail_text')}, text ? text.replace(/[^\n\r\t]+/g, (line) => visible(line)) : t('page.mail_empty')),
    listOf('page.mail_links', links, link), listOf('page.mail_attachments', attachments, attachment)];
}

function field(report) {
  if (!report?.authentication_results) return null;
  const code = h('code', {}, showFact(report.authentication_results.replace(/\r?\n[ \t]*/g, ' ')));
  return [h('h4', {}, t('page.authres')), h('pre', {tabindex: '0', 'aria-label': t('page.authres')}, code), copyButton(code)];
}

// A mail whose fields were never read is named by how far it came.
export function subjectOf({state, subject, from}) {
  if (subject) return showFact(subject);
  if (state === 'receiving' || state === 'judging') return from ? t('page.no_subject') : t('page.arriving');
  return t(state === 'aborted' ? 'page.unfinished' : 'page.no_subject');
}

export function mailHead(message) {
  const element = h('header', {class: 'mail-head'});
  return {
    element,
    update() {
      setContent(element,
        h('h2', {class: 'mail-subject', 'data-subject': true}, h('bdi', {}, subjectOf(message))),
        h('p', {class: 'quiet'}, words('page.mail_line', {from: message.from ?? null, envelope: message.envelope, bytes: message.bytes ? size(message.bytes) : '…',
          at: message.at ? dateAndTime(message.at) : '…'})),
        message.state === 'aborted' ? h('p', {class: 'note-box'}, words('message.aborted', message.aborted), '. ', t('page.aborted')) : null,
        message.failure ? h('p', {class: 'note-box'}, words('page.report_failed', {detail: message.failure})) : null);
    },
  };
}

// What belongs to no card: how the mail was received and read, and ARC, which is information and no verdict.
export function otherStepsView(message) {
  const tree = treeView(() => [...message.stepsOf('message'), ...message.stepsOf('arc')]);
  const element = h('details', {class: 'card', 'data-other-steps': true}, h('summary', {}, h('h3', {}, t('page.other_steps')),
    h('span', {class: 'quiet'}, t('page.other_steps_text'))), tree.element);
  element.addEventListener('toggle', () => tree.update());
  return {
    element,
    update() {
      element.hidden = message.state !== 'judged';
      if (element.open) tree.update();
    },
  };
}

export function mailView(message, source) {
  const body = h('div', {'data-mail-text': true});
  const extra = h('div', {});
  const raw = message.local ? null : h('p', {}, h('a', {href: `${source.messagePath(message.id)}/raw`, download: `${message.id}.eml`}, t('page.mail_raw')));
  const marked = pictureView('raw', message, source, {open: false});
  const element = h('details', {class: 'card mail', hidden: true}, h('summary', {}, h('h3', {}, t('page.mail_title'))), body, extra, marked.element, raw);
  let asked = false;

  async function ask() {
    if (asked || message.local) return;
    asked = true;
    try {
      setContent(body, decoded(await source.text(message.id)));
    } catch (error) {
      asked = false;
      setContent(body, h('p', {class: 'quiet'}, words('page.mail_failed', {detail: error.message})));
    }
  }
  element.addEventListener('toggle', () => { if (element.open) ask(); });

  return {
    element,
    update() {
      element.hidden = message.state !== 'judged' || (message.local && !message.report?.authentication_results);
      if (message.report && !extra.hasChildNodes()) setContent(extra, field(message.report));
      marked.update();
    },
  };
}

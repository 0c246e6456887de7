// The SMTP conversation, two parties, as it happened.
import {h, setContent} from '../dom.js';
import {showFact, t, words, whyOf, knows} from '../i18n.js';

const MOST = 10000;  // lines; what comes after them is counted
const AT_ONCE = 250;  // lines drawn in one frame, so that the page answers between them
const PARTIES = {'smtp.command': 'client', 'smtp.greeting': 'server', 'smtp.reply': 'server'};

// The lines as they went over the wire: "250-" before each but the last, a status after the code.
function spoken({line, code, status, lines}) {
  if (!Array.isArray(lines)) return [showFact(line)];
  const mark = (index) => (index < lines.length - 1 ? '-' : ' ');
  return lines.map((text, index) => `${code}${mark(index)}${status ? `${status} ` : ''}${showFact(text)}`);
}

function line({event}) {
  const {kind, data = {}} = event;
  const party = PARTIES[kind];
  if (!party) {
    return h('li', {class: 'said note'}, knows(kind) ? words(kind, data) : `${kind} ${showFact(data)}`);
  }
  return h('li', {class: `said ${party}`},
    h('span', {class: 'visually-hidden'}, `${t(`page.party_${party}`)}: `),
    h('code', {}, spoken(data).map((text, index) => [index ? h('br') : null, h('bdi', {}, text)])));
}

// Every node of the group below these roots, in the order it happened.
function flatten(nodes, into = []) {
  for (const node of nodes) {
    into.push(node);
    flatten(node.children, into);
  }
  return into;
}

export function dialogueView(message) {
  const list = h('ol', {class: 'dialogue', 'data-dialogue': true});
  const scroll = h('div', {class: 'dialogue-scroll', tabindex: '0', role: 'region', 'aria-label': t('page.dialogue_title')}, list);
  const rest = h('p', {class: 'quiet', hidden: true});
  const element = h('details', {class: 'card dialogue-card', open: message.state !== 'judged'},
    h('summary', {}, h('h3', {}, t('page.dialogue_title')), h('span', {class: 'quiet'}, t('page.dialogue_text'))),
    h('div', {class: 'dialogue-ends quiet', 'aria-hidden': 'true'}, h('span', {}, t('page.party_client')), h('span', {}, t('page.party_server'))),
    scroll, rest, h('p', {class: 'quiet legend'}, whyOf('smtp.command'), ' ', whyOf('smtp.reply')));
  let shown = 0;
  let count = -1;
  let waiting = false;  // with lines that are not drawn yet
  let frame = 0;        // in which the next of them are
  // New lines stay in view, unless the reader has scrolled back.
  const atEnd = () => scroll.scrollTop + scroll.clientHeight >= scroll.scrollHeight - 8;

  return {
    element,
    update() {
      if (message.local) {
        element.hidden = true;
        return;
      }
      const total = message.size + (message.connection?.size ?? 0);
      if (count === total && !waiting) return;
      count = total;
      const follow = atEnd();
      const lines = flatten(message.stepsOf('smtp')).sort((a, b) => a.event.id - b.event.id);
      const until = Math.min(lines.length, MOST, shown + AT_ONCE);
      list.append(...lines.slice(shown, until).map(line));
      shown = until;
      waiting = shown < Math.min(lines.length, MOST);
      if (waiting) {
        frame ||= requestAnimationFrame(() => {
          frame = 0;
          this.update();
        });
      }
      rest.hidden = lines.length <= MOST;
      setContent(rest, t('page.dialogue_rest', {count: lines.length - MOST}));
      if (follow) scroll.scrollTop = scroll.scrollHeight;
    },
  };
}

// The one page: the address and how to send to it, then what came.
import {h} from '../dom.js';
import {t} from '../i18n.js';
import {addressView} from './address.js';
import {besideView} from './beside.js';
import {dropView} from './drop.js';
import {messagesView} from './messages.js';
import {stageView} from './stage.js';
import {doctorView} from './waiting.js';
import {waysView} from './ways.js';

const still = matchMedia('(prefers-reduced-motion: reduce)');

// The element glides to where the change puts it, so that nothing jumps.
function glide(element, change) {
  const before = element.getBoundingClientRect().top;
  change();
  const way = before - element.getBoundingClientRect().top;
  if (way && !still.matches) element.animate([{transform: `translateY(${way}px)`}, {transform: 'none'}], {duration: 300, easing: 'ease-out'});
}

export function watchView(inbox, {onNew}) {
  const address = addressView({onNew});
  const ways = waysView();
  const drop = dropView({onFile: (file) => inbox.judgeFile(file)});
  const doctor = doctorView();
  const messages = messagesView({onSelect: (id) => inbox.select(id)});
  const place = h('div', {class: 'place'});
  const results = h('div', {class: 'results', hidden: true}, messages.element, place);
  const sending = h('details', {class: 'sending', open: true}, h('summary', {}, t('page.sending_title')),
    h('div', {class: 'columns'}, ways.element, drop.element));
  const element = h('div', {class: 'watch'},
    h('section', {class: 'hero'}, h('h1', {}, t('page.headline')), h('p', {class: 'lead'}, t('page.lead')), address.element),
    doctor.element, results, sending);
  let stage = null;
  let shown = '';
  let drawn = false;

  function showMessage(message) {
    const key = `${message.id} ${message.generation}`;
    if (key !== shown) {
      stage?.stop();
      stage = stageView(message, inbox.source, onNew, besideView(message, inbox));
      place.replaceChildren(stage.element);
      shown = key;
    }
    stage.update();
  }

  // The landing becomes the stage. How to send is shut, and out of the page for a frame: it comes back below as
  // something new, not as something that jumped there.
  function arrive() {
    const focused = sending.contains(document.activeElement);
    results.hidden = false;
    element.classList.add('has-mail');
    Object.assign(sending, {open: false, hidden: true});
    requestAnimationFrame(() => {
      sending.hidden = false;
      if (focused) sending.firstElementChild.focus({preventScroll: true});
    });
  }

  return {
    element,
    update() {
      const message = inbox.current;
      if (message && results.hidden) {
        if (drawn && !document.hidden) glide(address.element, arrive);
        else arrive();  // nobody saw the landing
      }
      [address, ways, doctor, messages].forEach((view) => view.update(inbox));
      if (message) showMessage(message);
      drawn = true;
    },
  };
}

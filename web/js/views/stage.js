// The stage: one mail as it is told, live; and once it is judged, again at the viewer's pace.
import {h, icon, setContent} from '../dom.js';
import {t} from '../i18n.js';
import {Replay} from '../replay.js';
import {judgedView} from './judged.js';

const button = (name, onclick) => h('button', {type: 'button', class: 'button', 'data-replay': name, onclick}, t(`page.replay_${name}`));

function controlsView(show) {
  const place = h('p', {class: 'quiet', 'data-replay-place': true});
  let replay = null;
  const begin = (message) => {
    replay = new Replay(message, changed);
    replay.play();
  };
  const play = button('play', () => (replay.playing ? replay.pause() : replay.play()));
  const bar = h('div', {class: 'row replay-bar', hidden: true}, play, button('step', () => replay.step()), button('end', () => replay.toEnd()), place);
  const start = h('button', {type: 'button', class: 'button', 'data-replay': 'start', onclick: () => begin(shown)}, icon('again'), ' ', t('page.replay_start'));
  const element = h('div', {class: 'replay idle', role: 'group', 'aria-label': t('page.replay_label')}, start, bar);
  let shown = null;

  function changed() {
    const {playing, ended, told, events} = replay;
    setContent(play, t(playing ? 'page.replay_pause' : 'page.replay_play'));
    setContent(place, t('page.replay_place', {told, total: events.length}));
    const within = bar.contains(document.activeElement);
    bar.hidden = ended;
    start.hidden = !ended;
    if (ended && within) start.focus();
    else if (!ended && document.activeElement === document.body) play.focus();
    show(ended ? null : replay.message);
  }

  return {
    element,
    stop() { replay?.pause(); },
    update(message) {
      shown = message;
      element.classList.toggle('idle', message.state !== 'judged' || message.size === 0);  // its place is kept: nothing jumps
    },
  };
}

// The message's own view while it is live and after; a replay's in its place while one runs.
export function stageView(message, source, onAssume, beside) {
  const view = judgedView(message, source, onAssume, beside);
  const place = h('div', {class: 'place'}, view.element);
  let replayed = null;  // {message, view}
  const controls = controlsView((told) => {
    if (!told) replayed = null;
    else if (replayed?.message !== told) replayed = {message: told, view: judgedView(told, source, null, null)};
    const now = replayed?.view ?? view;
    if (place.firstChild !== now.element) place.replaceChildren(now.element);
    now.update();
  });
  return {
    element: h('div', {class: 'stage'}, controls.element, place),
    stop: () => controls.stop(),
    update() {
      controls.update(message);
      (replayed?.view ?? view).update();
    },
  };
}

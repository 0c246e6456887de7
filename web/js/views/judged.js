// One mail: dialogue, checks, advice, content.
import {h} from '../dom.js';
import {adviceView} from './advice.js';
import {checksView, stripView} from './checks.js';
import {dialogueView} from './dialogue.js';
import {mailHead, mailView, otherStepsView} from './mail.js';

export function judgedView(message, source, onAssume) {
  const advice = adviceView(message, onAssume);
  const views = [mailHead(message), dialogueView(message), checksView(message, {spf: advice.local}), advice, mailView(message, source), otherStepsView(message), stripView(message)];
  const [head, dialogue, checks, , mail, others, strip] = views;
  return {
    element: h('article', {class: 'judged'}, head.element, strip.element, dialogue.element, checks.element, advice.element, mail.element, others.element),
    update: () => views.forEach((view) => view.update()),
  };
}

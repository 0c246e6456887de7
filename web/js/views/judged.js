// One mail: dialogue, checks, advice, content.
import {h} from '../dom.js';
import {adviceView} from './advice.js';
import {checksView} from './checks.js';
import {dialogueView} from './dialogue.js';
import {mailHead, mailView, otherStepsView} from './mail.js';

export function judgedView(message, source) {
  const advice = adviceView(message);
  const views = [mailHead(message), dialogueView(message), checksView(message), advice, mailView(message, source), otherStepsView(message)];
  const [head, dialogue, checks, , mail, others] = views;
  return {
    element: h('article', {class: 'judged'}, head.element, advice.local, dialogue.element, checks.element, advice.element, mail.element, others.element),
    update: () => views.forEach((view) => view.update()),
  };
}

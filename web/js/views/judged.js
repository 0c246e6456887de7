// One mail: dialogue, checks, what to do next, content.
import {h} from '../dom.js';
import {localSourceView} from './advice.js';
import {checksView, stripView} from './checks.js';
import {dialogueView} from './dialogue.js';
import {mailHead, mailView, otherStepsView} from './mail.js';
import {nextView} from './next.js';
import {proveView} from './prove.js';
import {shareView} from './share.js';

// beside: a further view to stand before what is handed on, or null.
export function judgedView(message, source, onAssume, beside = null) {
  const local = localSourceView(message, onAssume);
  const views = [mailHead(message), stripView(message), dialogueView(message), checksView(message, source, {spf: local.element}),
    nextView(message), proveView(message, source), beside, shareView(message, source), mailView(message, source), otherStepsView(message)].filter(Boolean);
  return {
    element: h('article', {class: 'judged'}, views.map((view) => view.element)),
    update: () => [local, ...views].forEach((view) => view.update()),
  };
}

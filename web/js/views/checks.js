// The five cards, in the order a receiver judges: they light up as their steps arrive, and open to them.
import {h, icon, setContent, toneOf} from '../dom.js';
import {because, showFact, t, words} from '../i18n.js';
import {pictureView} from '../pictures/lazy.js';
import {identifiersOf} from '../results.js';
import {treeView} from './tree.js';
import {verdictWords} from './verdict.js';

const CHECKS = ['connection', 'spf', 'dkim', 'dmarc', 'verdict'];
const PICTURES = {connection: 'route', spf: 'spf', dkim: 'dkim', dmarc: 'dmarc', verdict: 'dns'};

// example.com = example.com, or amazonses.com ≠ example.com, and what that means; nothing without an author's domain.
function alignment({check, domain, from, aligned, result, counts}) {
  if (!from) return null;
  return h('p', {class: `alignment ${counts === 'true' ? 'tone-pass' : 'tone-none'}`, 'data-aligned': String(aligned)},
    h('span', {class: 'equation'}, h('bdi', {}, showFact(domain)), h('span', {class: 'relation'}, aligned ? '=' : '≠'), h('bdi', {}, showFact(from))),
    h('span', {class: 'quiet'}, words('page.alignment', {check: check.toUpperCase(), aligned, result, counts})));
}

const CONTENT = {
  connection({connection}) {
    const {ip, helo, iprev, source, guessed, mail_from: sender, rcpt_to: recipients} = connection;
    return [h('p', {}, words(iprev ? 'page.connection' : 'page.connection_without', {ip, helo, result: iprev?.result, names: iprev?.names})),
      sender === null || sender === undefined ? null : h('p', {}, words(guessed?.includes('mail_from') ? 'page.envelope_guessed' : 'page.envelope', {mail_from: sender, rcpt_to: recipients})),
      source === 'headers' ? h('p', {class: 'quiet'}, words('page.from_headers', {guessed: guessed ?? []})) : null];
  },
  spf({spf, ...report}) {
    if (!spf) return h('p', {}, words('spf.no_address', {}));
    return [h('p', {}, words('page.spf', spf), because('spf', spf.cause)),
      identifiersOf(report).filter((one) => one.check === 'spf').map(alignment)];
  },
  dkim({dkim, ...report}) {
    if (!dkim?.length) return h('p', {}, words('page.dkim_none'));
    const lines = dkim.slice(0, 4).map((one) => h('p', {}, words('page.dkim', one), because('dkim', one.cause)));
    return [lines, identifiersOf(report).filter((one) => one.check === 'dkim').slice(0, 4).map(alignment)];
  },
  dmarc({dmarc}) {
    if (!dmarc) return null;
    const unpublished = !dmarc.record && dmarc.cause === 'no_record';
    return [h('p', {}, words(unpublished ? 'page.dmarc_no_record' : 'page.dmarc', dmarc), unpublished ? null : because('dmarc', dmarc.cause)),
      dmarc.record ? h('p', {}, h('code', {class: 'record'}, showFact(dmarc.record))) : null];
  },
  verdict: (report) => verdictWords(report),
};

function checkView(check, message, source) {
  const pill = h('span', {class: 'pill'});
  const content = h('div', {class: 'check-content'});
  const picture = pictureView(PICTURES[check], message, source, {open: check !== 'verdict'});
  const tree = treeView(() => message.stepsOf(check));
  const steps = h('details', {class: 'steps'}, h('summary', {}, t('page.steps')), tree.element);
  const element = h('section', {class: 'card check', 'data-check': check, 'aria-labelledby': `check-${check}`},
    h('header', {class: 'check-head'}, h('h3', {id: `check-${check}`}, t(`page.check_${check}`)), pill),
    h('p', {class: 'quiet question'}, t(`page.question_${check}`)), content, picture.element, steps);
  steps.addEventListener('toggle', () => tree.update());
  let shownReport = null;
  let shownResult;

  return {
    element,
    update() {
      const result = message.results[check];
      const known = message.stepsOf(check).length > 0;
      element.classList.toggle('lit', known || Boolean(result));
      element.classList.toggle('working', known && !result && message.state !== 'aborted');
      steps.hidden = !known;
      if (result !== shownResult) {
        shownResult = result;
        if (result) element.setAttribute('data-result', result);
        else element.removeAttribute('data-result');
        element.setAttribute('data-tone', toneOf(result));
        setContent(pill, result ? [icon(toneOf(result)), h('span', {}, result)] : []);
      }
      if (message.report !== shownReport) {
        shownReport = message.report;
        content.replaceChildren();
        if (shownReport) setContent(content, CONTENT[check](shownReport));
      }
      picture.update();
      if (steps.open) tree.update();
    },
  };
}

// after: elements to stand after a check, by its name.
export function checksView(message, source, after) {
  const views = CHECKS.map((check) => checkView(check, message, source));
  return {
    element: h('div', {class: 'checks'}, views.map((view, index) => [view.element, after[CHECKS[index]] ?? null])),
    update: () => views.forEach((view) => view.update()),
  };
}

// The same five at a glance, leading to their cards.
export function stripView(message) {
  const links = CHECKS.map((check) => h('a', {href: `#check-${check}`, class: 'chip'}));
  return {
    element: h('nav', {class: 'strip', 'aria-label': t('page.strip')}, links),
    update: () => links.forEach((link, index) => {
      const result = message.results[CHECKS[index]];
      const name = t(`page.check_${CHECKS[index]}`);
      link.setAttribute('data-tone', toneOf(result));
      setContent(link, icon(toneOf(result)), h('span', {}, result ? `${name}: ${result}` : name));
    }),
  };
}

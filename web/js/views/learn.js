// /learn: mails that tell something, each judged for real by its own zone, which can be edited.
import {announce, h} from '../dom.js';
import {language, showFact, t} from '../i18n.js';
import {judgeScenario, scenario, scenarios} from '../api.js';
import {toldMessage} from '../story.js';
import {comparison} from './comparison.js';
import {judgedView} from './judged.js';

const chosen = () => new URLSearchParams(location.search).get('scenario');

// On a narrow screen the list is folded, so that the mail comes first.
function listView(all, current) {
  const wide = matchMedia('(min-width: 62rem)');
  const list = h('ul', {}, all.map(({name, title}) => h('li', {},
    h('a', {href: `/learn?scenario=${encodeURIComponent(name)}`, class: 'message', 'data-scenario': name, 'aria-current': name === current ? 'page' : null}, title))));
  const element = h('details', {class: 'lab-choice', open: wide.matches}, h('summary', {}, t('page.learn_others', {count: all.length})),
    h('nav', {class: 'lab-list', 'aria-label': t('page.learn_list')}, list));
  wide.addEventListener('change', () => { element.open = wide.matches; });
  return element;
}

function zoneEditor(known, original, onJudged) {
  const zone = h('textarea', {id: 'lab-zone', rows: '12', spellcheck: 'false', autocomplete: 'off'});
  const complaint = h('p', {class: 'note-box', role: 'alert', hidden: true});
  const result = h('div', {class: 'what-if-result', 'aria-live': 'polite'});
  zone.value = known.zone;

  async function judge() {
    complaint.hidden = true;
    try {
      const {report, steps, changed} = await judgeScenario(known.name, {zone: zone.value});
      result.replaceChildren(comparison(original, report, changed, [t('page.as_it_came'), t('page.with_changes')]));
      onJudged(report, steps);
      announce(t('page.announce', {spf: report.spf?.result ?? 'none', dkim: report.dkim?.[0]?.result ?? 'none', dmarc: report.dmarc?.result ?? 'none'}));
    } catch (error) {
      complaint.textContent = t('page.what_if_failed', {detail: showFact(error.message)});
      complaint.hidden = false;
    }
  }
  function reset() {
    zone.value = known.zone;
    judge();
  }
  return h('details', {class: 'card lab', 'data-lab': true}, h('summary', {}, h('h3', {}, t('page.learn_edit')), h('span', {class: 'quiet'}, t('page.learn_edit_text'))),
    h('div', {class: 'opened what-if'}, h('label', {for: 'lab-zone'}, t('page.learn_zone')), zone, complaint,
      h('div', {class: 'row'}, h('button', {type: 'button', class: 'button primary', onclick: judge}, t('page.what_if_run')),
        h('button', {type: 'button', class: 'button', onclick: reset}, t('page.learn_reset'))), result));
}

async function player(name) {
  const known = await scenario(name, language());
  const {report, steps} = await judgeScenario(name, {});
  const place = h('div', {class: 'place'});
  const show = (judged, told) => {
    const view = judgedView(toldMessage(name, told, judged), null, null);
    place.replaceChildren(view.element);
    view.update();
  };
  show(report, steps);
  return h('div', {class: 'lab-player'}, h('header', {class: 'mail-head'}, h('h2', {}, known.title), h('p', {class: 'lead', 'data-lesson': true}, known.lesson)),
    place, zoneEditor(known, report, show));
}

export async function learnPage() {
  const all = await scenarios(language());
  const name = chosen() ?? all[0]?.name;
  return {
    element: h('div', {class: 'watch learn'},
      h('section', {class: 'hero'}, h('h1', {}, t('page.learn_title')), h('p', {class: 'lead'}, t('page.learn_text'))),
      h('div', {class: 'results'}, listView(all, name), await player(name))),
    update() {},
  };
}

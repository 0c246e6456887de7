// /s/{share}: one judged mail, read-only, as the server hands it out.
import {h} from '../dom.js';
import {t, words} from '../i18n.js';
import {sharedReport, sharedSteps} from '../api.js';
import {toldMessage} from '../story.js';
import {dateAndTime} from '../format.js';
import {judgedView} from './judged.js';

export async function sharedPage(share) {
  const report = await sharedReport(share);
  const message = toldMessage(report.message.id ?? 'shared', await sharedSteps(share), report);
  const {masked, expires_at: until} = report.share ?? {};
  const view = judgedView(message, null, null);
  return {
    element: h('div', {class: 'watch has-mail'},
      h('section', {class: 'note-box shared', 'data-shared': true}, h('h1', {}, t('page.shared')), h('p', {}, masked ? [t('page.shared_masked'), ' '] : null,
        until ? words('page.share_until', {at: dateAndTime(until)}) : null)), view.element),
    update: () => view.update(),
  };
}

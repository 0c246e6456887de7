// Starts the page: language, inbox, views; redraws at most once a frame however many events come.
import {Source, createInbox} from './api.js';
import {announce} from './dom.js';
import {language, t, useLanguage} from './i18n.js';
import {Inbox} from './inbox.js';
import {isLearning, rememberToken, rememberedToken, shareInPath, tokenInPath} from './router.js';
import {notice, shell} from './views/shell.js';
import {watchView} from './views/watch.js';

const PATIENCE = 60000;  // milliseconds without a connection before the page says what stands in the way
const app = document.getElementById('app');
let inbox = null;
let frame = null;
let view = null;
let failed = null;  // {key, detail} when there is nothing to watch
let scheduled = false;
let told = '';
let alone = null;  // a page that is no inbox: a shared mail, the scenario lab

function changed() {
  if (scheduled) return;
  scheduled = true;
  if (document.hidden) setTimeout(update, 250);  // hidden pages get no frames, but their title still tells
  else requestAnimationFrame(update);
}

function update() {
  scheduled = false;
  if (!frame) return;
  const gone = failed ?? (inbox?.stream === 'gone' ? {key: 'gone'} : null);
  frame.update({stream: failed?.key === 'gone' ? 'gone' : failed || alone ? 'none' : inbox?.stream ?? 'connecting'});
  if (gone) {
    showNotice(gone);
    return;
  }
  if (alone) {
    if (frame.main.firstChild !== alone.element) frame.main.replaceChildren(alone.element);
    alone.update();
    return;
  }
  if (!inbox?.ready) return;
  if (!view) {
    view = watchView(inbox, {onNew: newAddress});
    frame.main.replaceChildren(view.element);
  }
  inbox.needReport();
  view.update();
  tell(inbox.current);
}

function showNotice({key, detail}) {
  if (frame.main.querySelector(`[data-notice="${key}"]`)) return;
  view = null;
  const again = ['gone', 'unknown'].includes(key) ? {action: 'page.new_address', onAction: () => newAddress()} : {action: 'page.retry', onAction: () => location.reload()};
  frame.main.replaceChildren(notice(key, {detail, ...again}));
}

// The result in the title and to screen readers, once it is known.
function tell(message) {
  const result = message?.results.verdict;
  const title = result ? `DMARC ${result} · Mailassay` : 'Mailassay';
  if (document.title !== title) document.title = title;
  const key = `${message?.id} ${result}`;
  if (!result || told === key) return;
  told = key;
  const {spf, dkim} = message.results;
  announce(t('page.announce', {spf, dkim, dmarc: result}));
}

// assumeIp: judge its mails as if they came from there.
async function newAddress(assumeIp = null) {
  try {
    const {token} = await createInbox(assumeIp);
    rememberToken(token);
    location.assign(`/w/${token}`);
  } catch (error) {
    frame.complain(t('page.action_failed', {detail: error.message}));
  }
}

function fail(key, error) {
  failed = {key, detail: error?.message ?? ''};
  changed();
}

// The remembered inbox while it lives, else a new one; its path stands in the address bar from then on.
async function tokenForHome() {
  const remembered = rememberedToken();
  if (remembered) {
    try {
      await new Source(remembered).inbox();
      return remembered;
    } catch (error) {
      if (!error.gone) throw error;
    }
  }
  return (await createInbox()).token;
}

async function findToken() {
  const named = tokenInPath();
  if (named) return named;
  const token = await tokenForHome();
  rememberToken(token);
  history.replaceState(null, '', `/w/${token}${location.search}`);
  return token;
}

function draw() {
  frame = shell({onLanguage: async (tag) => {
    await useLanguage(tag, true);
    if (alone) alone = await openPage();
    draw();
    app.querySelector(`[data-lang="${tag}"]`)?.focus();
  }});
  view = null;
  document.documentElement.lang = language();
  app.replaceChildren(frame.element);
  update();
}

// A page of its own instead of an inbox; its code is loaded when it is asked for.
async function openPage() {
  const share = shareInPath();
  if (share) return (await import('./views/shared.js')).sharedPage(share);
  return isLearning() ? (await import('./views/learn.js')).learnPage() : null;
}

async function start() {
  await useLanguage();
  draw();
  try {
    alone = await openPage();
    if (alone) {
      changed();
      return;
    }
    inbox = new Inbox(new Source(await findToken()), changed);
    await inbox.open();
    changed();
    inbox.reach();
    inbox.diagnoseAfter(PATIENCE);
    setInterval(changed, 30000);  // the time left
  } catch (error) {
    if (error.locked) location.assign('/login');
    if (error.gone) fail(isLearning() || shareInPath() ? 'unknown' : 'gone', error);
    else fail(error.status ? 'refused' : 'unreachable', error);
  }
}

// Without its words the page can only say what went wrong.
start().catch((error) => { app.textContent = `Mailassay: ${error.message}`; });

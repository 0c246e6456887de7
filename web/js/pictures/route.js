// The way the mail says it came: from server to server, oldest first, with what each leg took.
import {h} from '../dom.js';
import {showFact, t, words} from '../i18n.js';
import {dateAndTime} from '../format.js';
import {duration} from './duration.js';
import {mark} from './marks.js';
import {nameOf} from './names.js';
import {factsOf} from './steps.js';

const SLOW = 60;  // seconds; senders' queues are faster

function stop({title, ip, at, said, here}) {
  return h('li', {class: `stop${here ? ' here' : ''}`}, mark(here ? 'here' : 'aside'),
    h('div', {class: 'stop-words'}, h('p', {}, title, ip ? [' ', h('span', {class: 'quiet'}, '[', h('bdi', {class: 'fact'}, showFact(ip)), ']')] : null),
      said ? h('p', {class: 'quiet'}, words('picture.route_calls_itself', {name: said})) : null, at ? h('p', {class: 'quiet'}, dateAndTime(at)) : null));
}

// ESMTPS, ESMTPSA, LMTPS, UTF8SMTPS…: RFC 3848 and 6531 write S for TLS.
const encrypted = (protocol) => /mtps/i.test(protocol ?? '');

function leg({with: protocol, delay_seconds: delay, at, tls}) {
  const safe = tls ?? encrypted(protocol);
  const slow = delay !== null && Math.abs(delay) >= SLOW;
  return h('li', {class: `leg${delay < 0 ? ' backwards' : ''}${slow ? ' slow' : ''}`},
    protocol ? h('span', {class: 'leg-how'}, mark(safe ? 'lock' : 'open'), ' ', h('bdi', {}, showFact(protocol)), ' ', h('span', {class: 'quiet'}, t(safe ? 'picture.route_encrypted' : 'picture.route_open'))) : null,
    h('span', {class: 'leg-delay'}, delay < 0 ? [mark('warn'), ' '] : null,
      delay === null ? h('span', {class: 'quiet'}, at ? '' : t('picture.route_unknown')) : t(delay < 0 ? 'picture.route_backwards' : 'picture.route_after', {duration: duration(delay)})));
}

// From what this server saw itself, if it was the one who received the mail.
function lastLeg(report, hops) {
  const {connection, message} = report ?? {};
  if (connection?.source !== 'smtp' || !message?.received_at) return [];
  const before = hops.findLast(({at}) => at);
  const delay = before ? Math.round((Date.parse(message.received_at) - Date.parse(before.at)) / 1000) : null;
  return [leg({with: connection.tls ? connection.tls.version : 'SMTP', tls: Boolean(connection.tls), delay_seconds: delay, at: message.received_at}),
    stop({title: t('picture.route_here'), at: message.received_at, here: true})];
}

export function draw(message) {
  const {hops, count, seconds, skewed} = factsOf(message, 'message', 'message.route');
  const stops = [stop({title: nameOf(hops[0].from ?? t('picture.route_unnamed')), ip: hops[0].ip})];
  hops.forEach((hop, index) => {
    const next = hops[index + 1];
    const calls = next?.from && next.from !== hop.by ? next.from : null;
    stops.push(leg(hop), stop({title: nameOf(hop.by ?? t('picture.route_unnamed')), ip: next?.ip, at: hop.at, said: calls}));
  });
  const summary = hops.filter(({at}) => at).length < 2 ? null : h('p', {}, words(skewed ? 'picture.route_skewed' : 'picture.route_took', {count, duration: duration(seconds)}));
  return [summary, count > hops.length ? h('p', {class: 'quiet'}, t('picture.route_cut', {count: count - hops.length})) : null,
    h('ol', {class: 'route', 'aria-label': t('picture.route')}, stops, lastLeg(message.report, hops)), h('p', {class: 'quiet'}, t('picture.route_trust'))].filter(Boolean);
}

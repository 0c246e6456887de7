// DMARC as a diagram: the From domain in the middle, what passed or not beside it, joined by = or ≠.
import {h, icon, toneOf} from '../dom.js';
import {showFact, t, words} from '../i18n.js';
import {aligningOf} from '../results.js';
import {mark} from './marks.js';
import {nameInOrganization} from './names.js';
import {factsOf} from './steps.js';

// The facts of the alignment steps about this From domain, by identifier: "spf", or a signature's number.
function alignmentsOf(message, from) {
  const found = new Map();
  const visit = ({event: {kind, data}, children}) => {
    if (data?.from_domain === from && kind === 'dmarc.spf_alignment') found.set('spf', {...data, organization: data.spf_organizational_domain});
    if (data?.from_domain === from && kind === 'dmarc.dkim_alignment') found.set(data.signature, {...data, organization: data.dkim_organizational_domain});
    if (kind !== 'dmarc.rfc7489') children.forEach(visit);
  };
  message.stepsOf('dmarc').forEach(visit);
  return found;
}

const organizationOf = (organization) => (organization ? h('p', {class: 'organization'}, words('picture.dmarc_organization', {organization})) : null);

function identifiers(report) {
  const {dmarc_rfc7489: older, dkim} = report;
  const aligning = aligningOf(report);
  const spf = aligning.spf?.domain ? [{...aligning.spf, kind: 'spf', key: 'spf', older: older?.spf}] : [];
  return [...spf, ...(aligning.dkim ?? []).map((one, index) => ({...one, kind: 'dkim', key: index + 1, selector: dkim?.[index]?.selector, older: older?.dkim?.[index]}))];
}

function identifierView(one, dmarc, facts) {
  const {kind, domain, result, aligned, older, selector} = one;
  const counts = aligned && result === 'pass' && dmarc.result === 'pass';
  const differs = older && older.aligned !== aligned;
  const organization = facts?.organization ?? (aligned ? dmarc.organizational_domain : null);
  return h('li', {class: `identifier of-${kind}${counts ? ' counts' : ''}`, 'data-aligned': String(aligned), 'data-counts': String(counts)},
    h('div', {class: 'node'}, h('p', {class: 'label'}, t(`picture.dmarc_${kind}`), selector ? h('span', {class: 'quiet'}, ' s=', h('bdi', {}, showFact(selector))) : null),
      h('p', {}, nameInOrganization(domain, organization)), organizationOf(organization),
      counts ? h('p', {class: 'carried'}, mark('match'), h('strong', {}, t('picture.dmarc_carried'))) : null),
    h('div', {class: 'joint'}, h('span', {class: 'wire', 'aria-hidden': 'true'}),
      h('span', {class: 'joined-by', 'aria-hidden': 'true'}, aligned ? '=' : '≠'),
      h('span', {class: 'joint-words'}, h('span', {class: 'joint-result'}, icon(toneOf(result)), h('span', {}, result)), ' ',
        h('span', {}, t(aligned ? 'picture.dmarc_aligned' : 'picture.dmarc_unaligned'), facts?.mode === 'strict' ? t('picture.dmarc_strict') : ''),
        differs ? h('span', {class: 'older'}, ' ', t(older.aligned ? 'picture.dmarc_older_aligned' : 'picture.dmarc_older_unaligned')) : null)));
}

// What receivers make of it that follow RFC 7489, if it is something else.
function olderView(message, {dmarc, dmarc_rfc7489: older}) {
  const differs = factsOf(message, 'dmarc', 'dmarc.differs');
  if (!older || !differs) return null;
  const facts = {organization: older.organizational_domain, now: dmarc.organizational_domain, result: older.result, result_now: dmarc.result, why: differs.why};
  return h('div', {class: 'older-view'}, h('p', {class: 'label'}, t('picture.dmarc_older')),
    facts.organization === facts.now ? null : h('p', {}, words('picture.dmarc_older_organization', facts)), h('p', {}, words('picture.dmarc_older_result', facts)));
}

export function draw(message) {
  const {report} = message;
  const {dmarc} = report;
  const facts = alignmentsOf(message, dmarc.from_domain);
  const all = identifiers(report);
  const side = (kind) => all.filter((one) => one.kind === kind).map((one) => identifierView(one, dmarc, facts.get(one.key)));
  const list = (kind) => h('ul', {class: `identifiers side-${kind}`, 'aria-label': t(`picture.dmarc_side_${kind}`)}, side(kind),
    side(kind).length ? null : h('li', {class: 'identifier absent'}, h('div', {class: 'node'}, h('p', {class: 'quiet'}, t(`picture.dmarc_no_${kind}`)))));
  return h('div', {class: 'dmarc-picture'},
    h('div', {class: 'alignment-diagram'}, list('spf'),
      h('div', {class: 'node from'}, h('p', {class: 'label'}, t('picture.dmarc_from')), h('p', {class: 'from-domain'}, nameInOrganization(dmarc.from_domain, dmarc.organizational_domain)), organizationOf(dmarc.organizational_domain),
        h('p', {class: 'picture-result'}, icon(toneOf(dmarc.result)), h('span', {}, words('picture.dmarc_result', {result: dmarc.result})))),
      list('dkim')),
    olderView(message, report));
}

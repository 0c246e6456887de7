// Domain names as text that may go on in the next line after a dot, not within a label.
import {h} from '../dom.js';
import {showFact} from '../i18n.js';

const breakable = (name) => name.split(/(?<=\.)/).map((label) => [label, label.endsWith('.') ? h('wbr') : null]);

export const nameOf = (name) => h('bdi', {class: 'domain'}, breakable(showFact(name)));

// "mail.example.com" with the part that names the organization set apart.
export function nameInOrganization(domain, organization) {
  const name = showFact(domain);
  const own = organization && (name === organization || name.endsWith(`.${organization}`)) ? organization : '';
  if (!own) return nameOf(domain);
  return h('bdi', {class: 'domain'}, breakable(name.slice(0, name.length - own.length)), h('span', {class: 'domain-own'}, breakable(own)));
}

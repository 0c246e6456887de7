// The catalogue: words by key, shared with the command line. Entries are a template, {"text","why"}, or
// {"select","cases"}; facts come from the mail and are shown isolated, with control characters made visible.
import {h} from './dom.js';
import LANGUAGES from './languages.js';  // the server's list of its catalogues

const MEMORY = 'mailassay.language';
// Facts that read as words: the rest are names and codes, in a face of their own.
const IN_WORDS = new Set(['at', 'bytes', 'cause', 'check', 'count', 'detail', 'oddities', 'result', 'span', 'warnings', 'why']);
// Facts that hold codes: "cause.dmarc.no_record" says it for the kinds of dmarc, "cause.no_record" for the rest.
const CODES = new Set(['cause', 'why', 'warnings', 'oddities']);
let catalogue = {};
let fallback = {};
let current = 'en';

export const language = () => current;
export const languages = () => LANGUAGES;

function preferred() {
  const remembered = recall();
  if (LANGUAGES.includes(remembered)) return remembered;
  const wanted = navigator.languages.map((tag) => tag.slice(0, 2).toLowerCase());
  return wanted.find((tag) => LANGUAGES.includes(tag)) ?? 'en';
}

function recall() {
  try { return localStorage.getItem(MEMORY); } catch { return null; }
}

async function load(tag) {
  const answer = await fetch(`/i18n/${tag}.json`);
  if (!answer.ok) throw new Error(`/i18n/${tag}.json: ${answer.status}`);
  return answer.json();
}

export async function useLanguage(tag = preferred(), remember = false) {
  const english = load('en');
  [fallback, catalogue] = await Promise.all([english, tag === 'en' ? english : load(tag)]);
  current = tag;
  if (remember) {
    try { localStorage.setItem(MEMORY, tag); } catch { /* a private window forgets, and that is fine */ }
  }
}

const lookUp = (key) => catalogue[key] ?? fallback[key];
export const knows = (key) => lookUp(key) !== undefined;

function factAt(facts, path) {
  if (Object.hasOwn(facts, path)) return facts[path];
  return path.split('.').reduce(
      (value, name) => (value !== null && typeof value === 'object' && Object.hasOwn(value, name) ? value[name] : undefined), facts);
}

// Control and direction characters as visible marks: a Subject must not be able to turn a line around.
export function visible(text) {
  return String(text).replace(/[\u0000-\u0008\u000b-\u001f\u007f]|[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, (c) => {
    const code = c.charCodeAt(0);
    if (code < 0x20) return String.fromCharCode(0x2400 + code);
    return code === 0x7f ? '\u2421' : `\u27e8U+${code.toString(16).toUpperCase().padStart(4, '0')}\u27e9`;
  });
}

export function showFact(value, name = '', kind = '') {
  if (value === null || value === undefined || value === '') return '–';
  if (Array.isArray(value)) return value.length ? value.map((item) => showFact(item, name, kind)).join(', ') : '–';
  if (typeof value === 'object') return Object.entries(value).map(([k, v]) => `${k}: ${showFact(v)}`).join(', ');
  if (name.endsWith('port')) return String(value);
  if (typeof value === 'number') return new Intl.NumberFormat(current, {useGrouping: 'min2'}).format(value);
  return (CODES.has(name) && codeInWords(value, kind)) || visible(value);
}

function codeInWords(code, kind) {
  return lookUp(`cause.${kind.split('.')[0]}.${code}`) ?? lookUp(`cause.${code}`);
}

// An empty list is "–", as on the command line.
const caseOf = (value) => (Array.isArray(value) ? value.join(', ') || '–' : String(value ?? null));

function chooseTemplate(entry, facts) {
  if (entry === undefined || typeof entry === 'string') return entry;
  if (entry.cases) {
    return chooseTemplate(entry.cases[caseOf(factAt(facts, entry.select))] ?? entry.cases.other, facts);
  }
  return chooseTemplate(entry.text, facts);
}

function pieces(template, facts, kind) {
  return template.split(/\{([a-zA-Z0-9_.]+)\}/).map((piece, index) => {
    if (index % 2 === 0) return {words: piece};
    const name = piece.split('.').at(-1);
    return {fact: showFact(factAt(facts, piece), name, kind), name};
  });
}

function asText(entry, facts, kind) {
  const template = chooseTemplate(entry, facts);
  return template === undefined ? '' : pieces(template, facts, kind).map((p) => p.words ?? p.fact).join('');
}

function asNodes(template, facts, kind) {
  return pieces(template, facts, kind).filter((p) => p.words !== '').map((piece) => {
    if (piece.fact === undefined) return document.createTextNode(piece.words);
    return h('bdi', {class: IN_WORDS.has(piece.name) ? null : 'fact'}, piece.fact);
  });
}

// Plain text, for titles, labels and live regions.
export const t = (key, facts = {}) => asText(lookUp(key) ?? key, facts, key);

// Nodes, each fact in a <bdi> of its own.
export function words(key, facts = {}) {
  const template = chooseTemplate(lookUp(key), facts);
  return template === undefined ? [key] : asNodes(template, facts, key);
}

// " Cause: …", as the standard `room` means that code; nothing without a cause.
export const because = (room, cause) => (cause ? [' ', words('page.cause', {cause: showFact(cause, 'cause', room)})] : null);

// The explanation of a kind for someone who never read the RFC, or null.
export function whyOf(key, facts = {}) {
  const template = chooseTemplate(lookUp(key)?.why, facts);
  return template ? asNodes(template, facts, key) : null;
}

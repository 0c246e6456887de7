// The mail's own octets, as far as a picture shows them: header fields, and the beginning of the body.

const ENOUGH = 256 * 1024;
const kept = new WeakMap();
const utf8 = new TextDecoder('utf-8');
const octets = (text) => Uint8Array.from(text, (c) => c.charCodeAt(0));

// One character an octet, so that places in it are places in the mail.
async function readStart(url) {
  const answer = await fetch(url, {cache: 'no-store'});
  if (!answer.ok || !answer.body) throw new Error(`HTTP ${answer.status}`);
  const reader = answer.body.getReader();
  let text = '';
  let whole = false;
  while (text.length < ENOUGH) {
    const {done, value} = await reader.read();
    if (done) {
      whole = true;
      break;
    }
    for (let at = 0; at < value.length; at += 8192) text += String.fromCharCode(...value.subarray(at, at + 8192));
  }
  if (!whole) reader.cancel().catch(() => {});
  return {text: text.slice(0, ENOUGH), whole};  // however large the last chunk was
}

// As the server reads it: a line that begins no field and folds none stands alone, without a name.
function parse({text, whole}) {
  const end = /(?:^|\r\n)\r\n/.exec(text);
  const header = end ? text.slice(0, end.index) : text.replace(/\r\n$/, '');
  const fields = [];
  let open = null;
  for (const line of header ? header.split('\r\n') : []) {
    const begun = /^([!-9;-~]+)[ \t]*:/.exec(line);
    if (open && /^[ \t]/.test(line)) {
      open.value += line;
      open.raw += `\r\n${line}`;
    } else {
      fields.push(begun ? {name: begun[1], value: line.slice(begun[0].length), raw: line} : {name: '', value: line, raw: line});
      open = begun ? fields.at(-1) : null;
    }
  }
  return {fields: fields.map(({name, value, raw}) => ({name, value: readable(value), raw})), headerWhole: whole || Boolean(end),
    body: end ? text.slice(end.index + end[0].length) : '', whole};
}

// As a reader sees it: encoded words decoded (RFC 2047), on one line.
export function readable(value) {
  const text = value.replace(/(\?=)[ \t]+(?==\?)/g, '$1').replace(/=\?([\w-]+)(?:\*[\w-]*)?\?([bq])\?([^?]*)\?=/gi, (word, charset, how, coded) => {
    try {
      const raw = how.toLowerCase() === 'b' ? atob(coded) : coded.replaceAll('_', ' ').replace(/=([0-9a-f]{2})/gi, (_, hex) => String.fromCharCode(parseInt(hex, 16)));
      return charset.toLowerCase() === utf8.encoding ? raw : transcoded(raw, charset);
    } catch { return word; }
  });
  return utf8.decode(octets(text)).replace(/\s+/g, ' ').trim();
}

// Octets of another charset as octets of UTF-8.
function transcoded(raw, charset) {
  return String.fromCharCode(...new TextEncoder().encode(new TextDecoder(charset).decode(octets(raw))));
}

export const shown = (body) => utf8.decode(octets(body));

// Where the octet number `count` of the canonical body (RFC 6376 section 3.4) stands in the body as it came.
export function placeInBody(body, count, relaxed) {
  if (!relaxed) return Math.min(count, body.length);
  let hashed = 0;
  for (let at = 0; at < body.length; at += 1) {
    if (hashed >= count) return at;
    const space = body[at] === ' ' || body[at] === '\t';
    if (!space) hashed += 1;
    else if (!/[ \t\r]/.test(body[at + 1] ?? '\r')) hashed += 1;
  }
  return body.length;
}

// The parsed original once it is here, null while it is read, false where it cannot be; again() when that changes.
// A copy that is shared has none to give.
export function originalOf(message, source, again) {
  if (message.local || !source?.messagePath) return false;
  if (!kept.has(message)) {
    const entry = {original: null, waiting: new Set()};
    kept.set(message, entry);
    readStart(`${source.messagePath(message.id)}/raw`).then(parse).catch(() => false).then((original) => {
      entry.original = original;
      entry.waiting.forEach((tell) => tell());
    });
  }
  const {original, waiting} = kept.get(message);
  if (original === null) waiting.add(again);
  return original;
}

// What DKIM's steps tell of each signature, and which field of the mail it covers. No DOM here.

const child = (node, kind) => node.children.find(({event}) => event.kind === kind)?.event.data ?? null;

export function signaturesOf(roots) {
  return roots.filter(({event}) => event.kind === 'dkim.signature').map((node) => ({
    ...node.event.data,
    body: child(node, 'dkim.body_hash'), header: child(node, 'dkim.header_hash'), key: child(node, 'dkim.key'), verify: child(node, 'dkim.verify'),
    fault: child(node, 'dkim.tags'), forensics: child(node, 'dkim.forensics'), result: child(node, 'dkim.result'),
    warnings: node.children.filter(({event}) => event.kind === 'dkim.warning').map(({event}) => event.data),
  }));
}

const low = (name) => name.toLowerCase();

function timesSigned(signature) {
  const times = new Map();
  for (const name of signature.signed_headers ?? []) times.set(low(name), (times.get(low(name)) ?? 0) + 1);
  return times;
}

// Without the original: what the steps name.
function fieldsFromSteps(signature, times) {
  const missing = (signature.header?.missing ?? []).map(low);
  const names = [...new Set((signature.signed_headers ?? []).map(low))];
  const nameOf = (name) => signature.signed_headers.find((one) => low(one) === name);
  const present = names.flatMap((name) => Array(Math.max(0, times.get(name) - missing.filter((one) => one === name).length)).fill({name: nameOf(name), value: null}));
  const unsigned = signature.warnings.filter(({why}) => why === 'fields_not_signed').flatMap(({fields}) => fields);
  return [...present, ...unsigned.map((name) => ({name, value: null}))];
}

// Every field from the top: {name, value, state, times}. Of several fields of a name h= takes the lowest first;
// what it names beyond those there are seals the name: none can be added.
export function sheetOf(signature, original) {
  const times = timesSigned(signature);
  // Fields count from the bottom, so a header whose end was not read tells nothing.
  const fields = original?.headerWhole ? original.fields : fieldsFromSteps(signature, times);
  const ownAt = fields.map(({name}, at) => ({name, at})).filter(({name}) => low(name) === 'dkim-signature')[signature.index]?.at ?? -1;
  const important = new Set(signature.warnings.filter(({why}) => why === 'fields_not_signed').flatMap((warning) => warning.fields).map(low));
  const above = new Map();
  fields.forEach(({name}, at) => { if (at !== ownAt) above.set(low(name), (above.get(low(name)) ?? 0) + 1); });
  const counts = new Map(above);
  const rows = fields.map(({name, value}, at) => {
    const key = low(name);
    if (at === ownAt) return {name, value, state: 'own'};
    const fromBottom = above.get(key);
    above.set(key, fromBottom - 1);
    const signed = (times.get(key) ?? 0) >= fromBottom;
    const added = !signed && times.has(key);
    return {name, value, state: signed ? 'signed' : added ? 'added' : important.has(key) ? 'exposed' : 'unsigned',
      times: times.get(key) ?? 0, sealed: signed && (times.get(key) ?? 0) > counts.get(key)};
  });
  const absent = [...times.keys()].filter((key) => !counts.has(key)).map((key) => signature.signed_headers.find((name) => low(name) === key));
  return {rows: markChange(rows, signature.forensics), absent};
}

// The field that was changed on the way, if that could be found out.
function markChange(rows, forensics) {
  if (forensics?.part !== 'header' || !forensics.found || !forensics.field) return rows;
  const found = rows.find(({name, state}) => low(name) === low(forensics.field) && state !== 'own');
  return found ? rows.map((row) => (row === found ? {...row, change: forensics} : row)) : rows;
}

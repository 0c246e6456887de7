// What differs between the reports of two mails: [{path, before, after}], paths as --expect takes them.

const SAME_ANYWAY = ['schema', 'message', 'authentication_results', 'steps', 'share'];
const isObject = (value) => value !== null && typeof value === 'object' && !Array.isArray(value);
// Lists of plain values (names, recipients) are compared whole.
const isList = (value) => Array.isArray(value) && value.length > 0 && value.every(isObject);

function compare(path, before, after, found) {
  if (JSON.stringify(before) === JSON.stringify(after)) return;
  const inside = (isObject(before) && isObject(after)) || (isList(before) && isList(after));
  if (!inside) found.push({path, before, after});
  else for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) compare(`${path}.${name}`, before[name] ?? null, after[name] ?? null, found);
}

export function differences(before, after) {
  const found = [];
  for (const name of Object.keys(after)) {
    if (!SAME_ANYWAY.includes(name)) compare(name, before[name] ?? null, after[name], found);
  }
  return found;
}

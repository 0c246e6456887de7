// Elements without HTML strings: mail content is hostile, so text only ever becomes text nodes.

// h('a', {class: 'x', href: u, onclick: f}, 'text', node, [more]); null and false children are left out.
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) setProperty(element, name, value);
  append(element, children);
  return element;
}

function setProperty(element, name, value) {
  if (value === null || value === undefined || value === false) return;
  if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
  else element.setAttribute(name, value === true ? '' : String(value));
}

export function append(element, children) {
  for (const child of [children].flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    element.append(child instanceof Node ? child : String(child));
  }
}

// Replaces the content only if it would differ as text, so that readers and selections are not disturbed.
export function setContent(element, ...children) {
  const fresh = document.createDocumentFragment();
  append(fresh, children);
  if (element.textContent === fresh.textContent && element.childElementCount === fresh.childElementCount) return;
  element.replaceChildren(fresh);
}

const SHAPES = {
  pass: ['M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20Z', 'm7.500 12.300 3 3 6-6.500'],
  fail: ['M8 2h8l6 6v8l-6 6H8l-6-6V8Z', 'm8.500 8.500 7 7m0-7-7 7'],
  warn: ['M12 3 1.800 21h20.400Z', 'M12 9.500v5.500m0 2v1.500'],
  none: ['M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20Z', 'M7.500 12h9'],
  error: ['M3 3h18v18H3Z', 'M12 7v6m0 2.500V17.500'],
  again: ['M20 12a8 8 0 1 1-2.600-5.900', 'M20.500 2.500v5h-5'],
  wait: ['M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20Z', 'M12 6.500V12l3.500 2'],
};

// A drawn sign whose shape, not only its colour, tells the result.
export function icon(name) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('class', `icon icon-${name}`);
  svg.setAttribute('aria-hidden', 'true');
  (SHAPES[name] ?? SHAPES.wait).forEach((d, index) => {
    const path = document.createElementNS(svg.namespaceURI, 'path');
    path.setAttribute('d', d);
    path.setAttribute('class', index === 0 ? 'shape' : 'sign');
    svg.append(path);
  });
  return svg;
}

// Which tone and shape a result word of RFC 7208, 8601 or 9989 has.
export function toneOf(result) {
  switch (result) {
    case 'pass': return 'pass';
    case 'fail': return 'fail';
    case 'softfail': case 'policy': return 'warn';
    case 'permerror': case 'temperror': return 'error';
    case 'none': case 'neutral': return 'none';
    default: return 'wait';
  }
}

export function announce(text) {
  const place = document.getElementById('announce');
  if (place.textContent !== text) place.textContent = text;
}

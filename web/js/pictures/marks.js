// Signs drawn as shapes, so that a picture reads without colour.

const SVG = 'http://www.w3.org/2000/svg';

export function s(tag, props = {}, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(props)) {
    if (value !== null && value !== undefined && value !== false) element.setAttribute(name, String(value));
  }
  element.append(...children.flat().filter(Boolean));
  return element;
}

const DISC = 'M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20Z';
const MARKS = {
  match: [DISC, 'm7.500 12.300 3 3 6-6.500'],
  matched: [DISC, 'm7.500 12.300 3 3 6-6.500'],
  miss: [DISC, 'M7 12h10'],
  error: ['M3 3h18v18H3Z', 'M12 7v6m0 2.500V17.500'],
  unreached: [DISC, ''],
  pending: [DISC, 'M12 6.500V12l3.500 2'],
  aside: ['M12 3 21 12 12 21 3 12Z', ''],
  lock: ['M5 11h14v10H5Z', 'M8 11V7a4 4 0 0 1 8 0v4'],
  open: ['M5 11h14v10H5Z', 'M8 11V7a4 4 0 0 1 7.500-2'],
  seal: ['M12 2.500 20 6v6c0 5-3.500 8-8 9.500C7.500 20 4 17 4 12V6Z', 'm8 12 3 3 5.500-6'],
  crack: ['M12 2.500 20 6v6c0 5-3.500 8-8 9.500C7.500 20 4 17 4 12V6Z', 'm13 6-3 5 4 2-3 5'],
  warn: ['M12 3 1.800 21h20.400Z', 'M12 9.500v5.500m0 2v1.500'],
  pen: ['M4 20.500 5 16 17 4l3.500 3.500L8.500 19.500Z', 'M14.500 6.500 18 10'],
  here: [DISC, 'M12 10a2 2 0 1 0 0 4 2 2 0 0 0 0-4Z'],
};

export function mark(name) {
  const [shape, sign] = MARKS[name];
  return s('svg', {viewBox: '0 0 24 24', class: `mark mark-${name}`, 'aria-hidden': 'true'},
    s('path', {d: shape, class: 'shape'}), sign ? s('path', {d: sign, class: 'sign'}) : null);
}

// A pattern of slanted lines for what nobody vouches for; its id must be the document's own.
let patterns = 0;
export function hatching() {
  patterns += 1;
  const id = `hatching-${patterns}`;
  return {fill: `url(#${id})`, defs: s('defs', {}, s('pattern', {id, width: 7, height: 7, patternUnits: 'userSpaceOnUse', patternTransform: 'rotate(45)'},
    s('rect', {width: 7, height: 7, class: 'hatch-ground'}), s('path', {d: 'M0 0v7', class: 'hatch-line'})))};
}

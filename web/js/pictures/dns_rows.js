// The DNS answers of a mail's story on one axis of time. No DOM here.

const CHECKS = ['connection', 'spf', 'dkim', 'arc', 'dmarc', 'advice', 'other'];
const QUIET_MS = 2;  // a longer time without any question may be cut out of the axis

// Every dns.answer below these roots, with how deep it lies and the nearest step above it.
function collect(nodes, depth, found) {
  for (const node of nodes) {
    if (node.event.kind === 'dns.answer') found.push(rowOf(node, depth));
    collect(node.children, depth + (opens(node) ? 1 : 0), found);
  }
  return found;
}

// The steps whose look-ups wait for what they are part of.
const opens = ({event: {kind}}) => ['spf.term', 'spf.redirect', 'spf.exp', 'dmarc.rfc7489'].includes(kind);

function rowOf({event: {at, data, id}, parent}, depth) {
  const end = Date.parse(at) + fraction(at);
  const length = data.cached ? 0 : data.ms;
  return {...data, id, depth, start: end - length, end, length, because: parent?.event ?? null};
}

// Date.parse keeps milliseconds; the journal tells microseconds.
function fraction(at) {
  const digits = /\.(\d+)/.exec(at)?.[1] ?? '';
  return Number(`0.${digits.slice(3) || '0'}`);
}

export function groupsOf(message) {
  return CHECKS.map((check) => ({check, rows: collect(message.stepsOf(check === 'other' ? 'message' : check), 0, []).sort((a, b) => a.id - b.id)})).filter(({rows}) => rows.length);
}

// Where a moment lies, in hundredths of the axis; and where the axis was cut, with how long nothing was asked.
export function axisOf(rows) {
  const spans = [...rows].sort((a, b) => a.start - b.start);
  const quiet = Math.max(QUIET_MS, rows.reduce((sum, {length}) => sum + length, 0) / 2);
  const busy = [];
  for (const {start, end} of spans) {
    const last = busy.at(-1);
    if (last && start - last.end <= quiet) last.end = Math.max(last.end, end);
    else busy.push({start, end});
  }
  const total = busy.reduce((sum, {start, end}) => sum + end - start, 0);
  const gap = Math.max(total * 0.06, 0.02);
  const whole = total + gap * (busy.length - 1) || 1;
  let offset = 0;
  for (const part of busy) {
    part.offset = offset;
    offset += part.end - part.start + gap;
  }
  const place = (moment) => {
    const part = busy.findLast(({start}) => start <= moment + 1e-6) ?? busy[0];
    return Math.min(100, (100 * (part.offset + Math.min(moment, part.end) - part.start)) / whole);
  };
  const cuts = busy.slice(1).map((part, index) => ({at: (100 * (part.offset - gap / 2)) / whole, milliseconds: part.start - busy[index].end}));
  return {place, cuts, total};
}

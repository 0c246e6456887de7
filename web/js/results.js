// What each check came to, read from the report.

// The server's own order, for a mail with several signatures.
const BEST_FIRST = ['pass', 'policy', 'temperror', 'permerror', 'fail', 'neutral', 'none'];

// The better of two result words; null is none at all.
export const better = (one, other) => (!other || BEST_FIRST.indexOf(one) < BEST_FIRST.indexOf(other) ? one : other);

// {connection, spf, dkim, dmarc, verdict} as result words; a part that was not judged is "none".
export function resultsOf(report) {
  const dmarc = report.dmarc?.result ?? 'none';
  return {
    connection: report.connection?.iprev?.result ?? 'none',
    spf: report.spf?.result ?? 'none',
    dkim: (report.dkim ?? []).map((signature) => signature.result).reduce((best, result) => better(result, best), null) ?? 'none',
    dmarc,
    verdict: dmarc,
  };
}

// Whose spf and dkim say how identifiers align. Without a policy RFC 9989 compares nothing; RFC 7489's rules need none.
export const aligningOf = ({dmarc, dmarc_rfc7489: older}) => (dmarc.policy ? dmarc : older ?? dmarc);

// One line an identifier: which domain it speaks for, and whether that is the From domain's. counts: "true", "false", or
// "would", had the domain a policy.
export function identifiersOf(report) {
  const {dmarc} = report;
  if (!dmarc) return [];
  const {spf, dkim} = aligningOf(report);
  const line = (check, one) => {
    const counts = one.aligned && one.result === 'pass';
    return {check, from: dmarc.from_domain, ...one, counts: counts && !dmarc.policy ? 'would' : String(Boolean(counts))};
  };
  return [...(spf?.domain ? [line('spf', spf)] : []), ...(dkim ?? []).map((signature) => line('dkim', signature))];
}

// Whether receivers that still follow RFC 7489 would say something else.
export function differsByRfc7489(report) {
  const [now, then] = [report.dmarc, report.dmarc_rfc7489];
  return Boolean(now && then) && (now.result !== then.result || now.disposition !== then.disposition);
}

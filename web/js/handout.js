// A judged mail as text to hand on: Markdown for a ticket, and one HTML file that needs nothing else.
import {language, t, whyOf} from './i18n.js';
import {dateAndTime} from './format.js';
import {identifiersOf, resultsOf} from './results.js';

const CHECKS = ['connection', 'spf', 'dkim', 'dmarc', 'verdict'];

// What would be markup in Markdown or break out of a table cell.
const cell = (text) => String(text ?? '–').replace(/[\r\n]+/g, ' ').replace(/[\\`*_{}[\]<>()#+!|~]/g, '\\$&');

export function markdown(report) {
  const results = resultsOf(report);
  const {message, connection, dmarc} = report;
  const lines = [
    `## ${cell(message.subject)}`, '',
    `- ${t('page.handout_from')}: ${cell((message.from ?? []).join(', '))}`,
    `- ${t('page.handout_client')}: ${cell(connection.ip)} (${cell(connection.helo)}), MAIL FROM ${cell(connection.mail_from)}`,
    `- ${t('page.handout_at')}: ${cell(message.received_at)}`, '',
    `| | ${t('page.handout_result')} |`, '| --- | --- |',
    ...CHECKS.map((check) => `| ${t(`page.check_${check}`)} | ${cell(results[check])} |`), '',
    ...identifiersOf(report).map((one) => `- ${one.check.toUpperCase()} ${cell(one.domain)}: ${one.result}, ${cell(one.domain)} ${one.aligned ? '=' : '≠'} ${cell(one.from)}`), '',
    dmarc?.record ? `DMARC: \`${dmarc.record.replace(/[`\r\n]/g, ' ')}\`` : '', '',
    '```', (report.authentication_results ?? '').replace(/```/g, "'''"), '```', ''];
  return lines.join('\n');
}

const escaped = (text) => String(text ?? '–').replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);

function step(node) {
  const {kind, data = {}} = node.event;
  const why = whyOf(kind, data);
  const below = node.children.length ? `<ul>${node.children.map(step).join('')}</ul>` : '';
  const words = escaped(t(kind, data));
  const reason = why ? `<p class="why">${escaped(why.map((piece) => piece.textContent).join(''))}</p>` : '';
  return `<li>${below || reason ? `<details><summary>${words}</summary>${reason}${below}</details>` : words}</li>`;
}

function section(message, check, result) {
  const steps = message.stepsOf(check).map(step).join('');
  return `<section><h2>${escaped(t(`page.check_${check}`))} <b class="${escaped(result)}">${escaped(result)}</b></h2><ul>${steps}</ul></section>`;
}

const STYLE = `body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color-scheme:light dark}
b{font-weight:600;border:1px solid;border-radius:1rem;padding:0 .6rem;font-size:.8em}ul{padding-left:1.2rem}li{margin:.2rem 0;overflow-wrap:anywhere}
.why{opacity:.75;margin:.2rem 0}pre{white-space:pre-wrap;overflow-wrap:anywhere}`;

// No script, no link to anywhere: it opens from a disk or a ticket.
export function page(message) {
  const {report} = message;
  const results = resultsOf(report);
  const head = `<!doctype html><html lang="${language()}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">` +
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'"><title>${escaped(report.message.subject)}</title><style>${STYLE}</style></head>`;
  const facts = `<h1>${escaped(report.message.subject)}</h1><p>${escaped((report.message.from ?? []).join(', '))} · ${escaped(dateAndTime(report.message.received_at))}</p>`;
  const advice = message.stepsOf('advice').map(step).join('');
  return `${head}<body>${facts}${CHECKS.map((check) => section(message, check, results[check])).join('')}` +
    `<section><h2>${escaped(t('page.next'))}</h2><ul>${advice}</ul></section><h2>Authentication-Results</h2><pre>${escaped(report.authentication_results)}</pre></body></html>\n`;
}

// The server's HTTP API (/openapi.json), and what an error of it means.

export class ApiError extends Error {
  constructor(status, detail) {
    super(detail);
    this.status = status;
  }
  get gone() { return this.status === 404 || this.status === 410; }
  get locked() { return this.status === 401; }
}

async function call(path, options = {}) {
  const answer = await fetch(path, {cache: 'no-store', ...options});
  if (answer.ok) return answer;
  let problem = {};
  try { problem = await answer.json(); } catch { /* not a problem document (RFC 9457): the status must do */ }
  throw new ApiError(answer.status, problem.detail ?? problem.title ?? `HTTP ${answer.status}`);
}

const json = async (path, options) => (await call(path, options)).json();

const post = (path, body) => json(path, {method: 'POST', body: JSON.stringify(body), headers: {'Content-Type': 'application/json'}});

export const createInbox = (assumeIp = null) => post('/api/v1/inboxes', assumeIp ? {assume_ip: assumeIp} : {});

export const evaluateFile = (octets) => json(
    '/api/v1/evaluate?steps=1', {method: 'POST', body: octets, headers: {'Content-Type': 'message/rfc822'}});

// Shared mails and the scenario lab.
const sharePath = (share) => `/api/v1/shares/${encodeURIComponent(share)}`;
export const sharedReport = (share) => json(sharePath(share));
// The stream of a shared mail ends by itself: its steps in order.
export async function sharedSteps(share) {
  const text = await (await call(`${sharePath(share)}/events`)).text();
  return text.split('\n').filter((line) => line.startsWith('data: ')).map((line) => JSON.parse(line.slice(6)));
}

const scenarioPath = (name) => `/api/v1/scenarios/${encodeURIComponent(name)}`;
export const scenarios = async (language) => (await json(`/api/v1/scenarios?language=${language}`)).scenarios;
export const scenario = (name, language) => json(`${scenarioPath(name)}?language=${language}`);
export const judgeScenario = (name, circumstances) => post(`${scenarioPath(name)}/judge`, circumstances);

// One inbox, by its token.
export class Source {
  constructor(token) { this.path = `/api/v1/inboxes/${encodeURIComponent(token)}`; }

  get events() { return `${this.path}/events`; }
  messagePath(id) { return `${this.path}/messages/${encodeURIComponent(id)}`; }

  inbox() { return json(this.path); }
  reachability() { return json(`${this.path}/reachability`); }
  report(id) { return json(this.messagePath(id)); }
  text(id) { return json(`${this.messagePath(id)}/text`); }
  // The same mail under other circumstances; each answers {report, steps, changed}.
  whatIf(id, circumstances) { return post(`${this.messagePath(id)}/what-if`, circumstances); }
  judgeAgain(id) { return post(`${this.messagePath(id)}/judge-again`, {}); }
  share(id, mask) { return post(`${this.messagePath(id)}/share`, {mask}); }
}

/* Talking with the server: JSON requests, and the visit they belong to. */

class Refusal extends Error {
  constructor(status, body, wait) {
    super((body && body.message) || 'status ' + status);
    this.status = status;
    this.code = (body && body.code) || '';
    this.wait = wait;
  }

  /* Sending the same again can never help. */
  get isFinal() {
    return [400, 403, 404, 405, 409, 410, 413, 415, 422].includes(this.status);
  }
}

const PATIENCE_MS = 20000;

async function ask(path, options) {
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), PATIENCE_MS);
  try {
    const response = await fetch(settings.api + path, {
      cache: 'no-store', credentials: 'omit', signal: patience.signal, ...options,
    });
    if (response.status === 204) return null;
    const isJson = (response.headers.get('Content-Type') || '').startsWith('application/json');
    const body = isJson ? await response.json() : null;
    if (!response.ok) throw new Refusal(response.status, body, Number(response.headers.get('Retry-After')) || 0);
    if (!isJson) throw new Error('not an answer of the chat');
    return body;
  } finally {
    clearTimeout(timer);
  }
}

function post(path, body) {
  const headers = { 'Content-Type': 'application/json' };
  if (token() && path !== 'sessions') headers.Authorization = 'Bearer ' + token();
  return ask(path, { method: 'POST', headers, body: JSON.stringify({ site: settings.site, ...body }) });
}

function get(path) {
  return ask(path, { headers: { Authorization: 'Bearer ' + token() } });
}

/* One visit at a time: two callers share the request under way. */
let visiting = null;

function visit(jwt) {
  if (visiting && !jwt) return visiting;
  const asked = (visiting || Promise.resolve()).catch(() => null).then(() => begin(jwt));
  visiting = asked;
  const done = () => { if (visiting === asked) visiting = null; };
  asked.then(done, done);
  return asked;
}

async function begin(jwt) {
  const body = { language: settings.language, token: token() };
  if (jwt) body.jwt = jwt;
  let answer;
  try {
    answer = await post('sessions', body);
  } catch (error) {
    if (!(error instanceof Refusal) || error.status !== 401) throw error;
    // The token is not ours any more; somebody new begins.
    dropTokens();
    answer = await post('sessions', { ...body, token: '' });
  }
  const before = { ...visitor };
  keepToken(answer.token, answer.visitor, answer.level);
  visitor.level = answer.level;
  if (answer.ignored.length) console.warn('rapport: claims that could not be used: ' + answer.ignored.join(', '));
  took(answer, before);
  return answer;
}

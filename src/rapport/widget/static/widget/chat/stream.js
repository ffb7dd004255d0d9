/* The live stream: fetch instead of EventSource, because the token belongs into a header and not into an
   address that ends in logs. */

const SILENCE_MS = 40000;
const POLL_MS = 15000;
const HIDDEN_MS = 60000;

const live = { controller: null, lastId: '', attempt: 0, timer: 0, watchdog: 0, poll: 0, isWanted: false };

function listen() {
  live.isWanted = true;
  if (live.controller || !token()) return;
  clearTimeout(live.timer);
  const controller = new AbortController();
  live.controller = controller;
  readStream(controller)
    .catch(() => null)
    .then(() => {
      if (live.controller !== controller) return;
      live.controller = null;
      clearTimeout(live.watchdog);
      if (!live.isWanted) return;
      live.attempt += 1;
      // Some proxies hold streams back until they end: messages must come all the same.
      if (live.attempt > 2) startPolling();
      live.timer = setTimeout(listen, backoff(live.attempt, 0));
    });
}

function hush() {
  live.isWanted = false;
  const controller = live.controller;
  live.controller = null;
  clearTimeout(live.timer);
  clearTimeout(live.watchdog);
  stopPolling();
  if (controller) controller.abort();
}

/* A new visitor has another stream; what was heard of the old one counts no more. */
function listenAnew() {
  hush();
  live.lastId = '';
  live.attempt = 0;
  listen();
}

async function readStream(controller) {
  const headers = { Authorization: 'Bearer ' + token(), 'X-Rapport-Language': settings.language };
  if (live.lastId) headers['Last-Event-ID'] = live.lastId;
  const isResumed = Boolean(live.lastId);
  const response = await fetch(settings.live, {
    headers, cache: 'no-store', credentials: 'omit', signal: controller.signal,
  });
  if (response.status === 401) {
    await visit();
    return;
  }
  if (!response.ok || !response.body) throw new Error('no stream');
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  let rest = '';
  watch(controller);
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    watch(controller);
    const parts = (rest + decoder.decode(value, { stream: true })).split('\n\n');
    rest = parts.pop();
    parts.forEach((part) => hear(part, isResumed));
  }
}

/* The server speaks every 15 seconds; silence means a dead connection that nobody told us about. */
function watch(controller) {
  clearTimeout(live.watchdog);
  live.watchdog = setTimeout(() => controller.abort(), SILENCE_MS);
}

function hear(part, isResumed) {
  let name = '';
  let data = '';
  let id = '';
  part.split('\n').forEach((line) => {
    if (line.startsWith('event: ')) name = line.slice(7);
    else if (line.startsWith('data: ')) data += line.slice(6);
    else if (line.startsWith('id: ')) id = line.slice(4);
  });
  if (name) {
    if (name === 'ready' || name === 'reload') {
      live.attempt = 0;
      stopPolling();
      showOffline(false);
      drain();
      if (name === 'reload' || !isResumed) catchUp();
    } else {
      heard(name, JSON.parse(data));
    }
  }
  if (id) live.lastId = id;
}

function heard(name, data) {
  if (name === 'message') {
    addMessages([data]);
    if (data.ours) showTyping(null);
  } else if (name === 'typing') {
    showTyping(data.typing ? data.name : null);
  } else if (name === 'receipt') {
    if (data.state === 'read') readElsewhere(data);
  } else if (name === 'resolved') {
    setResolved(true);
  } else if (name === 'question') {
    showQuestion(data);
  }
}

async function catchUp() {
  const last = lastConfirmed();
  const query = new URLSearchParams({ lang: settings.language });
  if (last) {
    query.set('conversation', last.conversation);
    query.set('after_seq', last.seq);
  }
  try {
    const answer = await get('messages?' + query);
    addMessages(answer.messages);
    setResolved(answer.is_resolved);
    if (answer.question) showQuestion(answer.question);
  } catch (error) {
    if (error instanceof Refusal && error.status === 401) await visit().catch(() => null);
  }
}

function startPolling() {
  if (!live.poll) live.poll = setInterval(() => { if (!document.hidden && token()) catchUp(); }, POLL_MS);
}

function stopPolling() {
  clearInterval(live.poll);
  live.poll = 0;
}

window.addEventListener('online', () => { if (live.isWanted) { live.attempt = 0; clearTimeout(live.timer); listen(); } });

/* Browsers open six connections to one server; tabs that nobody looks at must not use them up. */
let hiding = 0;
document.addEventListener('visibilitychange', () => {
  clearTimeout(hiding);
  if (!token()) return;
  if (document.hidden) hiding = setTimeout(hush, HIDDEN_MS);
  else { listen(); drain(); }
});

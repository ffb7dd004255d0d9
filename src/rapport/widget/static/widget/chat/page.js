/* The page itself: composer, the visit's coming and going, and the page that embeds us. */

const composer = document.getElementById('composer');
const input = document.getElementById('text');
const trouble = document.getElementById('trouble');
const closeButton = document.getElementById('close');
const MAX_CHARS = 10000;
const TYPING_EVERY_MS = 4000;

const embedder = { origin: '' };
let typedAt = 0;

function took(answer, before) {
  const isSomebodyElse = before.level >= 3 && before.id !== answer.visitor;
  if (before.id === answer.visitor) {
    listen();
  } else {
    // Anonymous until now: what waits is theirs. Somebody else: it waits for who wrote it.
    if (isSomebodyElse) visitor.id = answer.visitor;
    else outbox.moveTo(answer.visitor);
    if (before.id) {
      forgetThread();
      forgetQuestion();
    }
    listenAnew();
    if (before.level >= 3 && answer.level < 3) toHost({ type: 'identity' });
  }
  addMessages(answer.messages);
  setResolved(answer.is_resolved);
  setUnread(isSeen() ? 0 : answer.unread);
  if (answer.unread && isSeen()) acknowledge(true);
  if (answer.question) showQuestion(answer.question);
  if (answer.messages.length) hasTalked();
  mayWrite();
}

function mayWrite() {
  const isClosed = settings.mustSignIn && visitor.level < 3;
  input.disabled = isClosed;
  composer.querySelector('button').disabled = isClosed;
  trouble.textContent = isClosed ? say.sign_in : '';
}

composer.addEventListener('submit', (event) => {
  event.preventDefault();
  const text = input.value;
  if (!text.trim()) return;
  const over = [...text].length - MAX_CHARS;
  if (over > 0) {
    trouble.textContent = filled(say.too_long, { n: over });
    return;
  }
  trouble.textContent = '';
  input.value = '';
  draft.set('');
  fit();
  outbox.add('messages', { text });
  drawThread();
  toEnd();
  input.focus();
});

input.addEventListener('keydown', (event) => {
  // While a word is being composed (Chinese, for one), Enter belongs to the keyboard.
  if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  composer.requestSubmit();
});

input.addEventListener('input', () => {
  draft.set(input.value);
  trouble.textContent = '';
  fit();
  if (!token() || !thread.messages.size || Date.now() - typedAt < TYPING_EVERY_MS) return;
  typedAt = Date.now();
  post('typing', {}).catch(() => null);
});

/* The field grows with its text up to five lines. */
function fit() {
  input.rows = Math.min(5, Math.max(1, input.value.split('\n').length, Math.ceil(input.value.length / 38)));
}

function takeBack(text) {
  input.value = input.value ? text + '\n' + input.value : text;
  draft.set(input.value);
  fit();
  input.focus();
}

function hasTalked() {
  toHost({ type: 'began' });
}

/* The embedding page is known when it has said hello from an origin that the site names, or from ours. */
function toHost(message) {
  if (embedder.origin) window.parent.postMessage(message, embedder.origin);
}

window.addEventListener('message', (event) => {
  const isWelcome = event.origin === location.origin || settings.origins.includes(event.origin);
  if (event.source !== window.parent || window.parent === window || !isWelcome) return;
  const message = event.data || {};
  if (message.type === 'hello') {
    embedder.origin = event.origin;
    if (isDenied) start(message.kept || {});
    closeButton.hidden = false;
    thread.isShown = Boolean(message.open);
    setUnread(thread.unread);
    if (thread.isShown) shown();
    if (thread.messages.size) hasTalked();
  } else if (message.type === 'open') {
    thread.isShown = true;
    shown();
  } else if (message.type === 'close') {
    thread.isShown = false;
  } else if (message.type === 'identify' && typeof message.jwt === 'string') {
    visit(message.jwt).then(drain, refusedIdentity);
  } else if (message.type === 'forget') {
    forgetVisitor();
  }
});

function refusedIdentity(error) {
  console.warn('rapport: the signed identity was refused: ' + error.message);
  mayWrite();
}

function forgetVisitor() {
  dropTokens();
  hush();
  visitor.id = '';
  visitor.level = 0;
  draft.set('');
  input.value = '';
  forgetThread();
  forgetQuestion();
  mayWrite();
}

function shown() {
  seeNow();
  toEnd();
  if (!input.disabled) input.focus();
  else closeButton.focus();
}

closeButton.addEventListener('click', () => toHost({ type: 'close' }));
document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape' && !event.isComposing) toHost({ type: 'close' });
});

/* Before anybody has said hello there is one thing to say, and it tells nothing about anybody. It is
   addressed to each origin that may embed us, and only the right one receives it. */
function announce() {
  if (window.parent === window) return;
  const named = location.ancestorOrigins && location.ancestorOrigins[0];
  const origins = [...settings.origins, location.origin];
  (named ? origins.filter((origin) => origin === named) : origins).forEach((origin) => {
    window.parent.postMessage({ type: 'ready', isDenied }, origin);
  });
}

/* Take up what was kept, here or by the embedding page. */
function start(keptByHost) {
  Object.assign(memory, keptByHost);
  rememberVisitor();
  // Somebody may have been quicker than this script.
  if (!input.value) input.value = draft.get();
  fit();
  mayWrite();
  drawThread();
  toEnd();
  // Who comes for the first time costs no request until they write.
  if (token()) returnToVisit(0);
  else if (outbox.all().length) drain();
}

function returnToVisit(attempt) {
  visit().then(drain, (error) => {
    if (error instanceof Refusal && error.isFinal) { mayWrite(); return; }
    showOffline(!(error instanceof Refusal));
    setTimeout(() => returnToVisit(attempt + 1), backoff(attempt, error.wait));
  });
}

if (isDenied) mayWrite();
else start({});
announce();
document.documentElement.dataset.ready = 'yes';

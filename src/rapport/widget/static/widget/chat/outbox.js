/* Everything the visitor said that the server has not confirmed. It is shown at once, survives a closed
   browser, goes out one by one in the order written, and leaves only when confirmed. */

const outbox = {
  /* One list per visitor: what somebody signed in wrote is not sent in the name of who comes after them. */
  box(id = visitor.id) {
    return kept('localStorage', 'outbox:' + (id || 'new'));
  },

  all() {
    try {
      const items = JSON.parse(outbox.box().get() || '[]');
      return Array.isArray(items) ? items.filter((item) => item && item.id && item.path) : [];
    } catch (error) {
      return [];
    }
  },

  save(items) {
    outbox.box().set(items.length ? JSON.stringify(items) : '');
  },

  add(path, body, shown) {
    const item = { id: newId(), path, body, shown: shown || '', at: new Date().toISOString(), failed: '' };
    if (path === 'messages') item.body.client_id = item.id;
    outbox.save([...outbox.all(), item]);
    pending.attempt = 0;
    drain();
    return item;
  },

  remove(id) {
    outbox.save(outbox.all().filter((item) => item.id !== id));
  },

  fail(id, reason) {
    outbox.save(outbox.all().map((item) => (item.id === id ? { ...item, failed: reason } : item)));
  },

  again(id) {
    outbox.save(outbox.all().map((item) => (item.id === id ? { ...item, failed: '' } : item)));
    drain();
  },

  messages() {
    return outbox.all().filter((item) => item.path === 'messages');
  },

  /* The same person under a new name (first token, or signed in): what waits goes along. */
  moveTo(id) {
    const before = visitor.id;
    const items = outbox.all();
    visitor.id = id;
    const known = outbox.all();
    outbox.save([...known, ...items.filter((item) => !known.some((one) => one.id === item.id))]);
    // Only now: a browser closed in between has it twice, never not at all, and twice is sent once.
    outbox.box(before).set('');
  },
};

const pending = { isBusy: false, attempt: 0, timer: 0 };

async function drain() {
  clearTimeout(pending.timer);
  if (pending.isBusy) return;
  pending.isBusy = true;
  let wait = 0;
  try {
    // Tabs share the outbox; only one of them may send at a time, or the order is lost.
    wait = await alone(sendAll);
  } finally {
    pending.isBusy = false;
    drawThread();
  }
  if (wait) pending.timer = setTimeout(drain, wait);
}

/* Where a browser keeps storage from frames of other sites it denies locks as well. */
async function alone(work) {
  if (!navigator.locks) return work();
  let hasBegun = false;
  try {
    return await navigator.locks.request('rapport:outbox:' + settings.site, () => {
      hasBegun = true;
      return work();
    });
  } catch (error) {
    if (hasBegun) throw error;
    return work();
  }
}

async function sendAll() {
  for (;;) {
    const item = outbox.all().find((one) => !one.failed);
    if (!item) return 0;
    try {
      await sendOne(item);
      pending.attempt = 0;
      showOffline(false);
    } catch (error) {
      if (error instanceof Refusal && error.isFinal) {
        outbox.fail(item.id, error.code || 'refused');
        drawThread();
        continue;
      }
      showOffline(!(error instanceof Refusal));
      pending.attempt += 1;
      return backoff(pending.attempt, error.wait);
    }
  }
}

async function sendOne(item) {
  if (!token()) await visit();
  let answer;
  try {
    answer = await post(item.path, { ...item.body, language: settings.language });
  } catch (error) {
    if (!(error instanceof Refusal) || error.status !== 401) throw error;
    await visit();
    answer = await post(item.path, { ...item.body, language: settings.language });
  }
  outbox.remove(item.id);
  if (item.path === 'messages') {
    if (answer.message) addMessages([answer.message]);
    hasTalked();
  }
}

/* Milliseconds to wait: twice as long each time up to half a minute, scattered so that a whole town that
   comes back at once does not knock at one moment. */
function backoff(attempt, seconds) {
  const steady = Math.min(30000, 500 * 2 ** Math.min(attempt, 6));
  return Math.max((seconds || 0) * 1000, steady * (0.5 + Math.random()));
}

window.addEventListener('online', () => { pending.attempt = 0; drain(); });

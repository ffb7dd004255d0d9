/* The list of messages: confirmed ones in the server's order, then those still on their way. */

const log = document.getElementById('log');
const list = document.getElementById('list');
const more = document.getElementById('more');
const typingLine = document.getElementById('typing');
const offlineLine = document.getElementById('offline');
const resolvedLine = document.getElementById('resolved');

const thread = { messages: new Map(), isShown: window.parent === window, unread: 0, typingTimer: 0, seen: 0, isAtEnd: true };

function addMessages(messages) {
  let fresh = 0;
  messages.forEach((message) => {
    if (thread.messages.has(message.id)) return;
    thread.messages.set(message.id, message);
    if (message.client_id) outbox.remove(message.client_id);
    if (message.ours) fresh += 1;
    else setResolved(false);
  });
  drawThread();
  if (fresh) arrived(fresh);
}

function lastConfirmed() {
  const all = sorted();
  return all.length ? all[all.length - 1] : null;
}

function sorted() {
  return [...thread.messages.values()].sort((one, other) => one.opened - other.opened || one.seq - other.seq);
}

function forgetThread() {
  thread.messages.clear();
  thread.unread = 0;
  setResolved(false);
  showTyping(null);
  drawThread();
}

function drawThread() {
  const { isAtEnd } = thread;
  const wanted = [];
  let day = '';
  let author = '';
  const known = sorted();
  const clientIds = new Set(known.map((message) => message.client_id));
  const waiting = outbox.messages().filter((item) => !clientIds.has(item.id));
  known.forEach((message) => {
    const date = new Date(message.at);
    if (date.toDateString() !== day) {
      day = date.toDateString();
      author = '';
      wanted.push({ key: 'day:' + day, make: () => dayLine(date) });
    }
    const who = message.ours ? 'ours:' + message.author : 'mine';
    const follows = who === author;
    wanted.push({
      key: message.client_id || message.id,
      state: 'sent' + follows,
      touch: message.ours ? null : (node) => settle(node, follows),
      make: () => bubble(message.ours, message.text, { author: message.author, date, follows }),
    });
    author = who;
  });
  waiting.forEach((item) => {
    const follows = author === 'mine';
    wanted.push({
      key: item.id,
      state: item.failed || 'sending',
      make: () => bubble(false, item.body.text, { date: new Date(item.at), item, follows }),
    });
    author = 'mine';
  });
  place(wanted);
  if (isAtEnd || waiting.length > thread.seen) toEnd();
  thread.seen = waiting.length;
}

/* Elements stay the same as long as what they show does, so that focus, selection and what a screen reader
   has read out stay too. */
function place(wanted) {
  const present = new Map([...list.children].map((child) => [child.dataset.key, child]));
  let before = list.firstChild;
  wanted.forEach((one) => {
    let node = present.get(one.key);
    if (node && one.touch && node.dataset.state !== one.state) {
      one.touch(node);
      node.dataset.state = one.state;
    }
    if (!node || node.dataset.state !== (one.state || '')) {
      const made = one.make();
      made.dataset.key = one.key;
      made.dataset.state = one.state || '';
      if (node) {
        if (before === node) before = node.nextSibling;
        node.remove();
      }
      node = made;
    }
    present.delete(one.key);
    if (node === before) before = before.nextSibling;
    else list.insertBefore(node, before);
  });
  present.forEach((node) => node.remove());
}

function bubble(isOurs, text, { author, date, item, follows }) {
  const node = tag('div', 'msg ' + (isOurs ? 'ours' : 'mine') + (follows ? ' follows' : ''));
  if (item && item.failed) node.classList.add('failed');
  const who = tag('p', isOurs && author && !follows ? 'who' : 'sr', isOurs ? author : say.you);
  const words = tag('p', 'text');
  words.dir = 'auto';
  linked(words, text);
  const meta = tag('p', 'meta');
  const time = tag('time', '', clockTime.format(date));
  time.dateTime = date.toISOString();
  meta.append(time);
  if (item) meta.append(tag('span', 'state', item.failed ? say.failed : say.sending));
  node.append(who, words, meta);
  if (item && item.failed) node.append(choices(item));
  return node;
}

/* A message that arrived loses its “sending” in place: made anew, it would be read out a second time. */
function settle(node, follows) {
  node.classList.remove('failed');
  node.classList.toggle('follows', follows);
  node.querySelectorAll('.state, .choices').forEach((part) => part.remove());
}

function choices(item) {
  const row = tag('div', 'choices');
  const reasons = { identity_required: say.sign_in, origin: say.refused };
  row.append(tag('span', 'reason', reasons[item.failed] || say.refused));
  const again = tag('button', 'quiet', say.again);
  again.type = 'button';
  again.onclick = () => { outbox.again(item.id); drawThread(); };
  const edit = tag('button', 'quiet', say.edit);
  edit.type = 'button';
  edit.onclick = () => { outbox.remove(item.id); drawThread(); takeBack(item.body.text); };
  row.append(again, edit);
  return row;
}

function dayLine(date) {
  const now = new Date();
  const before = new Date(now);
  before.setDate(now.getDate() - 1);
  const isToday = date.toDateString() === now.toDateString();
  const isYesterday = date.toDateString() === before.toDateString();
  return tag('p', 'day', isToday ? say.today : isYesterday ? say.yesterday : dayName.format(date));
}

/* The reader's own region where the language is the same: Nairobi and New York write 14:05 differently. */
const region = navigator.languages.find((one) => one.split('-')[0] === settings.language.split('-')[0]);
const clockTime = new Intl.DateTimeFormat(region || settings.language, { hour: '2-digit', minute: '2-digit' });
const dayName = new Intl.DateTimeFormat(region || settings.language, { weekday: 'long', day: 'numeric', month: 'long' });

function tag(name, className, text) {
  const node = document.createElement(name);
  if (className) node.className = className;
  if (text) node.textContent = text;
  return node;
}

/* Addresses become links; everything stays text, nothing is ever read as HTML. */
function linked(node, text) {
  text.split(/(https?:\/\/[^\s<>"]+[^\s<>".,:;!?)\]}'])/).forEach((piece, index) => {
    if (index % 2 === 0) {
      if (piece) node.append(piece);
      return;
    }
    const link = tag('a', '', piece);
    link.href = piece;
    link.target = '_blank';
    link.rel = 'noopener noreferrer nofollow';
    node.append(link);
  });
}

function toEnd() {
  log.scrollTop = log.scrollHeight;
  thread.isAtEnd = true;
  more.hidden = true;
}

log.addEventListener('scroll', () => {
  thread.isAtEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 80;
  if (thread.isAtEnd) more.hidden = true;
});

/* A keyboard or a question that takes room must not hide the last message of who was reading it. */
if (window.ResizeObserver) new ResizeObserver(() => { if (thread.isAtEnd) toEnd(); }).observe(log);
more.addEventListener('click', toEnd);

function arrived(count) {
  if (!thread.isAtEnd) more.hidden = false;
  if (isSeen()) {
    acknowledge(true);
  } else {
    setUnread(thread.unread + count);
    acknowledge(false);
  }
}

function isSeen() {
  return thread.isShown && !document.hidden;
}

let acknowledging = 0;

/* Tell the server how far messages came: fetched, or seen. A receipt that gets lost is made up by the next. */
function acknowledge(isRead) {
  clearTimeout(acknowledging);
  acknowledging = setTimeout(() => {
    const last = sorted().filter((message) => message.ours).pop();
    if (!last || !token()) return;
    post('receipts', { conversation: last.conversation, up_to_seq: last.seq, read: isRead }).catch(() => null);
  }, 300);
}

function seeNow() {
  if (!isSeen() || !thread.unread) return;
  setUnread(0);
  acknowledge(true);
}

document.addEventListener('visibilitychange', seeNow);

function readElsewhere(receipt) {
  const last = sorted().filter((message) => message.ours).pop();
  if (last && last.conversation === receipt.conversation && receipt.seq >= last.seq) setUnread(0);
}

function setUnread(count) {
  thread.unread = count;
  toHost({ type: 'unread', count });
}

function showTyping(name) {
  clearTimeout(thread.typingTimer);
  typingLine.textContent = name === null ? '' : filled(say.typing, { name: name || '…' });
  if (name !== null) thread.typingTimer = setTimeout(() => showTyping(null), 7000);
}

function showOffline(isOffline) {
  offlineLine.textContent = isOffline ? say.offline : '';
}

function setResolved(isResolved) {
  resolvedLine.textContent = isResolved ? say.resolved : '';
  if (thread.isAtEnd) toEnd();
}

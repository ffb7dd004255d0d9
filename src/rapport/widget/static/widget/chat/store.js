/* What the page knows and keeps. A browser may deny a frame its storage (Chrome without third-party cookies
   does): then the embedding page, which is the company's own, keeps it for us. Full or switched off: memory. */

const settings = JSON.parse(document.getElementById('settings').textContent);
const say = settings.strings;
const memory = {};
const isDenied = window.parent !== window && !canStore();

function canStore() {
  try { return Boolean(window.localStorage); } catch (error) { return false; }
}

function kept(area, key) {
  const name = 'rapport:' + settings.site + ':' + key;
  return {
    get() {
      if (isDenied) return memory[name] || '';
      try { return window[area].getItem(name) || memory[name] || ''; } catch (error) { return memory[name] || ''; }
    },
    set(value) {
      memory[name] = value;
      if (isDenied) {
        toHost({ type: 'keep', area, key, value });
        return;
      }
      try {
        if (value) window[area].setItem(name, value);
        else window[area].removeItem(name);
      } catch (error) { /* in memory at least */ }
    },
  };
}

/* Somebody anonymous stays the same visitor for weeks; somebody signed in only as long as this tab lives,
   because their page signs them in again and a forgotten browser must not stay theirs. */
const anonymousToken = kept('localStorage', 'visitor');
const signedToken = kept('sessionStorage', 'signed');
const draft = kept('localStorage', 'draft');

/* Kept as “id token”: whose the outbox is must be known without a network. */
const visitor = { id: '', level: 0 };

function rememberVisitor() {
  visitor.id = (signedToken.get() || anonymousToken.get()).split(' ')[0];
  visitor.level = signedToken.get() ? 3 : 0;
}

function token() {
  return (signedToken.get() || anonymousToken.get()).split(' ')[1] || '';
}

function keepToken(value, id, level) {
  signedToken.set(level >= 3 ? id + ' ' + value : '');
  anonymousToken.set(level >= 3 ? '' : id + ' ' + value);
}

function dropTokens() {
  signedToken.set('');
  anonymousToken.set('');
}

function newId() {
  if (window.crypto && crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 15) | 64;
  bytes[8] = (bytes[8] & 63) | 128;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

function filled(text, values) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? values[name] : whole));
}

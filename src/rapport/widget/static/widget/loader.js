/* Rapport's launcher: a button on a company's own page that opens the chat in a frame of ours.
   <script async src="https://rapport.example/widget/loader.js" data-site="site_…"></script> */
(function () {
  'use strict';
  const script = document.currentScript;
  const queued = (window.rapport && window.rapport.q) || [];
  if (!script || !script.dataset.site || (window.rapport && window.rapport.isReady)) return;

  const base = new URL('.', script.src);
  const site = script.dataset.site;
  const began = 'rapport:' + site;
  const handlers = { open: [], close: [], unread: [] };
  const language = script.dataset.lang || document.documentElement.lang || navigator.language || '';
  const theme = script.dataset.theme || 'auto';

  const covers = matchMedia('(max-width:480px)'); // as in the style sheet below
  let look, host, wrap, button, badge, panel, frame, edges;
  let isOpen = false;
  let frameReady = false;
  let waiting = [];
  const later = [];
  let identity = null;

  const calls = { open, close, identify, forget, on };
  function rapport(name) {
    const call = calls[name];
    if (!call) throw new Error('rapport: there is no “' + name + '”');
    return call.apply(null, [].slice.call(arguments, 1));
  }
  rapport.isReady = true;
  window.rapport = rapport;

  function on(name, handler) {
    if (!handlers[name]) throw new Error('rapport: there is no event “' + name + '”');
    handlers[name].push(handler);
  }

  function tell(name, detail) {
    handlers[name].forEach(function (handler) { handler(detail); });
  }

  /* A JWT lives for minutes, so a function that fetches one is asked when the chat really needs it. */
  function identify(jwt) {
    identity = jwt;
    if (frame) present();
  }

  function present() {
    const given = identity;
    if (!given) return;
    Promise.resolve(typeof given === 'function' ? given() : given).then(
      function (jwt) { if (given === identity && jwt) post({ type: 'identify', jwt: String(jwt) }); },
      function (error) { console.warn('rapport: the page could not sign its customer in', error); }
    );
  }

  /* To be called when the page's customer signs out. */
  function forget() {
    identity = null;
    if (!look) { later.push(forget); return; }
    if (!frame && !mark()) return; // the chat never ran in this browser
    ensureFrame();
    post({ type: 'forget' });
    setMark('');
  }

  function open() {
    if (!look) { later.push(open); return; }
    if (isOpen) return;
    ensureFrame();
    isOpen = true;
    panel.hidden = false;
    wrap.classList.add('open');
    button.setAttribute('aria-expanded', 'true');
    button.setAttribute('aria-label', look.close);
    setUnread(0);
    holdFocus();
    frame.focus();
    post({ type: 'open' });
    tell('open');
  }

  function close() {
    if (!isOpen) return;
    isOpen = false;
    panel.hidden = true;
    wrap.classList.remove('open');
    button.setAttribute('aria-expanded', 'false');
    button.setAttribute('aria-label', look.open);
    holdFocus();
    button.focus();
    post({ type: 'close' });
    tell('close');
  }

  /* While the chat covers the whole screen, Tab must not wander to the page behind it. */
  function holdFocus() {
    const isModal = isOpen && covers.matches;
    edges.forEach(function (edge) { edge.tabIndex = isModal ? 0 : -1; });
    panel.setAttribute('aria-modal', String(isModal));
  }

  function setUnread(count) {
    badge.textContent = count > 99 ? '99+' : count ? String(count) : '';
    badge.hidden = !count;
    if (!isOpen) {
      button.setAttribute('aria-label', count ? look.open + ', ' + look.unread.replace('{n}', count) : look.open);
    }
    tell('unread', count);
  }

  function ensureFrame() {
    if (frame) return;
    frame = document.createElement('iframe');
    frame.title = look.name;
    if (!mark()) setMark('seen');
    const query = new URLSearchParams({ site: site, lang: language, theme: theme });
    frame.src = new URL('chat?' + query, base).href;
    panel.appendChild(frame);
  }

  function post(message) {
    if (!frameReady) { waiting.push(message); return; }
    frame.contentWindow.postMessage(message, base.origin);
  }

  window.addEventListener('message', function (event) {
    if (!frame || event.source !== frame.contentWindow || event.origin !== base.origin) return;
    const message = event.data || {};
    if (message.type === 'ready') {
      frameReady = true;
      const late = waiting;
      waiting = [];
      // The first word tells the frame which page it stands on.
      post({ type: 'hello', open: isOpen, kept: message.isDenied ? keptHere() : {} });
      present();
      late.forEach(post);
    } else if (message.type === 'close') {
      close();
    } else if (message.type === 'unread') {
      setUnread(isOpen ? 0 : Number(message.count) || 0);
    } else if (message.type === 'began') {
      setMark('began');
    } else if (message.type === 'keep') {
      keep(message);
    } else if (message.type === 'identity') {
      present();
    }
  });

  window.addEventListener('keydown', function (event) {
    if (event.key === 'Escape' && isOpen && document.activeElement === host) close();
  });

  function draw() {
    host = document.createElement('rapport-chat');
    const root = host.attachShadow({ mode: 'open' });
    const place = script.dataset.position === 'start' || (!script.dataset.position && look.position === 'start');
    style(root, css(place ? 'start' : 'end'));
    wrap = element('div', { class: 'wrap', lang: look.language });
    panel = element('div', { class: 'panel', role: 'dialog', 'aria-label': look.name });
    panel.hidden = true;
    button = element('button', { type: 'button', 'aria-label': look.open, 'aria-expanded': 'false' });
    button.appendChild(icon('talk', 'M4 5.5A2.5 2.5 0 0 1 6.5 3h11A2.5 2.5 0 0 1 20 5.5v8a2.5 2.5 0 0 1-2.5 2.5H11l-4.6 4.1c-.5.4-1.15.1-1.15-.55V16A2.5 2.5 0 0 1 4 13.5z'));
    button.appendChild(icon('shut', 'M6 9.5l6 6 6-6'));
    badge = element('span', { class: 'badge', 'aria-hidden': 'true' });
    badge.hidden = true;
    button.appendChild(badge);
    button.addEventListener('click', function () { if (isOpen) close(); else open(); });
    edges = [0, 1].map(function () {
      const edge = element('span', { tabindex: '-1' });
      edge.addEventListener('focus', function () { frame.focus(); });
      return edge;
    });
    wrap.append(edges[0], panel, edges[1], button);
    covers.addEventListener('change', holdFocus);
    root.appendChild(wrap);
    document.body.appendChild(host);
    later.forEach(function (call) { call(); });
    if (mark() === 'began') {
      // Somebody is in the middle of a talk: answers must show on the button. Not before the page is done.
      (window.requestIdleCallback || function (later) { setTimeout(later, 1500); })(ensureFrame);
    }
  }

  /* Whether the chat was seen in this browser, or a talk began. Without storage the badge needs a click. */
  function mark() {
    try { return localStorage.getItem(began) || ''; } catch (error) { return ''; }
  }

  function setMark(value) {
    try {
      if (value) localStorage.setItem(began, value);
      else localStorage.removeItem(began);
    } catch (error) { /* nothing is kept then */ }
  }

  /* For browsers that deny the frame a storage of its own. */
  function keep(item) {
    const name = began + ':' + item.key;
    try {
      const area = item.area === 'sessionStorage' ? sessionStorage : localStorage;
      if (item.value) area.setItem(name, String(item.value));
      else area.removeItem(name);
    } catch (error) { /* until the page is left, then */ }
  }

  function keptHere() {
    const found = {};
    try {
      [localStorage, sessionStorage].forEach(function (area) {
        Object.keys(area).forEach(function (name) {
          if (name.indexOf(began + ':') === 0) found[name] = area.getItem(name);
        });
      });
    } catch (error) { /* nothing is kept here either */ }
    return found;
  }

  function element(name, attributes) {
    const made = document.createElement(name);
    Object.keys(attributes).forEach(function (key) { made.setAttribute(key, attributes[key]); });
    return made;
  }

  function icon(name, path) {
    const space = 'http://www.w3.org/2000/svg';
    const svg = document.createElementNS(space, 'svg');
    const line = document.createElementNS(space, 'path');
    svg.setAttribute('viewBox', '0 0 24 24');
    svg.setAttribute('class', name);
    svg.setAttribute('aria-hidden', 'true');
    line.setAttribute('d', path);
    svg.appendChild(line);
    return svg;
  }

  /* A constructed sheet is no inline style, so the strictest content policy lets it through. */
  function style(root, text) {
    if ('adoptedStyleSheets' in root && 'replaceSync' in CSSStyleSheet.prototype) {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(text);
      root.adoptedStyleSheets = [sheet];
    } else {
      const tag = document.createElement('style');
      if (script.nonce) tag.nonce = script.nonce;
      tag.textContent = text;
      root.appendChild(tag);
    }
  }

  function css(side) {
    const edge = 'inset-inline-' + side;
    return `
:host{all:initial!important;display:block!important;position:fixed!important;inset-block-end:0!important;${edge}:0!important;z-index:2147483000!important;color-scheme:light dark}
[hidden]{display:none!important}
button{position:fixed;inset-block-end:max(20px,env(safe-area-inset-bottom));${edge}:20px;inline-size:56px;block-size:56px;margin:0;padding:0;border:0;border-radius:50%;background:${look.accent};color:${look.ink};cursor:pointer;box-shadow:0 1px 2px #0003,0 6px 20px #0003}
button:focus-visible{outline:3px solid ${look.accent};outline-offset:3px;box-shadow:0 0 0 3px #fff}
svg{position:absolute;inset:16px;inline-size:24px;block-size:24px;fill:none;stroke:currentColor;stroke-width:2;stroke-linecap:round;stroke-linejoin:round}
.shut,.open .talk{opacity:0}.open .shut{opacity:1}
.badge{position:absolute;inset-block-start:-4px;inset-inline-end:-4px;min-inline-size:22px;block-size:22px;padding:0 6px;box-sizing:border-box;border-radius:11px;border:2px solid #fff;background:#b3261e;color:#fff;font:600 12px/18px system-ui,sans-serif;text-align:center}
.panel{position:fixed;inset-block-end:92px;${edge}:20px;inline-size:384px;block-size:min(640px,calc(100vh - 116px));border-radius:14px;overflow:hidden;box-shadow:0 0 0 1px #0000001a,0 12px 44px #0000003d}
iframe{display:block;inline-size:100%;block-size:100%;border:0}
@media (max-width:480px){.panel{inset:0;inline-size:100%;block-size:100%;border-radius:0}.open button{display:none}}
@media (prefers-reduced-motion:no-preference){svg{transition:opacity .12s}.panel{animation:rise .14s ease-out}@keyframes rise{from{opacity:0;transform:translateY(8px)}}}
@media print{:host{display:none!important}}`;
  }

  function begin() {
    const query = new URLSearchParams({ lang: language });
    fetch(new URL('api/sites/' + encodeURIComponent(site) + '?' + query, base), { credentials: 'omit' })
      .then(function (response) {
        return response.json().then(function (body) {
          if (response.ok) { look = body; draw(); return; }
          console.warn('rapport: ' + body.message);
        });
      })
      .catch(function () { window.addEventListener('online', begin, { once: true }); });
  }

  [].forEach.call(queued, function (call) { rapport.apply(null, call); });
  if (document.body) begin();
  else document.addEventListener('DOMContentLoaded', begin);
})();

// Small tools that the other modules share.
import { word } from "./words.js";

export const $ = (selector, root = document) => root.querySelector(selector);
export const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];

export const slug = () => document.body.dataset.workspace;
export const me = () => document.body.dataset.me;
export const at = (path) => `/w/${slug()}/${path}`;

export function csrf() {
  return JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"];
}

export async function post(url, values = {}, { method = "POST", keepalive = false } = {}) {
  const response = await fetch(url, {
    method,
    keepalive,
    headers: { Accept: "application/json", "X-CSRFToken": csrf(), "Content-Type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams(values),
    credentials: "same-origin",
  });
  const text = await response.text();
  let body = {};
  try {
    body = text ? JSON.parse(text) : {};
  } catch {
    body = { message: text.slice(0, 200) };
  }
  return { ok: response.ok, status: response.status, ...body };
}

export function announce(text) {
  $("#announcer").textContent = text;
}

export function toast(message, { undo, undoLabel = word("undo"), tone = "", seconds = 10 } = {}) {
  const box = document.createElement("div");
  box.className = `toast${tone ? ` toast-${tone}` : ""}`;
  const words = document.createElement("span");
  words.textContent = message;
  box.append(words);
  const close = () => box.remove();
  if (undo) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button button-small";
    button.textContent = undoLabel;
    button.dataset.undo = "";
    button.addEventListener("click", () => { close(); undo(); });
    box.append(button);
  }
  $$(".toast").forEach((old) => old.remove());
  $("#toasts").append(box);
  setTimeout(close, seconds * 1000);
  return box;
}

// Replace an element by fresh HTML, keeping focus, caret and what is typed (htmx's morph).
export async function refresh(url, target, swap = "outerMorph") {
  const element = typeof target === "string" ? $(target) : target;
  if (!element) return;
  await window.htmx.ajax("GET", url, { target: element, source: element, swap });
}

const pending = new Map();
// Run at most once per `wait`; the last call wins.
export function soon(key, action, wait = 120) {
  clearTimeout(pending.get(key));
  pending.set(key, setTimeout(() => { pending.delete(key); action(); }, wait));
}

export function isTyping(target) {
  return target.closest("input, textarea, select, [contenteditable=true]") !== null;
}

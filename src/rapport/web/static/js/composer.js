// Writing: drafts that survive everything, one copy of each message, and a guard against stale replies.
import { $, $$, announce, post, refresh, soon, toast } from "./dom.js";
import { conversationUrl, openNext, openNumber, refreshRow, toBottom } from "./inbox.js";
import { typing } from "./presence.js";
import { word } from "./words.js";

const draftKey = (number, mode) => `rapport-draft-${document.body.dataset.workspace}-${number}-${mode}`;
const composer = () => $("#composer");
const text = () => $("#composer-text");
const mode = () => composer().dataset.mode;

export function startComposer() {
  document.addEventListener("rapport:opened", restore);
  document.addEventListener("input", (event) => {
    if (event.target.id !== "composer-text") return;
    keep();
    $("#composer-error").textContent = "";
    typing(mode() === "reply");
  });
  document.addEventListener("click", (event) => {
    const tab = event.target.closest("#composer [role=tab]");
    if (tab) setMode(tab.dataset.mode);
    if (event.target.closest("[data-send-anyway]")) send({ anyway: true });
  });
  document.addEventListener("submit", (event) => {
    if (event.target.id !== "composer") return;
    event.preventDefault();
    send({ then: event.submitter?.dataset.send || "" });
  });
  document.addEventListener("keydown", (event) => {
    if (event.target.id !== "composer-text") return;
    if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) {
      event.preventDefault();
      send({ then: event.shiftKey ? "resolve" : "" });
    }
    if (event.key === "Escape") { event.preventDefault(); text().blur(); $(`#row-${openNumber()} a`)?.focus(); }
  });
  addEventListener("online", flush);
  markDrafts();
  if (composer()) restore();
}

function setMode(next, focus = true) {
  const form = composer();
  if (!form) return;
  if ("noReply" in form.dataset) next = "note";
  keepNow();
  form.dataset.mode = next;
  form.action = next === "note" ? form.dataset.notes : form.dataset.replies;
  $$("[role=tab]", form).forEach((tab) => {
    const chosen = tab.dataset.mode === next;
    tab.setAttribute("aria-selected", String(chosen));
    tab.tabIndex = chosen ? 0 : -1;
  });
  const words = $("template[data-words]", form).dataset;
  $("[data-send-label]", form).textContent = next === "note" ? words.note : words.reply;
  $("[data-send=resolve]", form).hidden = next === "note";
  const area = text();
  area.dataset.replyPlaceholder ??= area.placeholder;
  area.placeholder = next === "note" ? area.dataset.notePlaceholder : area.dataset.replyPlaceholder;
  area.value = localStorage.getItem(draftKey(openNumber(), next)) || "";
  if (focus) area.focus();
}

export const compose = (next) => setMode(next);

function restore() {
  if (!composer()) return;
  const number = openNumber();
  const note = localStorage.getItem(draftKey(number, "note"));
  const reply = localStorage.getItem(draftKey(number, "reply"));
  setMode(note && !reply ? "note" : "reply", false);
  flush();
}

function keep() { soon("draft", keepNow, 250); }

function keepNow() {
  const number = openNumber();
  if (!number || !text()) return;
  const key = draftKey(number, mode());
  if (text().value) localStorage.setItem(key, text().value);
  else localStorage.removeItem(key);
  $("#composer-kept").textContent = text().value ? $("template[data-words]", composer()).dataset.kept : "";
  markDrafts();
}

export function markDrafts() {
  $$("[data-draft]").forEach((chip) => {
    const number = chip.dataset.draft;
    chip.hidden = !localStorage.getItem(draftKey(number, "reply")) && !localStorage.getItem(draftKey(number, "note"));
  });
}

// The key of a message is kept with its draft until the server has it: a second try is the same message.
function keyFor(number, kind, body) {
  const name = `${draftKey(number, kind)}-key`;
  const [stored, of] = (sessionStorage.getItem(name) || "").split("|");
  const mark = String(body.length) + body.slice(0, 32);
  if (stored && of === mark) return stored;
  const key = crypto.randomUUID();
  sessionStorage.setItem(name, `${key}|${mark}`);
  return key;
}

let sending = false;

async function send({ then = "", anyway = false } = {}) {
  const form = composer();
  const number = openNumber();
  const kind = mode();
  const body = text().value;
  if (sending) return;
  if (!body.trim()) { text().focus(); return; }
  sending = true;
  keepNow();
  const buttons = $$("button[type=submit]", form);
  buttons.forEach((button) => { button.disabled = true; });
  const values = { text: body, key: keyFor(number, kind, body) };
  if (kind === "reply") {
    values.seen_seq = $("#thread").dataset.customerSeq;
    if (anyway) values.anyway = "1";
    if (then) values.then = then;
  }
  let result;
  try {
    result = await post(kind === "note" ? form.dataset.notes : form.dataset.replies, values);
  } catch {
    result = { ok: false, offline: true };
  }
  sending = false;
  buttons.forEach((button) => { button.disabled = false; });
  if (!result.ok) return refused(result, number);
  sessionStorage.removeItem(`${draftKey(number, kind)}-key`);
  localStorage.removeItem(draftKey(number, kind));
  if (openNumber() === number) {
    $("#composer-stale").hidden = true;
    if (text().value === body) text().value = "";
    $("#composer-kept").textContent = "";
    await refresh(`${conversationUrl(number)}thread/`, "#thread");
    toBottom();
  }
  markDrafts();
  typing(false);
  refreshRow({ number });
  announce(word(kind === "note" ? "saved" : "sent"));
  if (then === "resolve") openNext(number);
}

function refused(result, number) {
  if (result.offline) {
    $("#composer-error").textContent = "";
    toast(word("offline"), { tone: "bad" });
    return;
  }
  if (result.code === "stale") {
    $("#composer-stale").hidden = false;
    refresh(`${conversationUrl(number)}thread/`, "#thread").then(toBottom);
    return;
  }
  $("#composer-error").textContent = result.message || word("not_sent");
}

function flush() {
  $("#offline").hidden = true;
}

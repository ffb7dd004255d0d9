// The inbox: opening, acting, and keeping up with what happens elsewhere without taking the focus.
import { $, $$, announce, at, post, refresh, soon, toast } from "./dom.js";
import { onLive } from "./live.js";
import { word } from "./words.js";

const desk = () => $("#desk");
const openNumber = () => Number($("#open-conversation")?.dataset.number || 0);
const conversationUrl = (number) => at(`conversations/${number}/`);
const listQuery = () => `view=${desk().dataset.view}&tab=${desk().dataset.tab}`;
const seen = new Set();

export function startInbox() {
  if (!desk()) return;
  onLive(hear);
  document.addEventListener("submit", act, true);
  document.addEventListener("click", click);
  document.addEventListener("htmx:after:swap", settled);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) markRead(); });
  settled();
}

// After a conversation was put on the screen, by a click, a key or a live update.
function settled() {
  const number = openNumber();
  desk().classList.toggle("desk-open", number > 0);
  $$(".row[data-selected]").forEach((row) => {
    row.removeAttribute("data-selected");
    row.querySelector("a").removeAttribute("aria-current");
  });
  $$(".row[data-left]").forEach((left) => { if (Number(left.dataset.number) !== number) left.remove(); });
  const row = $(`#row-${number}`);
  if (row) {
    row.setAttribute("data-selected", "");
    row.querySelector("a").setAttribute("aria-current", "true");
  }
  const opened = $("#open-conversation");
  if (opened && opened.dataset.settled !== "yes") {
    opened.dataset.settled = "yes";
    document.title = `${opened.dataset.title} · Rapport`;
    if (localStorage.getItem("rapport-context") === "hidden") opened.classList.add("no-context");
    toBottom();
    markRead();
    document.dispatchEvent(new CustomEvent("rapport:opened", { detail: { number } }));
  }
  $("#rows-empty")?.toggleAttribute("hidden", Boolean($("#rows .row")));
}

function toBottom() {
  const log = $("#log");
  if (log) log.scrollTop = log.scrollHeight;
}

const nearBottom = () => {
  const log = $("#log");
  return !log || log.scrollHeight - log.scrollTop - log.clientHeight < 80;
};

function markRead() {
  const number = openNumber();
  if (!number || document.hidden) return;
  const seq = $("#thread").dataset.lastSeq;
  post(`${conversationUrl(number)}reading/`, { seq }).then(() => {
    const row = $(`#row-${number}`);
    row?.classList.remove("row-unread");
    row?.querySelector(".row-dot")?.remove();
  });
}

// ---- what happens elsewhere ------------------------------------------------------------------

function hear({ name, data }) {
  if (name === "lost") $("#offline").hidden = false;
  if (name === "open" || name === "ready") $("#offline").hidden = true;
  if (name === "reload") reloadAll();
  if (name !== "event" || seen.has(data.seq)) return;
  seen.add(data.seq);
  if (!data.number) return;
  soon("counts", () => refresh(at(`inbox/counts/?${listQuery()}`), "#inbox-counts"), 400);
  soon(`row-${data.number}`, () => refreshRow(data));
  if (data.number === openNumber()) soon("thread", () => refreshThread(data));
}

async function refreshRow(event) {
  // The line of the open conversation stays where it is, in its new state, until another one is opened.
  const stay = event.number === openNumber() && $(`#row-${event.number}`) ? "&stay=1" : "";
  const url = at(`inbox/rows/${event.number}/?${listQuery()}${stay}`);
  const response = await fetch(url, { headers: { "HX-Request": "true" } });
  const existing = $(`#row-${event.number}`);
  if (response.status === 204) {
    if (event.number !== openNumber()) existing?.remove();
    settled();
    return;
  }
  if (!response.ok) return;
  const html = await response.text();
  if (existing) {
    await window.htmx.swap({ sourceElement: existing, target: existing, text: html, swap: "outerMorph" });
  } else {
    arrive(html, event);
  }
  settled();
}

// A new line goes where the order wants it: last in the open tab (longest waiting first), else on top.
function arrive(html, event) {
  const rows = $("#rows");
  const holder = document.createElement("template");
  holder.innerHTML = html.trim();
  const row = holder.content.firstElementChild;
  if (!row) return;
  if (desk().dataset.tab === "open") {
    const more = $("#rows-more");
    if (more) return; // it belongs to a page that is not shown yet; the count tells of it
    rows.append(row);
  } else {
    rows.prepend(row);
  }
  window.htmx.process(row);
  if (event.kind) announce(`${row.querySelector(".row-name").textContent}: ${row.querySelector(".row-preview").textContent.trim()}`);
}

async function refreshThread(event) {
  const number = openNumber();
  const stay = !nearBottom();
  await refresh(`${conversationUrl(number)}thread/`, "#thread");
  if (openNumber() !== number) return;
  if (!stay) toBottom();
  if (event.kind === "message.received") {
    announce($("#log .entry:last-of-type")?.textContent.trim().slice(0, 200) || "");
    markRead();
  }
  soon("context", () => refresh(`${conversationUrl(number)}context/`, "#context"), 600);
}

function reloadAll() {
  const number = openNumber();
  refresh(at(`inbox/counts/?${listQuery()}`), "#inbox-counts");
  fetch(at(`inbox/?${listQuery()}`)).then((response) => response.text()).then((html) => {
    const page = new DOMParser().parseFromString(html, "text/html");
    window.htmx.swap({ sourceElement: $("#rows"), target: $("#rows"), text: page.querySelector("#rows").innerHTML, swap: "innerMorph" }).then(settled);
  });
  if (number) refreshThread({});
}

// ---- acting ----------------------------------------------------------------------------------

async function act(event) {
  const form = event.target.closest("form[data-act]");
  if (!form) return;
  event.preventDefault();
  event.stopPropagation();
  const values = new FormData(form);
  if (event.submitter?.name) values.set(event.submitter.name, event.submitter.value);
  const typed = values.get("typed");
  if (typed && !event.submitter?.name) values.set("until", typed);
  values.delete("typed");
  values.delete("csrfmiddlewaretoken");
  form.closest("details")?.removeAttribute("open");
  await perform(form.dataset.act, openNumber(), form.action, Object.fromEntries(values));
}

async function perform(what, number, url, values) {
  const result = await post(url, values).catch(() => ({ ok: false, message: "" }));
  if (!result.ok) {
    toast(result.message || word("not_changed"), { tone: "bad" });
    return;
  }
  await refresh(`${conversationUrl(number)}thread/`, "#thread");
  refreshRow({ number });
  const undo = {
    resolve: () => perform("reopen", number, `${conversationUrl(number)}closure/`, { _method: "delete" }),
    snooze: () => perform("reopen", number, `${conversationUrl(number)}closure/`, { _method: "delete" }),
    assign: () => perform("assign", number, `${conversationUrl(number)}assignment/`, result.undo || {}),
  }[what];
  toast(word(what), { undo: what === "reopen" || what === "snooze" ? undefined : undo });
  if (what === "resolve" || what === "snooze") openNext(number);
}

// After a matter is done the next one comes by itself.
export function openNext(number) {
  const rows = $$("#rows .row");
  const index = rows.findIndex((row) => Number(row.dataset.number) === number);
  const next = rows[index + 1] || rows[index - 1];
  const gone = rows[index];
  if (next && matchMedia("(min-width: 721px)").matches) next.querySelector("a").click();
  if (gone && desk().dataset.tab !== "resolved") setTimeout(() => { if (openNumber() !== number) gone.remove(); }, 300);
}

export function move(step) {
  const rows = $$("#rows .row-link");
  if (!rows.length) return;
  const focused = rows.indexOf(document.activeElement);
  const selected = rows.findIndex((link) => link.closest("[data-selected]"));
  const from = focused >= 0 ? focused : selected;
  const next = rows[Math.min(Math.max(from + step, 0), rows.length - 1)];
  next.focus();
  next.scrollIntoView({ block: "nearest" });
  if ($("#open-conversation") && matchMedia("(min-width: 721px)").matches) next.click();
}

function click(event) {
  if (event.target.closest("[data-toggle-context]")) toggleContext();
  if (event.target.closest(".thread-back")) {
    event.preventDefault();
    history.pushState(null, "", at(`inbox/?${listQuery()}`));
    const number = openNumber();
    $("#conversation").replaceChildren();
    desk().classList.remove("desk-open");
    $(`#row-${number} a`)?.focus();
    document.dispatchEvent(new CustomEvent("rapport:closed"));
  }
}

export function toggleContext() {
  const conversation = $("#open-conversation");
  if (!conversation) return;
  if (matchMedia("(max-width: 1000px)").matches) {
    conversation.classList.toggle("with-context");
  } else {
    const hidden = conversation.classList.toggle("no-context");
    localStorage.setItem("rapport-context", hidden ? "hidden" : "shown");
  }
  const shown = getComputedStyle($("#context-column")).display !== "none";
  $$("[data-toggle-context]").forEach((button) => button.setAttribute("aria-expanded", String(shown)));
}

export function toggleList() {
  desk()?.classList.toggle("no-list");
}

export { conversationUrl, openNumber, toBottom, refreshRow };

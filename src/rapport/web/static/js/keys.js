// Single keys, off while typing. `?` lists them.
import { $, $$, isTyping } from "./dom.js";
import { move, toggleContext, toggleList } from "./inbox.js";
import { compose } from "./composer.js";
import { openPalette } from "./palette.js";

let going = 0;

export function startKeys() {
  document.addEventListener("keydown", press);
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-show-keys]")) showKeys();
    if (event.target.closest("[data-toggle-theme]")) window.toggleTheme();
    if (event.target.closest("[data-close-dialog]")) event.target.closest("dialog").close();
    // A click beside an open menu closes it.
    $$("details[data-menu][open]").forEach((menu) => { if (!menu.contains(event.target)) menu.removeAttribute("open"); });
  });
  $$("dialog").forEach((dialog) => dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); }));
}

function showKeys() {
  $$("details[data-menu][open]").forEach((menu) => menu.removeAttribute("open"));
  $("#keys").showModal();
}

function press(event) {
  if ((event.metaKey || event.ctrlKey) && !event.shiftKey && event.key.toLowerCase() === "k") {
    event.preventDefault();
    openPalette();
    return;
  }
  if (event.key === "Escape") {
    const menu = $("details[data-menu][open]");
    if (menu) { menu.removeAttribute("open"); $("summary", menu).focus(); event.preventDefault(); }
    return;
  }
  if (inMenu(event)) return;
  if (event.metaKey || event.ctrlKey || event.altKey || isTyping(event.target) || $("dialog[open]")) return;
  if (going && Date.now() - going < 1200) {
    going = 0;
    const link = $(`[data-go="${event.key}"]`);
    if (link) { event.preventDefault(); link.click(); return; }
  }
  const action = ACTIONS[event.key];
  if (action) { event.preventDefault(); action(event); return; }
  const target = $$(`[data-key="${CSS.escape(event.key)}"]`).find((element) => element.offsetParent !== null || element.closest("details"));
  if (target) {
    event.preventDefault();
    if (target.tagName === "SUMMARY") {
      const menu = target.parentElement;
      menu.toggleAttribute("open");
      $("button, input:not([type=hidden])", menu)?.focus();
    } else target.click();
  }
}

// Arrow keys walk through an open menu.
function inMenu(event) {
  const list = event.target.closest?.(".menu-list");
  if (!list || !["ArrowDown", "ArrowUp"].includes(event.key)) return false;
  const items = $$("a, button, input:not([type=hidden])", list);
  const index = items.indexOf(document.activeElement);
  items[(index + (event.key === "ArrowDown" ? 1 : -1) + items.length) % items.length].focus();
  event.preventDefault();
  return true;
}

const ACTIONS = {
  "?": showKeys,
  "/": () => openPalette(),
  g: () => { going = Date.now(); },
  j: () => step(1),
  k: () => step(-1),
  r: () => compose("reply"),
  n: () => compose("note"),
  u: () => ($(".thread-back") ? $(".thread-back").click() : history.back()),
  "[": toggleList,
  "]": toggleContext,
};

function step(by) {
  if ($("#rows")) { move(by); return; }
  const items = $$("[data-walk]");
  if (!items.length) return;
  const index = items.indexOf(document.activeElement);
  const next = items[Math.min(Math.max(index + by, 0), items.length - 1)];
  next.focus();
  next.scrollIntoView({ block: "nearest" });
}

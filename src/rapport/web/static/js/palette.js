// ⌘K: find a customer or a conversation, or do something with what is open.
import { $, $$, soon } from "./dom.js";

let chosen = 0;

export function startPalette() {
  const dialog = $("#palette");
  if (!dialog) return;
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-open-palette]")) openPalette();
    const item = event.target.closest(".palette-item");
    if (item) run(item);
  });
  const input = $("input", dialog);
  input.addEventListener("input", () => soon("palette", look, 100));
  dialog.addEventListener("keydown", (event) => {
    const items = $$(".palette-item", dialog);
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      choose((chosen + (event.key === "ArrowDown" ? 1 : -1) + items.length) % Math.max(items.length, 1));
    }
    if (event.key === "Enter" && items[chosen]) { event.preventDefault(); run(items[chosen]); }
  });
}

export function openPalette() {
  const dialog = $("#palette");
  if (dialog.open) { dialog.close(); return; }
  dialog.showModal();
  const input = $("input", dialog);
  input.value = "";
  input.focus();
  look();
}

function choose(index) {
  chosen = index;
  const items = $$("#palette .palette-item");
  items.forEach((item, place) => item.setAttribute("aria-selected", String(place === index)));
  const item = items[index];
  if (item) {
    $("#palette input").setAttribute("aria-activedescendant", item.id);
    item.scrollIntoView({ block: "nearest" });
  }
}

// What can be done here: everything on the page that carries a key or a place to go.
function doable(words) {
  const list = [];
  for (const element of $$("[data-key], [data-go], [data-toggle-theme], [data-show-keys]")) {
    const name = (element.getAttribute("title") || element.textContent).replace(/\s+/g, " ").replace(/\([^)]*\)$/, "").trim();
    if (!name || (words && !name.toLowerCase().includes(words))) continue;
    if (list.some((one) => one.name === name)) continue;
    list.push({ name, key: element.dataset.key || (element.dataset.go ? `g ${element.dataset.go}` : ""), element });
  }
  return list.slice(0, 12);
}

let actions = [];

async function look() {
  const words = $("#palette input").value.trim();
  actions = doable(words.toLowerCase());
  const list = $("#palette-list");
  let found = "";
  if (words) {
    const response = await fetch(`${document.body.dataset.palette}?q=${encodeURIComponent(words)}`).catch(() => null);
    if (response?.ok) found = await response.text();
    if ($("#palette input").value.trim() !== words) return;
  }
  list.innerHTML = found;
  for (const [index, action] of actions.entries()) {
    const item = document.createElement("div");
    item.className = "palette-item";
    item.setAttribute("role", "option");
    item.dataset.action = String(index);
    item.append(action.name);
    if (action.key) {
      const key = document.createElement("kbd");
      key.className = "key";
      key.textContent = action.key;
      item.append(key);
    }
    list.append(item);
  }
  $$(".palette-item", list).forEach((item, index) => { item.id = `palette-${index}`; });
  choose(0);
}

function run(item) {
  $("#palette").close();
  if (item.dataset.href) { location.href = item.dataset.href; return; }
  const element = actions[Number(item.dataset.action)]?.element;
  if (!element) return;
  if (element.tagName === "SUMMARY") {
    element.parentElement.setAttribute("open", "");
    $("button", element.parentElement)?.focus();
  } else element.click();
}

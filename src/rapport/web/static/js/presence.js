// Colleagues in the same conversation: faces, and a ring while they write. Told by whispers, kept nowhere.
import { $, $$, at, me, post, soon } from "./dom.js";
import { onLive } from "./live.js";
import { openNumber } from "./inbox.js";

const HERE = 20_000;
const FORGET = 50_000;
const people = new Map(); // "number:member" -> {number, member, name, state, until}
let current = 0;
let typingUntil = 0;
let forCustomer = false;
let customerTypes = { number: 0, until: 0 };

export function startPresence() {
  onLive(({ name, data }) => {
    if (name === "customer_typing") customerTyping(data.number);
    if (name !== "presence") return;
    const key = `${data.number}:${data.member}`;
    if (data.state === "gone") people.delete(key);
    else people.set(key, { ...data, until: Date.now() + FORGET });
    draw();
  });
  document.addEventListener("rapport:opened", ({ detail }) => enter(detail.number));
  document.addEventListener("rapport:closed", () => enter(0));
  addEventListener("pagehide", () => { if (current) say("gone", { keepalive: true }); });
  setInterval(() => { if (current && !document.hidden) say(Date.now() < typingUntil ? "typing" : "here"); draw(); }, HERE);
  if (openNumber()) enter(openNumber());
}

function enter(number) {
  if (current && current !== number) say("gone");
  current = number;
  if (number) say("here");
  draw();
}

function say(state, options) {
  const values = { state };
  if (state === "typing" || forCustomer) values.for = "customer";
  post(at(`conversations/${current}/presence/`), values, options).catch(() => {});
}

export function typing(reply) {
  if (!current) return;
  const now = Date.now();
  forCustomer = reply;
  if (now > typingUntil - 4000) {
    typingUntil = now + 8000;
    say("typing");
  }
  soon("typing-stops", () => { if (current) { typingUntil = 0; say("here"); forCustomer = false; } }, 8000);
}

function customerTyping(number) {
  if (number !== openNumber()) return;
  customerTypes = { number, until: Date.now() + 6000 };
  soon("customer-typing", draw, 6200);
  draw();
}

function face(person) {
  const words = person.name.split(/\s+/).filter(Boolean);
  const mark = document.createElement("span");
  mark.className = `face face-small${person.state === "typing" ? " face-typing" : ""}`;
  mark.dataset.hue = String((parseInt(person.member.slice(-4), 16) % 24) * 15);
  mark.textContent = ((words[0]?.[0] || "") + (words.length > 1 ? words[words.length - 1][0] : "")).toUpperCase();
  mark.title = person.name;
  mark.setAttribute("role", "img");
  mark.setAttribute("aria-label", person.name);
  return mark;
}

function draw() {
  const now = Date.now();
  for (const [key, person] of people) if (person.until < now) people.delete(key);
  const others = [...people.values()].filter((person) => person.member !== me());
  const writing = $("#customer-typing");
  if (writing) writing.hidden = !(customerTypes.number === openNumber() && now < customerTypes.until);
  const place = $("#presence");
  if (place) {
    const here = others.filter((person) => person.number === openNumber());
    place.replaceChildren(...here.map(face));
    const writer = here.find((person) => person.state === "typing");
    if (writer) place.append(` ${writer.name.split(" ")[0]} …`);
  }
  $$("[data-presence]").forEach((spot) => {
    const here = others.filter((person) => person.number === Number(spot.dataset.presence));
    spot.replaceChildren(...here.slice(0, 3).map(face));
  });
}

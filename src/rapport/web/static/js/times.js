// Keeps “3 min” true while the page is open.
import { $$ } from "./dom.js";
import { word } from "./words.js";

export function startTimes() {
  setInterval(() => {
    for (const time of $$("time[data-ago]")) {
      const seconds = (Date.now() - new Date(time.dateTime)) / 1000;
      if (seconds < 60 || seconds > 86_400) continue; // the server's words hold
      const [name, size] = seconds < 3_600 ? ["minutes", 60] : ["hours", 3_600];
      time.textContent = word(name, { n: Math.floor(seconds / size) });
    }
  }, 30_000);
}

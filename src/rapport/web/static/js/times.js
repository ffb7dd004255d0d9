// Keeps “3 min” true while the page is open.
import { $$ } from "./dom.js";

const UNITS = [["year", 31_536_000], ["month", 2_592_000], ["day", 86_400], ["hour", 3_600], ["minute", 60]];

export function startTimes() {
  const format = new Intl.RelativeTimeFormat(document.documentElement.lang, { style: "narrow", numeric: "always" });
  setInterval(() => {
    for (const time of $$("time[data-ago]")) {
      const seconds = (Date.now() - new Date(time.dateTime)) / 1000;
      if (seconds < 60 || seconds > 86_400) continue; // the server's words hold
      const [unit, size] = UNITS.find(([, length]) => seconds >= length);
      time.textContent = format.formatToParts(-Math.floor(seconds / size), unit)
        .filter((part) => part.type === "integer" || part.unit).map((part) => part.value).join("")
        + (unit === "minute" ? " min" : " h");
    }
  }, 30_000);
}

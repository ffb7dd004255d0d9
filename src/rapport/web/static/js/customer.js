// The customer page: new events appear on top while it is open.
import { $, refresh, soon } from "./dom.js";
import { onLive } from "./live.js";

export function startCustomer() {
  const timeline = $("#timeline[data-live]");
  if (!timeline) return;
  const mine = new Set(timeline.dataset.identities.split(" "));
  onLive(({ name, data }) => {
    if (name === "reload" || (name === "event" && mine.has(data.identity))) {
      soon("timeline", () => refresh(timeline.dataset.live, "#timeline-latest", "innerMorph"), 300);
    }
  });
}

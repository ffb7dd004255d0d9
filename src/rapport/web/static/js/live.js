// One live stream for all tabs of a browser: a SharedWorker holds it where there is one, else each tab its own.
// Browsers allow six connections to a server; a stream per tab would use them up.

const listeners = new Set();
export function onLive(listener) { listeners.add(listener); }

function tell(message) { listeners.forEach((listener) => listener(message)); }

export function connect(workspace) {
  // The page says where the log stood when it was made, so nothing falls between page and stream.
  const since = encodeURIComponent(document.body.dataset.cursor);
  const url = `/live/inbox?workspace=${encodeURIComponent(workspace)}&since=${since}`;
  if (window.SharedWorker) {
    try {
      const worker = new SharedWorker(new URL("./live-worker.js", import.meta.url), { name: `rapport-${workspace}` });
      worker.port.onmessage = (event) => tell(event.data);
      worker.port.postMessage({ open: url });
      addEventListener("pagehide", () => worker.port.postMessage({ leave: true }));
      return;
    } catch { /* fall through to a stream of our own */ }
  }
  const stream = new EventSource(url);
  for (const name of ["ready", "reload", "event", "presence", "customer_typing"]) {
    stream.addEventListener(name, (event) => tell({ name, data: JSON.parse(event.data) }));
  }
  stream.onopen = () => tell({ name: "open" });
  stream.onerror = () => tell({ name: "lost" });
}

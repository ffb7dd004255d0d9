// Holds the stream for all tabs. EventSource reconnects by itself and sends Last-Event-ID.
const ports = new Set();
let stream = null;
let state = { name: "lost" };

// A page that was being made while an event passed must still hear of it.
const REMEMBER = 20_000;
let recent = [];

function tell(message) {
  ports.forEach((port) => port.postMessage(message));
  if (message.name !== "event") return;
  const now = Date.now();
  recent = recent.filter(({ at }) => now - at < REMEMBER);
  recent.push({ at: now, message });
}

function open(url) {
  if (stream && stream.readyState !== EventSource.CLOSED) return;
  stream = new EventSource(url);
  for (const name of ["ready", "reload", "event", "presence", "customer_typing"]) {
    stream.addEventListener(name, (event) => tell({ name, data: JSON.parse(event.data) }));
  }
  stream.onopen = () => tell((state = { name: "open" }));
  stream.onerror = () => {
    tell((state = { name: "lost" }));
    if (stream.readyState === EventSource.CLOSED) setTimeout(() => open(url), 3000);
  };
}

onconnect = (event) => {
  const port = event.ports[0];
  ports.add(port);
  port.onmessage = ({ data }) => {
    if (data.open) {
      open(data.open);
      port.postMessage(state);
      recent.filter(({ at }) => Date.now() - at < REMEMBER).forEach(({ message }) => port.postMessage(message));
    }
    if (data.leave) {
      ports.delete(port);
      if (!ports.size && stream) { stream.close(); stream = null; }
    }
  };
};

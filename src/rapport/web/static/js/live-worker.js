// Holds the stream for all tabs. EventSource reconnects by itself and sends Last-Event-ID.
const ports = new Set();
let stream = null;
let state = { name: "lost" };

const tell = (message) => ports.forEach((port) => port.postMessage(message));

function open(url) {
  if (stream && stream.readyState !== EventSource.CLOSED) return;
  stream = new EventSource(url);
  for (const name of ["ready", "reload", "event", "presence"]) {
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
    }
    if (data.leave) {
      ports.delete(port);
      if (!ports.size && stream) { stream.close(); stream = null; }
    }
  };
};

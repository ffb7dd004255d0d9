// What the scripts say by themselves, in the language of the page: the frame carries it as data (wording.py).
const source = document.getElementById("words");
const words = source ? JSON.parse(source.textContent) : {};

// word("minutes", { n: 3 }) is “3 min”. An unknown name is shown as it is, so that its absence is seen.
export function word(name, values = {}) {
  return (words[name] ?? name).replace(/%\((\w+)\)s/g, (_, key) => values[key]);
}

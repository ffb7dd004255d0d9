// Small helps for people who come in. Every page works without them.
const zones = document.getElementById("field-time_zone");
const countries = document.getElementById("field-country");

if (zones && countries) {
  // The browser knows better than its language where it runs; somebody's own choice is left alone.
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const option = [...zones.options].find((each) => each.value === here || each.dataset.former?.split(" ").includes(here));
  if (option && !document.querySelector("[aria-invalid]")) {
    zones.value = option.value;
    countries.value = option.dataset.country;
  }
  countries.addEventListener("change", () => {
    const first = [...zones.options].find((each) => each.dataset.country === countries.value);
    if (first && zones.selectedOptions[0]?.dataset.country !== countries.value) zones.value = first.value;
  });
}

for (const input of document.querySelectorAll("[data-strength]")) {
  const verdict = document.getElementById(input.dataset.strength);
  input.addEventListener("input", () => {
    const kinds = new Set(input.value.toLowerCase()).size;
    const { short, fair, good } = input.dataset;
    verdict.textContent = !input.value ? "" : input.value.length < 10 ? short : input.value.length < 16 || kinds < 8 ? fair : good;
  });
}

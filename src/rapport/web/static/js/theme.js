// Runs before the first paint: follow the device unless the member chose.
(() => {
  const root = document.documentElement;
  const device = matchMedia("(prefers-color-scheme: dark)");
  const chosen = () => (document.cookie.match(/(?:^|; )theme=(light|dark)/) || [])[1];
  const apply = () => root.setAttribute("data-theme", chosen() || (device.matches ? "dark" : "light"));
  apply();
  device.addEventListener("change", apply);
  window.toggleTheme = () => {
    const next = root.dataset.theme === "dark" ? "light" : "dark";
    document.cookie = `theme=${next}; path=/; max-age=31536000; samesite=lax`;
    apply();
  };
})();

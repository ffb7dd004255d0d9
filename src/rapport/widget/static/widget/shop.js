/* What a shop's own script does: it queues calls before the widget is there, and signs its customer in. */
(function () {
  'use strict';
  const address = document.currentScript.dataset.identity;
  const told = document.getElementById('told');
  const shopper = document.getElementById('shopper');

  window.rapport = window.rapport || function () { (window.rapport.q = window.rapport.q || []).push(arguments); };

  async function signed(subject) {
    const response = await fetch(address, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ subject: subject }),
    });
    const body = await response.json();
    if (!response.ok) throw new Error(body.message);
    return body.jwt;
  }

  function signIn(subject, name) {
    try { sessionStorage.setItem('shopper', subject); } catch (error) { /* for this page only, then */ }
    if (!subject) {
      window.rapport('forget');
      told.textContent = 'You are signed out.';
      return;
    }
    window.rapport('identify', function () { return signed(subject); });
    told.textContent = 'You are signed in as ' + name + '.';
  }

  shopper.addEventListener('change', function () {
    signIn(shopper.value, shopper.options[shopper.selectedIndex].text);
  });
  document.getElementById('ask').addEventListener('click', function () { window.rapport('open'); });

  let before = '';
  try { before = sessionStorage.getItem('shopper') || ''; } catch (error) { /* nobody is signed in */ }
  const option = Array.from(shopper.options).find(function (one) { return one.value === before; });
  if (before && option) {
    shopper.value = before;
    signIn(before, option.text);
  }
})();

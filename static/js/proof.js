// Shows that a form is sent by a browser, without asking the person anything (app/shared/proof.py): looks for a number
// whose SHA-256 with the challenge begins with twelve zero bits. Begins when the form is first used, so it is done long
// before the text is. Without this file, or where the browser has no WebCrypto, a question in words stays.
"use strict";

(() => {
  const ZERO_BITS = 12;
  const AT_ONCE = 64;
  const box = document.querySelector("[data-proof]");
  if (!box || !window.crypto?.subtle) return;
  const form = box.closest("form");
  const field = form.elements.proof_work;
  const encoder = new TextEncoder();
  let work = null;

  async function isFound(number) {
    const digest = await crypto.subtle.digest("SHA-256", encoder.encode(`${box.dataset.proof}:${number}`));
    return new DataView(digest).getUint32(0) >>> (32 - ZERO_BITS) === 0;
  }

  async function search() {
    for (let first = 0; ; first += AT_ONCE) {
      const found = await Promise.all(Array.from({ length: AT_ONCE }, (_, step) => isFound(first + step)));
      const step = found.indexOf(true);
      if (step >= 0) {
        field.value = String(first + step);
        return;
      }
    }
  }

  const begin = () => (work ??= search());
  box.hidden = true;
  form.addEventListener("focusin", begin, { once: true });
  form.addEventListener("submit", (event) => {
    if (field.value) return;
    event.preventDefault();
    begin().then(() => form.requestSubmit(event.submitter));
  });
})();

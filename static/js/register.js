// Registering a group: the preview of its page follows while somebody types. Without this file a button shows it.
"use strict";

(() => {
  const form = document.querySelector("[data-register]");
  const target = document.getElementById("preview");
  if (!form || !target) return;

  const WAIT_MS = 400;
  let timer = 0;
  let asking = null;

  async function show() {
    asking?.abort();
    asking = new AbortController();
    const mine = asking;
    try {
      const answer = await fetch(form.dataset.preview, {
        method: "POST",
        body: new URLSearchParams(new FormData(form)),
        signal: mine.signal,
        redirect: "error",
      });
      // What is not the preview, such as an error page, is left alone: going on will say what is wrong.
      if (answer.ok && mine === asking) {
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        target.replaceChildren(...page.body.childNodes);
      }
    } catch {
      // Without a connection the last preview stays.
    }
  }

  function showSoon() {
    window.clearTimeout(timer);
    timer = window.setTimeout(show, WAIT_MS);
  }

  form.addEventListener("input", showSoon);
  form.addEventListener("change", showSoon);
})();

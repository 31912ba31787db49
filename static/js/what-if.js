// A number is changed and the result follows, in the same view; whoever types on is not disturbed. Without this file a
// button does it.
"use strict";

(() => {
  const form = document.querySelector("[data-what-if]");
  if (!form) return;
  const WAIT_MS = 250;
  let timer = 0;
  let asking = null;

  function result() {
    return document.querySelector("[data-live=result]");
  }

  // What is said beside the fields changes; the fields themselves stay, and with them what is being typed.
  function takeOver(page) {
    for (const part of document.querySelectorAll("[data-live]")) {
      const fresh = page.querySelector(`[data-live="${CSS.escape(part.dataset.live)}"]`);
      if (fresh && !part.isEqualNode(fresh)) part.replaceChildren(...fresh.childNodes); // what is the same is not read out
    }
    for (const field of form.querySelectorAll("input[id]")) {
      const fresh = page.getElementById(field.id);
      if (!fresh) continue;
      field.className = fresh.className;
      for (const name of ["aria-invalid", "aria-describedby"]) {
        if (fresh.hasAttribute(name)) field.setAttribute(name, fresh.getAttribute(name));
        else field.removeAttribute(name);
      }
    }
  }

  async function show() {
    asking?.abort();
    asking = new AbortController();
    const mine = asking;
    const url = new URL(form.action);
    url.search = new URLSearchParams([...new FormData(form)].filter(([name, value]) => value || name.endsWith(".money")));
    result().classList.add("what-if__result--old");
    const open = [...document.querySelectorAll("[data-live=result] details[open] > summary")].map((each) => each.textContent);
    const at = document.activeElement;
    const where = at?.form === form && !form.contains(at) ? [at.id, at.selectionStart, at.selectionEnd] : null;
    try {
      const answer = await fetch(url, { signal: mine.signal, redirect: "error" });
      // What is wrong with a number is said beside it, with status 400; anything else is for a page of its own.
      if (!answer.ok && answer.status !== 400) return form.submit();
      takeOver(new DOMParser().parseFromString(await answer.text(), "text/html"));
      history.replaceState(null, "", url);
      for (const summary of document.querySelectorAll("[data-live=result] summary")) {
        if (open.includes(summary.textContent)) summary.parentElement.open = true;
      }
      if (where) {
        const again = document.getElementById(where[0]);
        again?.focus({ preventScroll: true });
        if (again?.setSelectionRange) again.setSelectionRange(where[1], where[2]);
      }
    } catch (error) {
      if (error.name !== "AbortError") form.submit();
    } finally {
      if (mine === asking) result().classList.remove("what-if__result--old");
    }
  }

  function showSoon(event) {
    if (event.target.form !== form) return;
    window.clearTimeout(timer);
    timer = window.setTimeout(show, WAIT_MS);
  }

  document.addEventListener("change", showSoon);
  document.addEventListener("submit", (event) => {
    if (event.target !== form || event.submitter?.name) return; // a copy or a removal is a page of its own
    event.preventDefault();
    window.clearTimeout(timer);
    show();
  });
})();

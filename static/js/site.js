// What every page may have: leaving quickly, filter boxes that close, buttons that only work with JavaScript.
"use strict";

(() => {
  document.documentElement.classList.add("has-script");
  const ESCAPES_WITHIN_MS = 800;
  const exit = document.querySelector("[data-leave]");

  function leave() {
    document.documentElement.hidden = true;
    // Replaces this page, so that "back" does not return to it.
    window.location.replace(exit.href);
  }

  // On the window, so after everything on the page: an Escape that closed something there is prevented by now.
  if (exit) {
    let last = -ESCAPES_WITHIN_MS;
    let isLeaving = false;
    document.addEventListener("click", (event) => {
      if (!event.target.closest?.("[data-leave]")) return;
      event.preventDefault();
      leave();
    });
    window.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || event.repeat || event.isComposing || (event.defaultPrevented && !isLeaving)) return;
      if (isLeaving || event.timeStamp - last < ESCAPES_WITHIN_MS) {
        // By itself, Escape would stop the browser on its way to the other page.
        event.preventDefault();
        if (!isLeaving) leave();
        isLeaving = true;
      }
      last = event.timeStamp;
    });
  }

  const open = () => document.querySelectorAll("details.filter[open]");

  function closeFilter(filter) {
    filter.open = false;
    filter.querySelector("summary").focus();
  }

  document.addEventListener("click", (event) => {
    for (const filter of open()) {
      if (!filter.contains(event.target)) filter.open = false;
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented) return;
    for (const filter of open()) {
      event.preventDefault();
      closeFilter(filter);
    }
  });

  // A box that would reach over the right edge opens to the left; "toggle" does not bubble, hence the capture.
  document.addEventListener(
    "toggle",
    (event) => {
      const filter = event.target;
      if (!filter.matches("details.filter[open]")) return;
      filter.classList.remove("filter--end");
      const panel = filter.querySelector(".filter__panel");
      const over = panel.getBoundingClientRect().right > document.documentElement.clientWidth;
      filter.classList.toggle("filter--end", over);
    },
    true,
  );

  // On a telephone a box is a sheet over the page: it has a way out of its own.
  for (const filter of document.querySelectorAll("[data-close] > details.filter")) {
    const close = document.createElement("button");
    close.type = "button";
    close.className = "filter__close kern-btn kern-btn--secondary";
    const label = document.createElement("span");
    label.className = "kern-label";
    label.textContent = filter.parentElement.dataset.close;
    close.append(label);
    close.addEventListener("click", () => closeFilter(filter));
    filter.querySelector(".filter__end")?.append(close);
  }

  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
  for (const button of document.querySelectorAll("[data-share]")) {
    if (!navigator.share) continue;
    button.hidden = false;
    button.addEventListener("click", () => {
      navigator.share({ title: document.title, url: button.dataset.share || window.location.href }).catch(() => {});
    });
  }

  // A day that does not exist, such as 31 February, would be sent as nothing: it stays, and the browser says so.
  document.addEventListener("submit", (event) => {
    const half = [...event.target.elements].find((field) => field.validity?.badInput && field.offsetParent);
    if (!half) return;
    event.preventDefault();
    half.reportValidity();
  });

  const summary = document.querySelector(".notice--danger[role=alert]");
  if (summary) summary.focus();
})();

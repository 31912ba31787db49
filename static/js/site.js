// What every page may have: leaving quickly, filter boxes that close, buttons that only work with JavaScript.
"use strict";

(() => {
  const ESCAPES_WITHIN_MS = 800;
  const exit = document.querySelector("[data-leave]");

  function leave() {
    document.documentElement.hidden = true;
    // Replaces this page, so that "back" does not return to it.
    window.location.replace(exit.href);
  }

  if (exit) {
    let last = -ESCAPES_WITHIN_MS;
    exit.addEventListener("click", (event) => {
      event.preventDefault();
      leave();
    });
    document.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || event.repeat) return;
      if (event.timeStamp - last < ESCAPES_WITHIN_MS) leave();
      last = event.timeStamp;
    });
  }

  const open = () => document.querySelectorAll("details.filter[open]");

  document.addEventListener("click", (event) => {
    for (const filter of open()) {
      if (!filter.contains(event.target)) filter.open = false;
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const filter of open()) {
      filter.open = false;
      filter.querySelector("summary").focus();
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

  const summary = document.querySelector(".notice--danger[role=alert]");
  if (summary) summary.focus();
})();

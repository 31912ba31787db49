// Up and down through what waits, while the focus is in the list: j, k and the arrow keys.
"use strict";

(() => {
  const list = document.querySelector("[data-worklist]");
  if (!list) return;
  const hint = document.querySelector("[data-keys]");
  if (hint) hint.hidden = false;
  const STEPS = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 };

  list.addEventListener("keydown", (event) => {
    const step = STEPS[event.key];
    if (!step || event.ctrlKey || event.altKey || event.metaKey) return;
    const buttons = [...list.querySelectorAll(".worklist__do")];
    const next = buttons[buttons.indexOf(document.activeElement) + step];
    if (!next) return;
    event.preventDefault();
    next.focus();
  });
})();

// The form of a series: the dates that follow are shown while somebody types. Without this file a button shows them.
"use strict";

(() => {
  const form = document.querySelector("[data-series-form]");
  const target = document.getElementById("preview");
  if (!form || !target) return;

  const WAIT_MS = 350;
  const USUAL_MINUTES = 90;
  const field = (name) => form.elements.namedItem(name);
  let timer = 0;
  let asking = null;

  async function show() {
    asking?.abort();
    asking = new AbortController();
    const mine = asking;
    target.classList.add("preview--old");
    try {
      const answer = await fetch(form.dataset.preview, {
        method: "POST",
        body: new URLSearchParams(new FormData(form)),
        signal: mine.signal,
        redirect: "error",
      });
      // What is not the preview, such as an error page, is left alone: saving will say what is wrong.
      if (answer.ok) {
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        target.replaceChildren(...page.body.childNodes);
      }
    } catch {
      // Without a connection the last preview stays.
    } finally {
      if (mine === asking) target.classList.remove("preview--old");
    }
  }

  function showSoon() {
    window.clearTimeout(timer);
    timer = window.setTimeout(show, WAIT_MS);
  }

  // Most groups meet for an hour and a half: the end is proposed until somebody gives one.
  const start = field("starts_at");
  const end = field("ends_at");
  let proposesEnd = end.value === "";
  end.addEventListener("input", () => {
    proposesEnd = false;
  });
  start.addEventListener("input", () => {
    const [hour, minute] = start.value.split(":").map(Number);
    if (!proposesEnd || Number.isNaN(hour) || Number.isNaN(minute ?? Number.NaN)) return;
    const total = (hour * 60 + minute + USUAL_MINUTES) % 1440;
    end.value = [Math.floor(total / 60), total % 60].map((part) => String(part).padStart(2, "0")).join(":");
  });

  const add = form.querySelector("[data-add-day]");
  add.type = "button"; // else Enter, which presses the first button of a form that sends it, would press this one
  add.addEventListener("click", () => {
    const day = field("date_to_add");
    const list = field("dates");
    const parts = day.value.split("-").map(Number);
    if (parts.length === 3) {
      list.value = `${list.value.trimEnd()}\n${parts[2]}.${parts[1]}.${parts[0]}`.trimStart();
      day.value = "";
      showSoon();
    }
    day.focus();
  });

  form.addEventListener("input", showSoon);
  form.addEventListener("change", showSoon);
})();

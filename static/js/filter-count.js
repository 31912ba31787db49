// The buttons of the finder's filters say how many groups they will show, as soon as something is chosen; "this week"
// and the like take along what else was chosen.
"use strict";

(() => {
  const filters = document.querySelector("[data-count-source]");
  if (!filters) return;
  const { countSource, count: shown, countUnknown } = filters.dataset;
  const language = document.documentElement.lang || "de";
  let asking = null;

  function say(text) {
    for (const label of filters.querySelectorAll("[type=submit] .kern-label")) label.textContent = text;
  }

  async function ask() {
    asking?.abort();
    asking = new AbortController();
    const filled = [...new FormData(filters.closest("form"))].filter(([, value]) => value);
    const query = new URLSearchParams([...filled, ["per_page", "1"]]);
    try {
      const answer = await fetch(`${countSource}?${query}`, { signal: asking.signal });
      if (!answer.ok) throw new Error(answer.status); // the page itself says beside the field what is wrong
      const { total } = await answer.json();
      say(shown.replace("{n}", new Intl.NumberFormat(language).format(total)));
    } catch (error) {
      if (error.name !== "AbortError") say(countUnknown);
    }
  }

  filters.addEventListener("change", ask);
  filters.addEventListener("click", (event) => {
    const days = event.target.closest("a[data-from]");
    if (!days || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const form = filters.closest("form");
    form.elements.namedItem("date_from").value = days.dataset.from;
    form.elements.namedItem("date_to").value = days.dataset.to;
    form.requestSubmit();
  });
  // Back from another page the browser fills in what was chosen before.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) ask();
  });
})();

// A plan of the levels says while one types what its shares add up to. The server decides; this only helps.
"use strict";

(() => {
  const form = document.querySelector("[data-plan]");
  if (!form) return;
  const told = form.querySelector("[data-together]");
  const language = document.documentElement.lang || "de";
  const levels = ["federal", "state_organisations", "clearing_houses", "groups"];

  // Whole units of the last place, so that nothing is rounded; null for what is no such number.
  function units(text, places) {
    const found = /^(\d{1,9})(?:[.,](\d+))?$/.exec(text.trim().replace(/[€%]$/, "").trim());
    if (!found || (found[2] || "").length > places) return null;
    return Number(found[1] + (found[2] || "").padEnd(places, "0"));
  }

  function words(number, places) {
    return new Intl.NumberFormat(language, { maximumFractionDigits: places }).format(number / 10 ** places);
  }

  function say() {
    const unit = new FormData(form).get("unit");
    const name = unit === "per_insured" ? "PerInsured" : "PerCent";
    const needed = Number(form.dataset[`needed${name}`]);
    const places = Number(form.dataset[`places${name}`]);
    const shares = levels.map((level) => units(form.elements.namedItem(level).value, places));
    told.hidden = !unit || !needed || shares.includes(null);
    if (told.hidden) return;
    const sum = shares.reduce((before, share) => before + share, 0);
    const text = sum === needed ? form.dataset.right : sum < needed ? form.dataset.missing : form.dataset.tooMuch;
    told.textContent = text
      .replace("{sum}", words(sum, places))
      .replace("{rest}", words(Math.abs(needed - sum), places))
      .replaceAll("{unit}", unit === "per_insured" ? "€" : "%");
    told.classList.toggle("levy-together--right", sum === needed);
  }

  form.addEventListener("input", say);
  say();
})();

// Brings the map when it comes into sight, opens it over the whole screen of a telephone, and lets the list follow it.
"use strict";

(() => {
  const container = document.querySelector("[data-map]");
  if (!container || window.Wirkreis?.finder) return;
  const Wirkreis = (window.Wirkreis = window.Wirkreis || {});
  Wirkreis.finder = true;
  const AHEAD_PX = 300;
  const texts = JSON.parse(container.dataset.texts);
  const aside = container.closest(".split__map");
  const status = document.querySelector("[data-map-status]");

  // ── Bringing the map: on a telephone its scripts are loaded only when it is wanted ──

  function bring() {
    if (container.dataset.asked) return;
    container.dataset.asked = "yes";
    for (const address of container.dataset.scripts.split(" ")) {
      const script = document.createElement("script");
      script.src = address;
      script.async = false; // one after the other, in this order
      document.head.append(script);
    }
  }

  const box = container.getBoundingClientRect();
  if (aside) aside.classList.add("is-enhanced");
  if (container.offsetParent !== null && box.top < window.innerHeight + AHEAD_PX) {
    bring();
  } else {
    const watcher = new IntersectionObserver(
      (entries) => {
        if (!entries.some((entry) => entry.isIntersecting)) return;
        watcher.disconnect();
        bring();
      },
      { rootMargin: `${AHEAD_PX}px` },
    );
    watcher.observe(container);
  }

  // ── The whole screen on a telephone ──

  const full = { opener: null, quiet: [] };

  function others(element) {
    const found = [];
    for (let each = element; each !== document.body; each = each.parentElement) {
      found.push(...[...each.parentElement.children].filter((child) => child !== each && !child.inert));
    }
    return found;
  }

  function openFull(opener) {
    full.opener = opener;
    full.quiet = others(aside);
    for (const element of full.quiet) element.inert = true;
    aside.classList.add("split__map--full");
    aside.setAttribute("role", "dialog");
    aside.setAttribute("aria-modal", "true");
    document.documentElement.classList.add("has-full-map");
    closer.hidden = false;
    closer.focus();
    bring();
    Wirkreis.view?.resize();
  }

  function closeFull() {
    if (!aside.classList.contains("split__map--full")) return;
    for (const element of full.quiet) element.inert = false;
    aside.classList.remove("split__map--full");
    aside.removeAttribute("role");
    aside.removeAttribute("aria-modal");
    document.documentElement.classList.remove("has-full-map");
    closer.hidden = true;
    (document.getElementById("open-map") || full.opener).focus();
  }

  const closer = document.createElement("button");
  if (aside) {
    closer.type = "button";
    closer.hidden = true;
    closer.className = "map-back kern-btn kern-btn--secondary";
    const label = document.createElement("span");
    label.className = "kern-label";
    label.textContent = texts.close_map;
    closer.append(label);
    closer.addEventListener("click", closeFull);
    aside.prepend(closer);
    const wide = window.matchMedia("(min-width: 1000px)");
    wide.addEventListener("change", closeFull);
    document.addEventListener("click", (event) => {
      const opener = event.target.closest?.("#open-map");
      if (!opener || wide.matches) return;
      event.preventDefault();
      openFull(opener);
    });
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !event.defaultPrevented) closeFull();
    });
  }

  // ── The list follows the map ──

  const choice = document.getElementById("follow-map");
  const results = () => document.getElementById("results");
  let asking = null;

  function listAddress(bbox) {
    const query = new URLSearchParams(container.dataset.query || "");
    for (const name of ["near", "lat", "lon", "radius_km", "page", "bbox"]) query.delete(name);
    if (bbox) query.set("bbox", bbox);
    return `${container.dataset.list}?${query}`;
  }

  async function showList(address) {
    asking?.abort();
    asking = new AbortController();
    try {
      const answer = await fetch(address, { signal: asking.signal });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.getElementById("results");
      if (!answer.ok || !fresh) throw new Error(texts.list_failed);
      results().replaceWith(document.adoptNode(fresh));
      document.title = page.title;
      window.history.replaceState(null, "", address);
    } catch (error) {
      if (error.name !== "AbortError") status.textContent = texts.list_failed;
    }
  }

  if (choice && results()) {
    const before = window.location.search.includes("bbox=") ? listAddress("") : window.location.href;
    choice.closest("label").hidden = false;
    choice.checked = new URLSearchParams(window.location.search).has("bbox");
    Wirkreis.startFollowing = choice.checked;
    choice.addEventListener("change", () => {
      Wirkreis.view?.follow(choice.checked);
      if (!choice.checked) showList(before);
    });
    container.addEventListener("wirkreis:view", (event) => {
      if (choice.checked && event.detail.byHand) showList(listAddress(event.detail.bbox));
    });
  }
})();

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
  let listed = ""; // the address of the list, once it has followed the map

  // ── What the map shows first is asked for while its scripts are still being read ──

  Wirkreis.GERMANY = [
    [47.27, 5.87],
    [55.06, 15.04],
  ];
  Wirkreis.COUNTRY_BOX = "5,46.5,16,56";
  const GERMANY_PX_AT_ZOOM_0 = [6.521, 8.862]; // in Web Mercator
  const FREE_PX = [16, 36]; // what stays free beside and above the country; map.js says on which side
  const FINER_FROM = 0.3;

  Wirkreis.pointsAddress = (source, query, box, zoom) => {
    const asked = new URLSearchParams(query);
    asked.set("bbox", box);
    asked.set("zoom", Math.floor(zoom + FINER_FROM));
    return `${source}?${asked}`;
  };

  /** The zoom at which the whole country fits, as Leaflet will find it. */
  function countryZoom() {
    const sizes = [container.clientWidth, container.clientHeight];
    const scale = Math.min(...sizes.map((size, axis) => (size - FREE_PX[axis]) / GERMANY_PX_AT_ZOOM_0[axis]));
    const steps = container.dataset.laender ? 4 : 1; // a zoom; tiles have whole ones only
    return Math.floor(Math.log2(scale) * steps) / steps;
  }

  function askAhead() {
    const { mapKind, mapSource, query, lat, fit } = container.dataset;
    const isPart = lat || fit || new URLSearchParams(window.location.search).has("bbox");
    if (mapKind !== "finder" || isPart) return;
    const address = Wirkreis.pointsAddress(mapSource, query || "", Wirkreis.COUNTRY_BOX, countryZoom());
    const answer = fetch(address).then((found) => found.ok && found.json());
    // Without an answer map.js asks again, and says what is wrong.
    Wirkreis.ahead = { address, answer: answer.catch(() => null) };
  }

  // ── Bringing the map: on a telephone its scripts are loaded only when it is wanted ──

  function bring() {
    if (container.dataset.asked) return;
    container.dataset.asked = "yes";
    askAhead();
    for (const wait of container.querySelectorAll(".map__wait")) wait.hidden = false;
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

  // ── The whole screen on a telephone: an entry in the history of its own, so that "back" closes it ──

  const full = { opener: null, quiet: [], hasEntry: false };
  const wide = window.matchMedia("(min-width: 1000px)");
  const isFull = () => aside.classList.contains("split__map--full");

  function others(element) {
    const found = [];
    for (let each = element; each !== document.body; each = each.parentElement) {
      found.push(...[...each.parentElement.children].filter((child) => child !== each && !child.inert));
    }
    return found;
  }

  function showFull(opener) {
    full.opener = opener;
    full.quiet = others(aside);
    for (const element of full.quiet) element.inert = true;
    aside.classList.add("split__map--full");
    aside.setAttribute("role", "dialog");
    aside.setAttribute("aria-modal", "true");
    document.documentElement.classList.add("has-full-map");
    bar.hidden = false;
    bar.firstChild.focus();
    bring();
    Wirkreis.view?.resize();
  }

  function hideFull() {
    if (!isFull()) return;
    for (const element of full.quiet) element.inert = false;
    aside.classList.remove("split__map--full");
    aside.removeAttribute("role");
    aside.removeAttribute("aria-modal");
    document.documentElement.classList.remove("has-full-map");
    bar.hidden = true;
    (document.getElementById("open-map") || full.opener)?.focus();
  }

  function openFull(opener) {
    window.history.pushState({ map: true }, "");
    full.hasEntry = true;
    showFull(opener);
  }

  function closeFull() {
    hideFull();
    if (full.hasEntry) window.history.back();
  }

  /** What stands above the map: the way back, and the way out, which the page's own head cannot offer now. */
  function makeBar() {
    const made = document.createElement("div");
    made.className = "map-bar";
    made.hidden = true;
    const closer = document.createElement("button");
    closer.type = "button";
    closer.className = "map-back kern-btn kern-btn--secondary";
    const label = document.createElement("span");
    label.className = "kern-label";
    label.textContent = texts.close_map;
    closer.append(label);
    closer.addEventListener("click", closeFull);
    made.append(closer);
    const exit = document.querySelector("[data-leave]");
    if (exit) made.append(exit.cloneNode(true));
    return made;
  }

  const bar = makeBar();
  if (aside) {
    aside.prepend(bar);
    wide.addEventListener("change", () => {
      if (isFull()) closeFull();
    });
    document.addEventListener("click", (event) => {
      const opener = event.target.closest?.("#open-map");
      if (!opener || wide.matches) return;
      event.preventDefault();
      openFull(opener);
    });
    document.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || event.defaultPrevented || !isFull()) return;
      event.preventDefault();
      closeFull();
    });
    window.addEventListener("popstate", (event) => {
      full.hasEntry = Boolean(event.state?.map);
      if (full.hasEntry && !wide.matches && !isFull()) showFull(document.getElementById("open-map"));
      else if (!full.hasEntry) hideFull();
      if (listed) window.history.replaceState(event.state, "", listed);
    });
    // Back from a group that was chosen on the map: the map is open again.
    if (window.history.state?.map && !wide.matches) {
      full.hasEntry = true;
      showFull(document.getElementById("open-map"));
    }
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

  /** The form asks for what is listed: with a part of the map no place, and the other way round. */
  function followForm(page, address) {
    const form = document.querySelector(".finder__form");
    const fresh = page.querySelector(".finder__form");
    if (!form || !fresh) return;
    form.querySelector("[name=near]").value = fresh.querySelector("[name=near]")?.value ?? "";
    const hidden = "input[type=hidden]:is([name=lat], [name=lon], [name=bbox])";
    for (const input of form.querySelectorAll(hidden)) input.remove();
    for (const input of fresh.querySelectorAll(hidden)) form.append(document.adoptNode(input));
    const bbox = new URL(address, window.location.href).searchParams.get("bbox");
    if (!bbox || form.elements.bbox) return;
    const input = document.createElement("input");
    Object.assign(input, { type: "hidden", name: "bbox", value: bbox });
    form.append(input);
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
      const chips = page.getElementById("chips");
      if (chips) document.getElementById("chips")?.replaceWith(document.adoptNode(chips));
      followForm(page, address);
      document.title = page.title;
      listed = address;
      window.history.replaceState(window.history.state, "", address);
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

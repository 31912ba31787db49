// The embedded map: land, Länder, districts and town names, drawn from our own files, so that nobody is asked.
"use strict";

(() => {
  const Wirkreis = (window.Wirkreis = window.Wirkreis || {});
  const DISTRICTS_FROM_ZOOM = 8;
  const LARGE_TOWNS_FROM_ZOOM = 6;
  const BESIDE_PX = 30;

  const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

  async function json(url) {
    const answer = await fetch(url);
    if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
    return answer.json();
  }

  /** Lines and land; the districts take the place of the Länder when one is near enough to need their finer lines. */
  class Outlines {
    constructor(map, data) {
      this.map = map;
      this.data = data;
      map.createPane("land").style.zIndex = 190;
      this.renderer = L.canvas({ pane: "land", padding: 0.3 });
      this.layers = {};
      this.wanted = {};
    }

    style(name) {
      return {
        renderer: this.renderer,
        pane: "land",
        interactive: false,
        smoothFactor: 0.6,
        fillColor: token("--map-land"),
        fillOpacity: 1,
        color: token(name === "laender" ? "--map-border" : "--map-border-fine"),
        weight: name === "laender" ? 1.25 : 1,
      };
    }

    async layer(name) {
      if (!this.wanted[name]) {
        this.wanted[name] = json(this.data[name]).then((outlines) => {
          this.layers[name] = L.geoJSON(outlines, this.style(name));
        });
      }
      await this.wanted[name];
      return this.layers[name];
    }

    async update() {
      const near = this.map.getZoom() >= DISTRICTS_FROM_ZOOM;
      if (near && !this.layers.districts) (await this.layer("laender")).addTo(this.map);
      const shown = await this.layer(near ? "districts" : "laender");
      // While a file was on its way the map may have been zoomed again: then the later call draws.
      if (near !== this.map.getZoom() >= DISTRICTS_FROM_ZOOM) return;
      shown.addTo(this.map);
      for (const other of Object.values(this.layers)) if (other !== shown) other.remove();
    }

    recolour() {
      for (const [name, layer] of Object.entries(this.layers)) layer.setStyle(this.style(name));
    }
  }

  /** Names of the towns, the larger ones first, only those in view. */
  class Towns {
    constructor(map, url) {
      this.map = map;
      this.url = url;
      const pane = map.createPane("towns");
      pane.style.zIndex = 350;
      pane.setAttribute("aria-hidden", "true");
      this.shown = new Map();
    }

    async update() {
      this.towns = this.towns || json(this.url);
      const towns = await this.towns;
      const zoom = this.map.getZoom();
      const view = this.map.getBounds().pad(0.15);
      const wanted = new Set(
        towns.filter(([, lat, lon, from]) => from <= zoom + 0.5 && view.contains([lat, lon])),
      );
      for (const [town, label] of this.shown) {
        if (wanted.has(town)) continue;
        label.remove();
        this.shown.delete(town);
      }
      for (const town of wanted) if (!this.shown.has(town)) this.shown.set(town, this.label(town).addTo(this.map));
      this.arrange();
    }

    /** Put each name where neither a seat nor another name lies, the larger towns first; else leave it out. */
    arrange() {
      const taken = [...this.map.getPane("markerPane").children].map((made) => made.getBoundingClientRect());
      const names = [...this.shown].sort(([one], [other]) => one[3] - other[3]);
      const measured = names.map(([, label]) => label.getElement().firstChild);
      for (const text of measured) text.parentElement.classList.remove("is-above", "is-below", "is-covered");
      const boxes = measured.map((text) => text.getBoundingClientRect());
      measured.forEach((text, index) => {
        const place = this.freePlace(boxes[index], taken);
        if (place) text.parentElement.classList.add(place);
      });
    }

    /** Answer the class of the first free place, empty for the middle; the box taken is noted. */
    freePlace(box, taken) {
      for (const [place, shift] of [["", 0], ["is-below", BESIDE_PX], ["is-above", -BESIDE_PX]]) {
        const moved = { left: box.left, right: box.right, top: box.top + shift, bottom: box.bottom + shift };
        const isFree = taken.every(
          (other) =>
            moved.right < other.left || moved.left > other.right || moved.bottom < other.top || moved.top > other.bottom,
        );
        if (!isFree) continue;
        taken.push(moved);
        return place;
      }
      return "is-covered";
    }

    label([name, lat, lon, from]) {
      const text = document.createElement("span");
      text.textContent = name;
      const size = from < LARGE_TOWNS_FROM_ZOOM ? " map-town--large" : "";
      const icon = L.divIcon({ className: `map-town${size}`, html: text, iconSize: null });
      return L.marker([lat, lon], { icon, pane: "towns", interactive: false, keyboard: false });
    }
  }

  /** Draw the embedded map; afterwards it follows the view and the colour scheme. A missing file leaves white water. */
  Wirkreis.basemap = (map, data) => {
    const outlines = new Outlines(map, data);
    const towns = new Towns(map, data.towns);
    const draw = () => Promise.allSettled([outlines.update(), towns.update()]);
    map.on("moveend", draw);
    map.getContainer().addEventListener("wirkreis:view", () => towns.arrange());
    window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => outlines.recolour());
    return draw();
  };
})();

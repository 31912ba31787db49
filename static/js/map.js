// The map's content: clusters and groups of the part in view, as focusable seats, and a card for the chosen one.
// Called by the script that folium makes (/groups/map.js): window.Wirkreis.viewport(map).
"use strict";

(() => {
  const Wirkreis = (window.Wirkreis = window.Wirkreis || {});
  const { GERMANY } = Wirkreis;
  const CREDIT = "© GeoBasis-DE / BKG (dl-de/by-2-0), GeoNames (CC BY 4.0)";
  const MIN_ZOOM = 4.5;
  const MAX_ZOOM = 18;
  // With the embedded map a town name or two stay in view; with tiles there are streets to see.
  const POINT_ZOOM = { embedded: 11, tiles: 15 };
  const ZOOM_STEP = 2;
  const FIT = { animate: false, paddingTopLeft: [8, 8], paddingBottomRight: [8, 28] };
  const FIT_FINER = 4;
  // How near the first view comes to what was found.
  const FIT_HITS = { animate: false, paddingTopLeft: [36, 36], paddingBottomRight: [36, 44], maxZoom: 12.5 };
  const FAR_BELOW_ZOOM = 8;
  const SEAT_PX = { finder: 36, houses: 24 };
  const WAIT_MS = 150;
  const TOGETHER_FROM_ZOOM = 11;
  const TOGETHER_DEGREES = 0.0002;
  const TOGETHER_SHOWN = 8;
  const RING_PX = 3;
  const SPREAD_ROUNDS = 4;
  const PLACE_FIELDS = ["near", "lat", "lon", "radius_km"];
  const language = document.documentElement.lang || "de";

  if (window.matchMedia("(prefers-reduced-motion: reduce)").matches) {
    L.Map.mergeOptions({ zoomAnimation: false, fadeAnimation: false, markerZoomAnimation: false, inertia: false });
  }

  function element(tag, className, text) {
    const made = document.createElement(tag);
    if (className) made.className = className;
    if (text) made.textContent = text;
    return made;
  }

  function link(href, text, className = "") {
    const made = element("a", className, text);
    made.href = href;
    return made;
  }

  /** A count with its thousands parted; Intl.NumberFormat takes longer to make than all circles together. */
  const counted = (count, { thousands }) => String(count).replace(/\B(?=(\d{3})+$)/g, thousands);

  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (gap, name) => values[name] ?? gap);

  function boxText(bounds) {
    const sides = [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()];
    const limits = [180, 85, 180, 85];
    return sides.map((side, index) => Math.max(-limits[index], Math.min(limits[index], side)).toFixed(5)).join(",");
  }

  function boundsOf(text) {
    const sides = text.split(",").map(Number);
    if (sides.length !== 4 || sides.some(Number.isNaN)) return null;
    const [west, south, east, north] = sides;
    return L.latLngBounds([south, west], [north, east]);
  }

  /** Where the groups of a feature may lie: at its point, or for a circle anywhere in its cell of the server's grid. */
  function reach({ geometry, properties }, { bbox: [west, south], zoom }) {
    const [lon, lat] = geometry.coordinates;
    if (!properties.cluster) return L.latLngBounds([lat, lon], [lat, lon]);
    const [width, height] = [2 ** (24 - zoom) / 1e5, (5 * 2 ** (21 - zoom)) / 1e5];
    const left = west + Math.floor((lon - west) / width) * width;
    const bottom = south + Math.floor((lat - south) / height) * height;
    return L.latLngBounds([bottom, left], [bottom + height, left + width]);
  }

  function within(bounds, limits) {
    return L.latLngBounds(
      [Math.max(bounds.getSouth(), limits.getSouth()), Math.max(bounds.getWest(), limits.getWest())],
      [Math.min(bounds.getNorth(), limits.getNorth()), Math.min(bounds.getEast(), limits.getEast())],
    );
  }

  /** The box at the lower edge that tells of the chosen group; on a telephone it is as wide as the map. */
  class Card {
    constructor(map, texts) {
      const container = map.getContainer();
      this.map = map;
      this.container = container;
      this.box = element("div", "map-card");
      this.box.hidden = true;
      this.box.setAttribute("role", "dialog");
      this.box.setAttribute("aria-labelledby", "map-card-title");
      this.body = element("div", "map-card__body");
      const close = element("button", "map-card__close");
      close.type = "button";
      close.setAttribute("aria-label", texts.close);
      close.addEventListener("click", () => this.close());
      this.box.append(this.body, close);
      this.box.addEventListener("keydown", (event) => {
        if (event.key !== "Escape") return;
        event.preventDefault();
        this.close();
      });
      L.DomEvent.disableClickPropagation(this.box);
      L.DomEvent.disableScrollPropagation(this.box);
      container.append(this.box);
    }

    open(title, parts, opener) {
      this.leave();
      this.opener = opener;
      opener.classList.add("is-chosen");
      const heading = element("p", "map-card__title");
      heading.id = "map-card-title";
      heading.append(title);
      this.body.replaceChildren(heading, ...parts);
      this.box.hidden = false;
      this.container.classList.add("has-card");
      (this.body.querySelector("a") || this.box.querySelector("button")).focus({ preventScroll: true });
      this.uncover(opener);
    }

    /** Move the map when the card lies over the seat it tells of. */
    uncover(opener) {
      const card = this.box.getBoundingClientRect();
      const seat = opener.getBoundingClientRect();
      if (seat.bottom < card.top || seat.left > card.right || seat.right < card.left) return;
      this.map.panBy([0, seat.bottom - card.top + SEAT_PX.finder]);
    }

    leave() {
      if (this.opener) this.opener.classList.remove("is-chosen");
      this.opener = null;
    }

    close() {
      if (this.box.hidden) return;
      const opener = this.opener;
      this.leave();
      this.box.hidden = true;
      this.container.classList.remove("has-card");
      (opener && opener.isConnected ? opener : this.container).focus({ preventScroll: true });
    }
  }

  /** Seats and clusters; those that stay in view keep their element, and with it the focus. */
  class Seats {
    constructor(map, texts, onChoose) {
      this.map = map;
      this.texts = texts;
      this.onChoose = onChoose;
      this.shown = new Map();
    }

    show(features, zoom) {
      const wanted = new Map(features.map((feature) => [this.key(feature, zoom), feature]));
      for (const [key, marker] of this.shown) {
        if (wanted.has(key)) continue;
        const hadFocus = marker.getElement() === document.activeElement;
        marker.remove();
        this.shown.delete(key);
        if (hadFocus) this.map.getContainer().focus({ preventScroll: true });
      }
      for (const [key, feature] of wanted) {
        if (!this.shown.has(key)) this.shown.set(key, this.marker(feature));
      }
      this.spread([...wanted].filter(([, feature]) => feature.properties.cluster));
    }

    /** Circles stand at the middle of their groups; those that would cover each other's number move apart a little. */
    spread(clusters) {
      const spots = clusters.map(([key, { geometry, properties }]) => {
        const [lon, lat] = geometry.coordinates;
        const at = this.map.latLngToLayerPoint([lat, lon]);
        return { key, from: at, at, reach: this.diameter(properties.point_count) / 2 + RING_PX };
      });
      for (let round = 0; round < SPREAD_ROUNDS; round += 1) {
        for (const [index, one] of spots.entries()) for (const other of spots.slice(index + 1)) this.part(one, other);
      }
      for (const { key, from, at } of spots) {
        if (at.distanceTo(from) > 1) this.shown.get(key).setLatLng(this.map.layerPointToLatLng(at));
      }
    }

    part(one, other) {
      const apart = one.at.distanceTo(other.at);
      const missing = one.reach + other.reach - apart;
      if (missing <= 0) return;
      const away = apart > 0.01 ? other.at.subtract(one.at).divideBy(apart) : L.point(0, 1);
      other.at = other.at.add(away.multiplyBy(missing / 2));
      one.at = one.at.subtract(away.multiplyBy(missing / 2));
    }

    key(feature, zoom) {
      const { cluster, cluster_id: id, point_count: count, slug } = feature.properties;
      return cluster ? `${zoom} ${id} ${count}` : `group ${slug}`;
    }

    marker(feature) {
      const [lon, lat] = feature.geometry.coordinates;
      const { cluster, point_count: count, name, precision } = feature.properties;
      const icon = cluster ? this.clusterIcon(count) : this.seatIcon(precision);
      const hint = this.texts[`seat_${precision}`];
      const label = hint ? fill(hint, { name }) : name;
      const marker = L.marker([lat, lon], { icon, title: cluster ? "" : label, riseOnHover: true });
      marker.addTo(this.map);
      const made = marker.getElement();
      made.setAttribute("aria-label", cluster ? fill(this.texts.cluster, { n: counted(count, this.texts) }) : label);
      marker.on("click", () => this.onChoose(feature, made));
      made.addEventListener("keydown", (event) => {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        this.onChoose(feature, made);
      });
      return marker;
    }

    clusterIcon(count) {
      const size = this.diameter(count);
      const html = element("span", "", counted(count, this.texts));
      return L.divIcon({ className: "map-cluster", html, iconSize: [size, size] });
    }

    diameter(count) {
      return Math.round(34 + 7 * Math.log10(count));
    }

    /** A group whose exact place is protected has a ring of its own instead of a seat. */
    seatIcon(precision) {
      const size = SEAT_PX[this.map.getContainer().dataset.mapKind];
      return L.divIcon({ className: precision ? "map-seat map-seat--roughly" : "map-seat", html: element("span"), iconSize: [size, size] });
    }
  }

  /** What all kinds of map have in common: controls, credit, land, status line. */
  class View {
    constructor(map) {
      this.map = map;
      this.container = map.getContainer();
      this.frame = this.container.closest("[data-map-frame]");
      this.texts = JSON.parse(this.container.dataset.texts);
      this.status = this.frame.querySelector("[data-map-status]");
      map.setMinZoom(MIN_ZOOM);
      map.setMaxZoom(MAX_ZOOM);
      this.credit();
      L.control.zoom({ zoomInTitle: this.texts.zoom_in, zoomOutTitle: this.texts.zoom_out }).addTo(map);
      this.name();
      this.sleep();
      this.card = new Card(map, this.texts);
      map.on("click", () => this.card.close());
      map.on("zoomend", () => this.measure());
      this.measure();
    }

    credit() {
      this.map.attributionControl.setPrefix(false);
      if (this.container.dataset.laender) this.map.attributionControl.addAttribution(CREDIT);
    }

    name() {
      this.container.setAttribute("role", "region");
      this.container.setAttribute("aria-label", this.texts.label);
      this.container.setAttribute("aria-describedby", "map-hint");
      const hint = this.frame.querySelector(".map__hint");
      this.container.addEventListener("focusin", () => {
        hint.hidden = !this.container.matches(":focus-visible, :has(.leaflet-marker-icon:focus-visible)");
      });
      this.container.addEventListener("focusout", () => {
        hint.hidden = true;
      });
    }

    /** Outside the finder the map lies in the flow of the page: until it is chosen, wheel and finger scroll past it. */
    sleep() {
      const { scrollWheelZoom, dragging } = this.map;
      if (this.container.dataset.mapKind === "finder" && this.container.closest(".split__map")) return;
      scrollWheelZoom.disable();
      if (window.matchMedia("(pointer: coarse)").matches) dragging.disable();
      const wake = () => {
        scrollWheelZoom.enable();
        dragging.enable();
      };
      this.container.addEventListener("focus", wake, { once: true });
      this.map.once("click", wake);
    }

    measure() {
      this.container.classList.toggle("is-far", this.map.getZoom() < FAR_BELOW_ZOOM);
    }

    draw() {
      if (this.container.dataset.laender) return Wirkreis.basemap(this.map, this.container.dataset);
      return Promise.resolve();
    }

    say(text) {
      this.status.textContent = text;
    }

    count(total) {
      const text = total === 1 ? this.texts.count_one : this.texts.count_many;
      this.say(fill(text, { n: counted(total, this.texts) }));
    }

    ready() {
      if (this.container.dataset.ready) return;
      this.container.dataset.ready = "yes";
      performance.mark("wirkreis-map-ready");
    }

    resize() {
      this.map.invalidateSize({ animate: false });
    }
  }

  /** The finder's map: asks for the clusters of the part in view. */
  class FinderView extends View {
    constructor(map) {
      super(map);
      const { mapSource, query, list } = this.container.dataset;
      this.source = mapSource;
      this.list = list;
      this.query = new URLSearchParams(query || "");
      this.follows = Boolean(Wirkreis.startFollowing);
      this.seats = new Seats(map, this.texts, (feature, made) => this.choose(feature, made));
      this.start();
    }

    async start() {
      this.fit();
      if (this.circle) await this.fitHits(this.circle.getBounds(), [this.circle.getLatLng()]);
      else if (this.container.dataset.fit === "hits") await this.fitHits(L.latLngBounds(GERMANY), []);
      const loaded = this.load({ byHand: this.follows });
      let timer = 0;
      this.map.on("moveend", () => {
        clearTimeout(timer);
        timer = setTimeout(() => this.load({ byHand: true }), WAIT_MS);
      });
      await loaded;
      // The land waits until the circles are painted: drawing it takes longer than they do.
      requestAnimationFrame(() => setTimeout(() => this.draw()));
    }

    fit() {
      const { lat, lon, radiusKm } = this.container.dataset;
      const box = boundsOf(new URLSearchParams(window.location.search).get("bbox") || "");
      if (box) {
        // The view that was listed lay inside the box, so that it may not grow each time the page is loaded.
        this.map.setView(box.getCenter(), this.map.getBoundsZoom(box, true), { animate: false });
      } else if (lat && lon && radiusKm) {
        this.circle = this.drawCircle([Number(lat), Number(lon)], Number(radiusKm) * 1000);
        this.map.fitBounds(this.circle.getBounds(), FIT);
      } else {
        this.map.fitBounds(GERMANY, FIT);
      }
    }

    drawCircle(centre, radius) {
      const style = { interactive: false, className: "map-circle", fill: false };
      return L.circle(centre, { ...style, radius }).addTo(this.map);
    }

    /** The map starts around what was found in a part of the country and some points of its own, if that is anything. */
    async fitHits(part, points) {
      try {
        const found = await this.ask(boxText(part), this.map.getZoom() + FIT_FINER);
        if (!found.features.length) return;
        const hits = L.latLngBounds(points);
        for (const feature of found.features) hits.extend(reach(feature, found));
        this.map.fitBounds(within(hits, part), FIT_HITS);
      } catch {
        // The first view stays; the next request says what is wrong.
      }
    }

    /** The finder's query; when the list follows the map, the part in view stands in for the place. */
    parameters() {
      const query = new URLSearchParams(this.query);
      if (this.follows) for (const name of PLACE_FIELDS) query.delete(name);
      query.delete("bbox");
      return query;
    }

    async ask(box, zoom) {
      this.asking?.abort();
      this.asking = new AbortController();
      const address = Wirkreis.pointsAddress(this.source, this.parameters(), box, zoom);
      const ahead = Wirkreis.ahead;
      delete Wirkreis.ahead;
      const found = ahead?.address === address && (await ahead.answer);
      return found || this.fetch(address);
    }

    async fetch(address) {
      const answer = await fetch(address, { signal: this.asking.signal });
      const found = await answer.json();
      if (!answer.ok) throw new Error(found.error?.message || this.texts.failed, { cause: "server" });
      return found;
    }

    /** The part in view; a view of the whole country asks for the country, however wide the window is. */
    boxInView() {
      const bounds = this.map.getBounds();
      return bounds.contains(GERMANY) ? Wirkreis.COUNTRY_BOX : boxText(bounds);
    }

    async load({ byHand }) {
      if (!this.container.offsetWidth) return; // out of sight: it loads when it is opened
      const zoom = this.map.getZoom();
      try {
        const found = await this.ask(this.boxInView(), zoom);
        this.seats.show(found.features, found.zoom);
        this.count(found.total);
        this.ready();
        const detail = { bbox: found.bbox.join(","), total: found.total, byHand };
        this.container.dispatchEvent(new CustomEvent("wirkreis:view", { bubbles: true, detail }));
      } catch (error) {
        if (error.name === "AbortError") return;
        this.say(error.cause === "server" ? error.message : this.texts.failed);
      }
    }

    follow(follows) {
      this.follows = follows;
      if (this.circle) this.circle[follows ? "remove" : "addTo"](this.map);
      return this.load({ byHand: true });
    }

    async choose(feature, made) {
      const { cluster, point_count: count } = feature.properties;
      const [lon, lat] = feature.geometry.coordinates;
      if (!cluster) {
        this.showGroup(feature.properties, made);
      } else if (this.map.getZoom() < TOGETHER_FROM_ZOOM || !(await this.showTogether(lat, lon, count, made))) {
        this.card.close();
        this.map.setView([lat, lon], Math.min(MAX_ZOOM, Math.round(this.map.getZoom()) + ZOOM_STEP));
      }
    }

    showGroup({ slug, name, precision }, made) {
      const more = element("p", "map-card__more");
      const hint = this.texts[`place_${precision}`];
      if (hint) more.append(element("span", "", hint));
      this.card.open(link(`${this.list}/${encodeURIComponent(slug)}`, name), [more], made);
      this.mark(slug);
      this.tell(slug, more);
    }

    /** Where the group meets and when next, added when it arrives. */
    async tell(slug, more) {
      try {
        const answer = await fetch(`/api/v1/groups/${encodeURIComponent(slug)}`);
        if (!answer.ok) return;
        const group = await answer.json();
        const lines = [group.locality];
        if (group.next_meeting) lines.push(fill(this.texts.next, { when: this.moment(group.next_meeting) }));
        for (const line of lines) if (line) more.append(element("span", "", line));
      } catch {
        // Name and link are there already.
      }
    }

    moment(text) {
      const options = { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" };
      return new Intl.DateTimeFormat(language, { ...options, timeZone: "Europe/Berlin" }).format(new Date(text));
    }

    mark(slug) {
      for (const row of document.querySelectorAll(".group")) {
        const href = row.querySelector(".group__name a")?.getAttribute("href") || "";
        row.classList.toggle("group--chosen", href.split("?")[0].endsWith(`/groups/${slug}`));
      }
    }

    /** Groups that share one place cannot be parted by zooming: they are listed. Answers whether that was so. */
    async showTogether(lat, lon, count, made) {
      const reach = TOGETHER_DEGREES;
      const query = this.parameters();
      query.set("bbox", [lon - reach, lat - reach, lon + reach, lat + reach].map((side) => side.toFixed(5)).join(","));
      query.set("per_page", TOGETHER_SHOWN);
      const atEnd = this.map.getZoom() >= MAX_ZOOM;
      let found = { total: 0, items: [] };
      try {
        const answer = await fetch(`/api/v1/groups?${query}`);
        if (answer.ok) found = await answer.json();
      } catch {
        // Zooming in is still possible, and at the end the link to the list.
      }
      if (found.total !== count && !atEnd) return false;
      const names = element("ul", "map-card__names");
      for (const { slug, name } of found.total === count ? found.items : []) {
        const row = element("li");
        row.append(link(`${this.list}/${encodeURIComponent(slug)}`, name));
        names.append(row);
      }
      const all = link(this.listAround(lat, lon), this.texts.show_list, "map-card__all");
      const title = fill(this.texts.together, { n: counted(count, this.texts) });
      this.card.open(document.createTextNode(title), [names, all], made);
      return true;
    }

    listAround(lat, lon) {
      const query = this.parameters();
      for (const name of PLACE_FIELDS) query.delete(name);
      query.set("lat", lat.toFixed(5));
      query.set("lon", lon.toFixed(5));
      query.set("radius_km", "1");
      return `${this.list}?${query}`;
    }
  }

  /** All clearing houses at once. */
  class HousesView extends View {
    constructor(map) {
      super(map);
      this.seats = new Seats(map, this.texts, (feature, made) => this.choose(feature, made));
      map.fitBounds(GERMANY, FIT);
      this.load();
      this.draw();
    }

    async load() {
      try {
        const answer = await fetch(this.container.dataset.mapSource);
        const found = await answer.json();
        this.seats.show(found.features, 0);
        this.count(found.features.length);
        this.ready();
      } catch {
        this.say(this.texts.failed);
      }
    }

    choose(feature, made) {
      const { name, url, phone, town } = feature.properties;
      const more = element("p", "map-card__more");
      if (town) more.append(element("span", "", town));
      if (phone) more.append(link(`tel:${phone.replace(/[^+\d]/g, "")}`, phone));
      this.card.open(link(url, name), [more], made);
    }
  }

  /** Where one group meets: a seat at the point, or the coarse cell. */
  class GroupView extends View {
    constructor(map) {
      super(map);
      const { lat, lon, cell, name } = this.container.dataset;
      const bounds = cell && boundsOf(cell);
      if (bounds) {
        L.rectangle(bounds, { interactive: false, className: "map-circle", fill: false }).addTo(map);
        map.fitBounds(bounds, { animate: false, paddingTopLeft: [24, 24], paddingBottomRight: [24, 44] });
        this.say(this.texts.area);
      } else {
        const point = [Number(lat), Number(lon)];
        map.setView(point, this.container.dataset.laender ? POINT_ZOOM.embedded : POINT_ZOOM.tiles, { animate: false });
        const icon = L.divIcon({ className: "map-seat", html: element("span"), iconSize: [36, 36] });
        L.marker(point, { icon, interactive: false, keyboard: false, alt: name }).addTo(map);
      }
      this.draw().then(() => this.ready());
    }
  }

  /** The place of a group for those who look after it: its seat is dragged, or put where one clicks. */
  class PinView extends View {
    constructor(map) {
      super(map);
      const { lat, lon, name, fields } = this.container.dataset;
      this.fields = fields.split(" ").map((id) => document.getElementById(id));
      const point = [Number(lat), Number(lon)];
      map.setView(point, this.container.dataset.laender ? POINT_ZOOM.embedded : POINT_ZOOM.tiles, { animate: false });
      const icon = L.divIcon({ className: "map-seat", html: element("span"), iconSize: [36, 36] });
      this.seat = L.marker(point, { icon, draggable: true, keyboard: false, alt: name }).addTo(map);
      this.seat.on("dragend", () => this.write(this.seat.getLatLng()));
      map.on("click", ({ latlng }) => this.write(this.seat.setLatLng(latlng).getLatLng()));
      for (const field of this.fields) field.addEventListener("change", () => this.read());
      this.draw().then(() => this.ready());
    }

    write({ lat, lng }) {
      [lat, lng].forEach((degrees, index) => {
        this.fields[index].value = degrees.toFixed(5);
      });
    }

    read() {
      const point = this.fields.map((field) => Number(field.value.replace(",", ".") || "x"));
      if (point.some(Number.isNaN) || Math.abs(point[0]) > 85 || Math.abs(point[1]) > 180) return;
      this.seat.setLatLng(point);
      this.map.panTo(point, { animate: false });
    }
  }

  /** Fill a map that folium has made; afterwards `Wirkreis.view` is the view of this page's map. */
  Wirkreis.viewport = (map) => {
    const kinds = { finder: FinderView, houses: HousesView, group: GroupView, pin: PinView };
    map.getContainer().querySelector(".map__instead")?.remove();
    Wirkreis.view = new kinds[map.getContainer().dataset.mapKind](map);
  };
})();

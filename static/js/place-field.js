// The field for a place: suggestions while typing (ARIA combobox with a listbox), and the own position on request.
// Without this file the field is a plain text field, and the form can be sent at any moment.
"use strict";

(() => {
  const WAIT_MS = 120;
  const SHORTEST = 2;
  const POSITION = { enableHighAccuracy: false, maximumAge: 600000, timeout: 12000 };

  class PlaceField {
    constructor(input) {
      this.input = input;
      this.texts = input.dataset;
      this.places = [];
      this.active = -1;
      this.list = this.makeList();
      this.status = document.createElement("p");
      this.status.className = "sr-only";
      this.status.setAttribute("role", "status");
      input.after(this.list, this.status);
      const facts = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": this.list.id };
      for (const [name, value] of Object.entries(facts)) input.setAttribute(name, value);
      input.addEventListener("input", () => this.typed());
      input.addEventListener("keydown", (event) => this.pressed(event));
      input.addEventListener("blur", () => this.close());
      if (input.form && this.texts.locate && navigator.geolocation) this.offerPosition();
    }

    makeList() {
      const list = document.createElement("ul");
      list.id = `${this.input.id}-places`;
      list.className = "suggestions";
      list.hidden = true;
      list.setAttribute("role", "listbox");
      list.setAttribute("aria-label", this.texts.comboboxLabel);
      // The field keeps the focus, so that pressing a suggestion does not close the list first.
      list.addEventListener("pointerdown", (event) => event.preventDefault());
      list.addEventListener("click", (event) => {
        const option = event.target.closest("[role=option]");
        if (option) this.choose([...list.children].indexOf(option));
      });
      return list;
    }

    typed() {
      this.forgetPosition();
      clearTimeout(this.timer);
      this.asking?.abort();
      const text = this.input.value.trim();
      if (text.length < SHORTEST) this.close();
      else this.timer = setTimeout(() => this.ask(text), WAIT_MS);
    }

    async ask(text) {
      this.asking = new AbortController();
      try {
        const query = new URLSearchParams({ q: text });
        const answer = await fetch(`${this.texts.combobox}?${query}`, { signal: this.asking.signal });
        if (!answer.ok) return this.close();
        this.show((await answer.json()).items);
      } catch (error) {
        if (error.name !== "AbortError") this.close();
      }
    }

    show(places) {
      if (document.activeElement !== this.input) return;
      this.places = places;
      this.activate(-1);
      this.list.replaceChildren(...places.map((place, index) => this.option(place, index)));
      this.list.hidden = !places.length;
      this.input.setAttribute("aria-expanded", String(places.length > 0));
      this.say(places.length);
    }

    option(place, index) {
      const option = document.createElement("li");
      option.id = `${this.list.id}-${index}`;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      option.append(this.word("", place.label));
      const kind = this.texts[place.kind];
      if (kind) option.append(this.word("muted small", kind));
      return option;
    }

    word(className, text) {
      const made = document.createElement("span");
      made.className = className;
      made.textContent = text;
      return made;
    }

    say(count) {
      const text = count === 0 ? this.texts.none : count === 1 ? this.texts.one : this.texts.many;
      this.status.textContent = text.replace("{n}", count);
    }

    get isOpen() {
      return !this.list.hidden;
    }

    activate(index) {
      this.active = index;
      for (const [number, option] of [...this.list.children].entries()) {
        option.setAttribute("aria-selected", String(number === index));
        if (number === index) option.scrollIntoView({ block: "nearest" });
      }
      if (index < 0) this.input.removeAttribute("aria-activedescendant");
      else this.input.setAttribute("aria-activedescendant", `${this.list.id}-${index}`);
    }

    pressed(event) {
      if (event.isComposing) return;
      const { key } = event;
      if (key === "ArrowDown" || key === "ArrowUp") this.move(key === "ArrowDown" ? 1 : -1, event);
      else if (key === "Enter" && this.isOpen && this.active >= 0) {
        event.preventDefault();
        this.choose(this.active);
      } else if (key === "Escape" && this.isOpen) {
        event.preventDefault();
        this.close();
      }
    }

    move(step, event) {
      if (!this.isOpen) {
        if (this.input.value.trim().length < SHORTEST) return;
        event.preventDefault();
        this.ask(this.input.value.trim());
        return;
      }
      event.preventDefault();
      const count = this.places.length + 1; // one more: back in the field, nothing chosen
      this.activate(((this.active + 1 + step + count) % count) - 1);
    }

    choose(index) {
      this.input.value = this.places[index].label;
      this.close();
      this.input.focus();
    }

    close() {
      clearTimeout(this.timer);
      this.asking?.abort();
      this.list.hidden = true;
      this.list.replaceChildren();
      this.places = [];
      this.active = -1;
      this.status.textContent = "";
      this.input.setAttribute("aria-expanded", "false");
      this.input.removeAttribute("aria-activedescendant");
    }

    // ── The own position: asked for on click only, and rounded to about a kilometre before it leaves the browser ──

    offerPosition() {
      this.button = document.createElement("button");
      this.button.type = "button";
      this.button.className = "locate";
      this.button.append(this.word("locate__long", this.texts.locate), this.word("locate__short", this.texts.locateShort));
      this.note = this.word("locate__note", "");
      this.note.setAttribute("role", "status");
      this.button.addEventListener("click", () => this.locate());
      this.input.parentElement.append(this.button, this.note);
    }

    locate() {
      this.note.textContent = this.texts.locating;
      navigator.geolocation.getCurrentPosition(
        ({ coords }) => this.sendPosition(coords.latitude, coords.longitude),
        () => {
          this.note.textContent = this.texts.notLocated;
        },
        POSITION,
      );
    }

    sendPosition(latitude, longitude) {
      this.forgetPosition();
      for (const [name, value] of [["lat", latitude], ["lon", longitude]]) {
        const field = document.createElement("input");
        field.type = "hidden";
        field.name = name;
        field.value = value.toFixed(2);
        this.input.form.append(field);
      }
      this.input.value = "";
      this.input.form.requestSubmit();
    }

    /** A place that is typed counts more than a position or a part of the map. */
    forgetPosition() {
      const others = "input[type=hidden]:is([name=lat], [name=lon], [name=bbox])";
      for (const field of this.input.form?.querySelectorAll(others) || []) field.remove();
    }
  }

  for (const input of document.querySelectorAll("input[data-combobox]")) {
    if (input.getAttribute("role") !== "combobox") new PlaceField(input);
  }
})();

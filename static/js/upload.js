// A file that is too large is said beside its field, and not sent. Without this file the server says the same.
"use strict";

(() => {
  const words = document.currentScript.dataset.tooLarge;

  for (const field of document.querySelectorAll("input[type=file][data-most-bytes]")) {
    const most = Number(field.dataset.mostBytes);
    const said = document.createElement("p");
    said.id = `${field.id}-size`;
    said.className = "field-error";
    said.setAttribute("role", "alert");
    field.before(said);
    field.setAttribute("aria-describedby", `${field.getAttribute("aria-describedby") ?? ""} ${said.id}`.trim());

    function isTooLarge() {
      const found = [...field.files].some((file) => file.size > most);
      said.textContent = found ? words.replace("99", String(most / 1e6)) : "";
      if (found) field.setAttribute("aria-invalid", "true");
      else field.removeAttribute("aria-invalid");
      return found;
    }

    field.addEventListener("change", isTooLarge);
    field.form.addEventListener("submit", (event) => {
      if (!isTooLarge()) return;
      event.preventDefault();
      field.focus();
    });
  }
})();

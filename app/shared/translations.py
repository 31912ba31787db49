"""Texts of a page found with one look each: a page has more than a hundred, and asking anew for each was a fifth of it.

Everything still goes through Flask-Babel's functions; only its way to the catalogue of the language is shortened.
"""

from __future__ import annotations

from typing import Any

from flask import Flask
from flask_babel import Domain
from markupsafe import Markup

from app.shared.languages import current_language


class PageDomain(Domain):  # type: ignore[misc]
    """The catalogues by language; the language is that of the address, never one forced upon a block of code."""

    def __init__(self) -> None:
        super().__init__()
        self._catalogues: dict[str, Any] = {}
        self._texts: dict[tuple[str, str], Markup] = {}

    def get_translations(self) -> Any:
        """Answer the catalogue of the page's language."""
        language = current_language()
        catalogue = self._catalogues.get(language)
        if catalogue is None:
            catalogue = self._catalogues[language] = super().get_translations()
        return catalogue

    def in_template(self, text: str, /, **values: Any) -> Markup:
        """Answer a text for a template: its own characters are HTML, values put in are escaped."""
        key = (current_language(), text)
        found = self._texts.get(key)
        if found is None:
            found = Markup(self.get_translations().ugettext(text))  # noqa: S704 - texts of our own catalogues
            self._texts[key] = found
        return found % values if values or "%" in found else found


def init_translations(app: Flask) -> None:
    """Afterwards code and templates take their texts from one domain; call it when Flask-Babel is bound."""
    domain = PageDomain()
    app.extensions["babel"].instance.domain_instance = domain
    app.jinja_env.globals["_"] = domain.in_template

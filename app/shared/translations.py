"""Texts of a page found with one look each: a page has more than a hundred, and asking anew for each was a fifth of it.

Everything still goes through Flask-Babel's functions; only its way to the catalogue of the language is shortened.
"""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping
from typing import TYPE_CHECKING, Any

from flask import Flask
from flask.templating import Environment
from flask_babel import Domain, force_locale
from jinja2.ext import Extension
from jinja2.lexer import Token
from markupsafe import Markup, escape

from app.shared.languages import current_language

if TYPE_CHECKING:
    from flask.sansio.app import App
    from jinja2 import Template
    from jinja2.lexer import TokenStream


class PageDomain(Domain):  # type: ignore[misc]
    """The catalogues by language; the language is that of ``current_language()``, whatever Flask-Babel thinks."""

    def __init__(self) -> None:
        super().__init__()
        self._catalogues: dict[str, Any] = {}
        self._texts: dict[tuple[str, str], Markup] = {}

    def get_translations(self) -> Any:
        """Answer the catalogue of the page's language."""
        language = current_language()
        catalogue = self._catalogues.get(language)
        if catalogue is None:
            with force_locale(language):  # Flask-Babel remembers a locale for as long as a context lasts
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


class FixedTexts(Extension):
    """Writes ``{{ _('…') }}`` and ``{{ asset('…') }}`` into a template of one language when it is compiled."""

    _FUNCTIONS = frozenset({"_", "asset"})
    _TYPES = ("variable_begin", "name", "lparen", "string", "rparen", "variable_end")

    def filter_stream(self, stream: TokenStream) -> Iterator[Token]:
        """Yield the tokens, such calls without further arguments replaced by what they answer."""
        tokens = list(stream)
        if not self.environment.overlayed:  # of no particular language
            yield from tokens
            return
        types = tuple(token.type for token in tokens)
        at, width = 0, len(self._TYPES)
        while at < len(tokens):
            token = tokens[at]
            if types[at : at + width] == self._TYPES and tokens[at + 1].value in self._FUNCTIONS:
                function: Any = self.environment.globals[tokens[at + 1].value]
                yield Token(token.lineno, "data", str(escape(function(tokens[at + 3].value))))
                at += width
            else:
                yield token
                at += 1


class PageEnvironment(Environment):
    """Templates compiled once for each language, so that texts without values cost a page nothing."""

    def __init__(self, app: App, **options: Any) -> None:
        super().__init__(app, **options)
        self.add_extension(FixedTexts)
        self._by_language: dict[str, PageEnvironment] = {}

    def get_or_select_template(self, *args: Any, **options: Any) -> Template:
        """Answer a template, and with it those it extends or includes, in the language of the page."""
        language = current_language()
        if language not in self._by_language:
            self._by_language[language] = self.overlay()
        return Environment.get_or_select_template(self._by_language[language], *args, **options)

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """Answer the globals of a template: a plain mapping, because Jinja goes through it for each import."""
        return super().make_globals(d) if d else self.globals


def init_translations(app: Flask) -> None:
    """Afterwards code and templates take their texts from one domain; call it when Flask-Babel is bound."""
    domain = PageDomain()
    app.extensions["babel"].instance.domain_instance = domain
    app.jinja_env.globals["_"] = domain.in_template

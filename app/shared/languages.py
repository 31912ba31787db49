"""Languages of the site: German at the root, the others under a prefix such as ``/en``."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

from flask import request
from flask_babel import force_locale

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

LANGUAGES = {"de": "Deutsch", "en": "English", "nl": "Nederlands"}
DEFAULT_LANGUAGE = "de"
LOCALES = {"de": "de_DE", "en": "en_GB", "nl": "nl_NL"}
"""Language → the locale by which dates, times and numbers are written."""
_ENVIRON_KEY = "wirkreis.language"
_spoken: ContextVar[str | None] = ContextVar("spoken", default=None)


class LanguagePrefix:
    """WSGI middleware: takes ``/en`` or ``/nl`` off the path, so that every URL built inside carries it again."""

    def __init__(self, wsgi_app: WSGIApplication) -> None:
        self.wsgi_app = wsgi_app

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer the request with the language noted and the prefix moved to SCRIPT_NAME."""
        path = environ.get("PATH_INFO", "")
        first = path[1:3].lower()
        if first in LANGUAGES and first != DEFAULT_LANGUAGE and (len(path) == 3 or path[3] == "/"):
            environ[_ENVIRON_KEY] = first
            environ["SCRIPT_NAME"] = environ.get("SCRIPT_NAME", "") + f"/{first}"
            environ["PATH_INFO"] = path[3:] or "/"
        return self.wsgi_app(environ, start_response)


def current_language() -> str:
    """Answer the language that is spoken: that of ``speaking``, else of the page; German outside a request."""
    spoken = _spoken.get()
    if spoken is not None:
        return spoken
    try:
        environ = request.environ
    except RuntimeError:  # there is no request
        return DEFAULT_LANGUAGE
    language: str = environ.get(_ENVIRON_KEY, DEFAULT_LANGUAGE)
    return language


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Inside, texts, templates and dates are of this language, whatever the page's: for a mail to somebody else.

    Raises:
        ValueError: there is no such language.
    """
    if language not in LANGUAGES:
        raise ValueError(f"There is no language {language!r}; there are {', '.join(LANGUAGES)}.")
    token = _spoken.set(language)
    try:
        with force_locale(language):
            yield
    finally:
        _spoken.reset(token)


def current_locale() -> str:
    """Answer the locale by which this page writes dates, times and numbers."""
    return LOCALES[current_language()]


def in_language(names: Mapping[str, str], language: str | None = None) -> str:
    """Answer the text in the language of the page, else the German one, else any."""
    language = language or current_language()
    return names.get(language) or names.get(DEFAULT_LANGUAGE) or next(iter(names.values()), "")


def language_url(language: str, path: str | None = None) -> str:
    """Answer the address of this page (or of ``path``, from the root) in another language, its query kept."""
    if path is None:
        query = request.query_string.decode("utf-8", "replace")
        path = request.path + (f"?{query}" if query else "")
    return path if language == DEFAULT_LANGUAGE else f"/{language}{path}"

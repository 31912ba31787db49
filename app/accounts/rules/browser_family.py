"""Which browser a session was begun with, roughly: enough for somebody to recognise their own device."""

from __future__ import annotations

UNKNOWN = "other"
_BROWSERS = (
    ("edge", ("Edg/", "EdgA/", "EdgiOS/")),
    ("opera", ("OPR/", "Opera")),
    ("samsung", ("SamsungBrowser/",)),
    ("firefox", ("Firefox/", "FxiOS/")),
    ("chrome", ("Chrome/", "Chromium/", "CriOS/")),
    ("safari", ("Safari/",)),
)
_SYSTEMS = (
    ("iphone", ("iPhone", "iPod")),
    ("ipad", ("iPad",)),
    ("android", ("Android",)),
    ("windows", ("Windows",)),
    ("mac", ("Macintosh", "Mac OS X")),
    ("linux", ("Linux", "X11", "CrOS")),
)
BROWSERS = (*(name for name, _marks in _BROWSERS), UNKNOWN)
SYSTEMS = (*(name for name, _marks in _SYSTEMS), UNKNOWN)


def browser_family(user_agent: str) -> str:
    """Answer the family of browser and system as ``firefox/windows``: no version, so nobody is told apart by it.

    Nearly every browser also names others in its User-Agent (RFC 9110, 10.1.5, advises against it); the order of the
    tables says whom to believe.
    """
    return f"{_first(_BROWSERS, user_agent)}/{_first(_SYSTEMS, user_agent)}"


def _first(table: tuple[tuple[str, tuple[str, ...]], ...], user_agent: str) -> str:
    return next((name for name, marks in table if any(mark in user_agent for mark in marks)), UNKNOWN)

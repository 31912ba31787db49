"""What roles, browsers and moments are called on pages."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_skeleton, format_time
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.accounts.rules.permissions import CLEARINGHOUSE, GROUP, INSURER, ORGANISATION, REGION, STATE
from app.shared.languages import current_locale

_CLOCK = ZoneInfo("Europe/Berlin")

ROLE_NAMES = {
    "group_contact": _l("Contact of a group"),
    "desk_staff": _l("Staff of a clearing house"),
    "desk_lead": _l("Head of a clearing house"),
    "insurer_officer": _l("Officer of a health insurer"),
    "funding_office": _l("Funding office"),
    "finance": _l("Finance"),
    "representative": _l("Representative of self-help"),
    "coordinator": _l("Coordination of the network"),
    "organisation_contact": _l("Contact of an organisation"),
    "admin": _l("Administration of the site"),
}
"""Role → its name."""
SCOPE_NAMES = {
    INSURER: _l("Health insurers"),
    REGION: _l("Funding regions"),
    STATE: _l("Länder"),
    ORGANISATION: _l("Organisations"),
}
"""What a role can be for, besides groups and houses → what several of it are called."""
WHAT_FOR = {
    GROUP: _l("This role is for one group; please name the group, and nothing else."),
    CLEARINGHOUSE: _l("This role is for one clearing house; please name it, and nothing else."),
    INSURER: _l("This role is for one insurer; please name it, and nothing else."),
    REGION: _l("This role is for one funding region; please name it, and nothing else."),
    STATE: _l("This role is for one Land or the whole network; please name the Land or nothing."),
    ORGANISATION: _l("This role is for one organisation; please name it, and nothing else."),
    None: _l("This role is for the whole network; please name nothing else."),
}
"""What a role is for → what to name when something else was named."""

_BROWSERS = {
    "edge": "Edge",
    "opera": "Opera",
    "samsung": "Samsung Internet",
    "firefox": "Firefox",
    "chrome": "Chrome",
    "safari": "Safari",
}
_SYSTEMS = {
    "iphone": "iPhone",
    "ipad": "iPad",
    "android": "Android",
    "windows": "Windows",
    "mac": "Mac",
    "linux": "Linux",
}


def browser_words(family: str) -> str:
    """Answer a family of ``rules/browser_family.py`` in words: "Firefox on Windows"."""
    browser, _slash, system = family.partition("/")
    name = _BROWSERS.get(browser) or _("A browser")
    return (
        _("%(browser)s on %(system)s", browser=name, system=_SYSTEMS[system]) if system in _SYSTEMS else name
    )


def moment_in_words(moment: datetime) -> str:
    """Answer a moment by the clock in Germany, in the language of the page: "26 Nov, 14:05"."""
    locale = current_locale()
    day = format_skeleton("MMMd", moment, tzinfo=_CLOCK, locale=locale)
    return f"{day}, {format_time(moment, 'short', tzinfo=_CLOCK, locale=locale)}"


def moment_with_year(moment: datetime) -> str:
    """Answer a moment as ``moment_in_words``, with its year."""
    locale = current_locale()
    day = format_skeleton("yMMMd", moment, tzinfo=_CLOCK, locale=locale)
    return f"{day}, {format_time(moment, 'short', tzinfo=_CLOCK, locale=locale)}"


def day_in_words(moment: datetime) -> str:
    """Answer the day of a moment in Germany, in the language of the page: "26 November 2026"."""
    return format_date(moment.astimezone(_CLOCK), "long", locale=current_locale())

"""The fixed words of a listing in the language of the page."""

from __future__ import annotations

from functools import lru_cache

from babel import Locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup

from app.groups.presentation import weekday_name
from app.groups.rules.vocabulary import FACETS
from app.shared.languages import DEFAULT_LANGUAGE, current_language

REPORT_REASONS = {
    "closed": _l("The group no longer exists"),
    "time": _l("The day or time is wrong"),
    "place": _l("The place is wrong"),
    "contact": _l("Nobody answers, or the contact is wrong"),
    "unsuitable": _l("This is not a self-help group, or it sells something"),
    "other": _l("Something else"),
}
"""What may be wrong with a listing."""
CLOSING_REASONS = {
    "too_few": _l("There are too few people"),
    "done": _l("The group is no longer needed"),
    "nobody": _l("Nobody can look after it any more"),
    "elsewhere": _l("It goes on in another form or place"),
    "other": _l("Something else"),
}
"""Why a group closes."""
FACET_NAMES = {
    "weekday": _l("Day"),
    "format": _l("In person or online"),
    "language": _l("Language"),
    "access": _l("Accessible"),
    "for": _l("For whom"),
    "audience": _l("Especially for"),
    "status": _l("Free places"),
}
_VALUES = {
    "format": {"in_person": _l("in person"), "online": _l("online"), "hybrid": _l("in person and online")},
    "status": {"open": _l("open"), "waiting_list": _l("waiting list"), "founding": _l("just starting")},
    "for": {"affected": _l("people going through it themselves"), "relatives": _l("relatives and friends")},
    "audience": {
        "young": _l("young people"),
        "older": _l("older people"),
        "women": _l("women"),
        "men": _l("men"),
        "lgbtq": _l("queer people"),
        "parents": _l("parents"),
        "children": _l("children"),
        "migrants": _l("people who came from abroad"),
    },
    "access": {
        "step_free": _l("step-free"),
        "lift": _l("lift"),
        "accessible_toilet": _l("accessible toilet"),
        "hearing_loop": _l("hearing loop"),
        "parking_disabled": _l("accessible parking"),
        "guide_dog": _l("guide dogs welcome"),
        "sign_language": _l("sign language"),
        "easy_language": _l("easy language"),
    },
}
LIFE_LABELS = {
    "submitted": _l("waiting for review"),
    "listed": _l("listed"),
    "paused": _l("paused"),
    "dormant": _l("asleep"),
    "closed": _l("no longer exists"),
    "declined": _l("not accepted"),
    "merged": _l("joined with another"),
}
"""The states in the life of a group (``rules/life.py``), as those who look after it and the history say them."""
SECTOR_NAMES = {
    "health": _l("Health"),
    "psychosocial": _l("Life and relationships"),
    "social": _l("Living together"),
}


def row_words() -> dict[str, str | Markup]:
    """Answer the texts that rows of a list may need; ``german`` marks German texts on pages in another language."""
    return {
        "by_appointment": _("by appointment"),
        "for_relatives": _("for relatives"),
        "place_by_house": _("the clearing house tells the place"),
        "unconfirmed": _("not confirmed for over a year"),
        "german": german(),
    }


def german() -> Markup:
    """Answer the attribute that tells a screen reader to read a text as German; nothing on German pages."""
    return Markup("") if current_language() == DEFAULT_LANGUAGE else Markup(' lang="de"')


@lru_cache(maxsize=8)
def facet_labels(language: str) -> dict[str, dict[str, str]]:
    """Answer facet → value → words; call it within a request in that language."""
    names = Locale.parse(language).languages
    labels = {
        facet: {value: str(text) for value, text in values.items()} for facet, values in _VALUES.items()
    }
    labels["weekday"] = {value: weekday_name(int(value), language) for value in FACETS["weekday"]}
    labels["language"] = {code: names.get(code, code) for code in FACETS["language"]}
    return labels


@lru_cache(maxsize=8)
def facet_titles(_language: str) -> dict[str, str]:
    """Answer facet → what its filter is called; call it within a request in that language."""
    return {facet: str(title) for facet, title in FACET_NAMES.items()}

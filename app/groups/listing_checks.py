"""What the columns of a listing must keep to before they are stored; a draft and a change go the same way.

``tidy_columns`` first, then ``check_columns``: what can be mended without a question is mended, the rest is refused.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _

from app.groups.rules.finder_columns import MAX_TOPICS
from app.groups.rules.life import STATES, may_become
from app.groups.rules.vocabulary import (
    ACCESS,
    AUDIENCES,
    CONTACT_WAYS,
    DISCLOSURES,
    FORMATS,
    LANGUAGE_CODES,
    STATUSES,
)
from app.shared.errors import RuleBroken

if TYPE_CHECKING:
    from app.groups.drafts import PlaceDraft

POINT_QUALITIES = ("exact", "postcode", "town", "pinned")
"""How well a point is known; a place without a point has the quality ``none``."""
_LONG_TEXTS = ("description", "first_visit", "internal_note")
_LINES = ("name", "website", "contact_name", "contact_phone", "contact_email")
_LISTS = ("audiences", "languages", "access")
_CHOICES = {
    "format": FORMATS,
    "status": STATUSES,
    "disclosure": DISCLOSURES,
    "contact_way": CONTACT_WAYS,
    "state": STATES,
}
_CHOICES_OF_MANY = {"audiences": AUDIENCES, "access": ACCESS, "languages": LANGUAGE_CODES}
CHANGEABLE = frozenset(
    {
        *_LONG_TEXTS,
        *_LINES,
        *_LISTS,
        *_CHOICES,
        "for_affected",
        "for_relatives",
        "contact_name_consented_at",
        "contact_phone_consented_at",
        "contact_email_consented_at",
        "last_confirmed_on",
        "clearinghouse_id",
    }
)
"""The columns of a group that may be given anew; its id, address, meeting place and moments are not among them."""

# Halves of surrogate pairs too: they are no characters and no database takes them.
_NOT_IN_A_LINE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_NOT_IN_A_TEXT = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


def tidy_columns(columns: Mapping[str, Any]) -> dict[str, Any]:
    """Answer the columns without blanks around lines and without control characters in longer texts.

    Raises:
        TypeError: a text is not a string.
    """
    tidy = dict(columns)
    for name in (*_LINES, *_LONG_TEXTS):
        if not isinstance(tidy[name], str):
            raise TypeError(f"{name} is a text, not {tidy[name]!r}.")
    for name in _LINES:
        tidy[name] = tidy[name].strip(" ")
    for name in _LONG_TEXTS:
        plain = tidy[name].replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
        tidy[name] = _NOT_IN_A_TEXT.sub("", plain)
    for name in _LISTS:
        tidy[name] = list(tidy[name])
    return tidy


def check_columns(columns: Mapping[str, Any], *, has_place: bool) -> None:
    """Return quietly when the columns of a group, taken together, may be stored.

    Raises:
        RuleBroken: with a sentence for the person; ``field`` names the column.
    """
    _check_lines({name: columns[name] for name in _LINES})
    _check_texts(columns)
    for name, known in _CHOICES.items():
        _check_choice([columns[name]], known, field=name)
    for name, known in _CHOICES_OF_MANY.items():
        _check_choice(columns[name], known, field=name)
    if not (columns["for_affected"] or columns["for_relatives"]):
        raise RuleBroken(_("Please say whom the group is for."), field="for_affected")
    if columns["format"] != "online" and not has_place:
        raise RuleBroken(_("Please say where the group meets."), field="place")


def check_topics(slugs: Sequence[str], *, known: Collection[str]) -> None:
    """Return quietly when a group may have these topics.

    Raises:
        RuleBroken: one is not known, or there are too many or none; ``field`` is ``topics``.
    """
    unknown = [slug for slug in slugs if slug not in known]
    if unknown:
        message = _(
            "There is no topic “%(slug)s”. Please choose one from the list of topics.", slug=unknown[0][:60]
        )
        raise RuleBroken(message, code="unknown_topic", field="topics")
    if not 1 <= len(set(slugs)) <= MAX_TOPICS:
        raise RuleBroken(_("Please choose one to %(count)s topics.", count=MAX_TOPICS), field="topics")


def check_state(state: str, other: str) -> None:
    """Return quietly when a group may go from a state to another (``rules/life.py``).

    Raises:
        RuleBroken: it may not.
    """
    if not may_become(state, other):
        message = _("The group is not in a state in which this can be done. Please load the page again.")
        raise RuleBroken(message, code="wrong_state", field="state")


def check_place(place: PlaceDraft, *, needs_address: bool = True) -> None:
    """Return quietly when the place may be stored: an address in plain lines, and a whole point or none.

    Without ``needs_address`` the town is enough: a group that is just starting looks for its room.

    Raises:
        RuleBroken: with a sentence for the person; ``field`` names the part.
    """
    _check_lines(
        {"place": place.name, "street": place.street, "postcode": place.postcode, "town": place.town}
    )
    has_address = bool(place.name.strip() or place.street.strip())
    if (needs_address and not has_address) or not place.town.strip():
        raise RuleBroken(_("Please give the street or the name of the place, and the town."), field="place")
    if place.latitude is None and place.longitude is None:
        return
    if place.latitude is None or place.longitude is None:
        raise RuleBroken(
            _("A point needs both latitude and longitude. Please give both, or neither."),
            code="bad_point",
            field="longitude" if place.longitude is None else "latitude",
        )
    check_point(place.latitude, place.longitude)
    if place.point_quality not in POINT_QUALITIES:
        raise RuleBroken(
            _(
                "Please say how well the point is known: %(known)s. Or leave the point out.",
                known=", ".join(POINT_QUALITIES),
            ),
            code="bad_point",
            field="point_quality",
        )


def check_point(latitude: float, longitude: float) -> None:
    """Return quietly when the point, in degrees, lies on the globe.

    Raises:
        RuleBroken: it does not.
    """
    # Not a number and the infinities fail these comparisons, too.
    if not (math.fabs(latitude) <= 90 and math.fabs(longitude) <= 180):
        raise RuleBroken(_("Please put the pin on the map."), code="bad_point", field="latitude")


def _check_lines(lines: Mapping[str, str]) -> None:
    for name, line in lines.items():
        if _NOT_IN_A_LINE.search(line):
            raise RuleBroken(
                _("This is one line of text. Please take out line breaks and control characters."),
                field=name,
            )


def _check_texts(columns: Mapping[str, Any]) -> None:
    if not 3 <= len(columns["name"].strip()) <= 120:
        raise RuleBroken(_("Please give the group a name of 3 to 120 characters."), field="name")
    if len(columns["description"]) > 5_000:
        raise RuleBroken(
            _("Please describe the group in at most 5,000 characters."),
            field="description",
        )
    if columns["website"] and not columns["website"].startswith(("https://", "http://")):
        raise RuleBroken(_("Please give the website with https:// in front."), field="website")


def _check_choice(values: Iterable[Any], known: Collection[str], *, field: str) -> None:
    for value in values:
        if value not in known:
            raise RuleBroken(
                _(
                    "“%(value)s” cannot be chosen here. Possible are: %(known)s.",
                    value=str(value)[:60],
                    known=", ".join(known),
                ),
                field=field,
            )

"""Rows of a list of groups as HTML, each made once for a group and language and then kept without its distance."""

from __future__ import annotations

from collections.abc import Iterable

from flask import current_app, get_template_attribute, request
from markupsafe import Markup, escape

from app.groups.labels import facet_labels, row_words
from app.groups.presentation import distance_words
from app.groups.queries import GroupCard
from app.shared.languages import current_language
from app.shared.page_parts import GAP, around_gap

MAX_KEPT = 10_000
_EXTENSION = "group_rows"
_DISTANCE = GroupCard._fields.index("distance_km")
KeptRows = dict[tuple[int, bool], tuple[GroupCard, str, str]]
"""Group id and whether a distance is shown → the card as it was, and the HTML before and after the distance."""


def group_rows(cards: Iterable[GroupCard], heading: str = "h2") -> Markup:
    """Answer the rows of a list; a kept row is used only for a card that is the same in everything but the distance."""
    kept = _kept_rows(heading)
    parts: list[str] = []
    for card in cards:
        distance_km = card.distance_km
        row = kept.get((card.id, distance_km is not None))
        if row is None or not _is_alike(row[0], card):
            row = kept[card.id, distance_km is not None] = (card, *around_gap(_row(card, heading)))
        parts.append(row[1])
        if distance_km is not None:
            roughly = card.place is None or card.place.precision != "exact"
            parts.append(escape(distance_words(distance_km, roughly=roughly)))
        parts.append(row[2])
    return Markup("".join(parts))  # noqa: S704 - rows of a template, which escapes, and escaped distances


def _kept_rows(heading: str) -> KeptRows:
    """Answer the rows kept for pages of this language and address; at most so many of all kinds."""
    by_page: dict[tuple[str, ...], KeptRows] = current_app.extensions.setdefault(_EXTENSION, {})
    if sum(map(len, by_page.values())) > MAX_KEPT:
        by_page.clear()
    return by_page.setdefault((current_language(), request.script_root, heading), {})


def _is_alike(one: GroupCard, other: GroupCard) -> bool:
    """Whether two cards differ at most in the distance; mostly their values are the very same objects."""
    return one[:_DISTANCE] == other[:_DISTANCE] and one[_DISTANCE + 1 :] == other[_DISTANCE + 1 :]


def _row(card: GroupCard, heading: str) -> str:
    row = get_template_attribute("groups/_row.html", "row")
    return str(row(card, facet_labels(current_language()), row_words(), heading=heading, distance=GAP))

"""What the finder's page is made of, beside the groups: filters with counts, chips, addresses, ways on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import request
from flask_babel import gettext as _

from app.groups.forms import DEFAULT_RADIUS_KM, FinderRequest
from app.groups.labels import FACET_NAMES, facet_labels
from app.groups.presentation import date_words
from app.groups.ways_on import RADII_KM, wider_radii
from app.shared.languages import current_language, in_language

SHOWN_FACETS = ("weekday", "format", "access", "for", "status", "language", "audience")
_QUIET = {"q", "near", "lat", "lon", "radius_km", "page", "sort"}


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a filter: what it is called, how many groups it would leave, whether it is set."""

    value: str
    label: str
    count: int
    is_set: bool


@dataclass(frozen=True, slots=True)
class FacetFilter:
    """One filter of the bar; ``summary`` says what is set."""

    name: str
    label: str
    summary: str
    choices: list[Choice]


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter that is set, and the address without it."""

    label: str
    url: str


def facet_filters(asked: FinderRequest, facets: Mapping[str, Mapping[str, int]]) -> list[FacetFilter]:
    """Answer the filters with their counts; values that nobody has and nobody chose are left out."""
    labels = facet_labels(current_language())
    filters = []
    for name in SHOWN_FACETS:
        chosen = asked.values.get(name, ())
        counts = facets.get(name, {})
        words = labels[name]
        choices = [
            Choice(value, words[value], count, value in chosen)
            for value, count in counts.items()
            if count or value in chosen or name == "weekday"
        ]
        title = str(FACET_NAMES[name])
        summary = f"{title}: {', '.join(words[value] for value in chosen)}" if chosen else title
        filters.append(FacetFilter(name, title, summary, choices))
    return filters


def chips(asked: FinderRequest, *, house_names: Mapping[str, str]) -> list[Chip]:
    """Answer every filter that is set, each with the address that leaves it out."""
    labels = facet_labels(current_language())
    found = [Chip(in_language(topic.names), url_without("topic", topic.slug)) for topic in asked.topics]
    found += [
        Chip(labels[facet][value], url_without(facet, value))
        for facet, values in asked.values.items()
        for value in values
    ]
    found += [Chip(house_names.get(slug, slug), url_without("clearinghouse", slug)) for slug in asked.houses]
    for name, minute in (("time_from", asked.minute_from), ("time_to", asked.minute_to)):
        if minute is not None:
            words = f"{minute // 60:02}:{minute % 60:02}"
            text = _("from %(time)s", time=words) if name == "time_from" else _("until %(time)s", time=words)
            found.append(Chip(text, url_without(name)))
    for name, day in (("date_from", asked.date_from), ("date_to", asked.date_to)):
        if day is not None:
            words = date_words(day)
            text = _("from %(day)s", day=words) if name == "date_from" else _("until %(day)s", day=words)
            found.append(Chip(text, url_without(name)))
    if asked.box is not None:
        found.append(Chip(_("this part of the map"), url_without("bbox")))
    return found


def url_without(name: str, value: str | None = None) -> str:
    """Answer this address without a parameter, or without one of its values; back to the first page."""
    pairs = [
        (key, text)
        for key, text in request.args.items(multi=True)
        if text and key != "page" and not (key == name and value in {None, text.strip()})
    ]
    return _address(pairs)


def url_with(**changes: object) -> str:
    """Answer this address with some parameters set (None takes one off); back to the first page."""
    pairs = [
        (key, text)
        for key, text in request.args.items(multi=True)
        if text and key != "page" and key not in changes
    ]
    return _address([*pairs, *((key, str(value)) for key, value in changes.items() if value is not None)])


def page_url(number: int) -> str:
    """Answer the address of another page of the list."""
    return (
        url_with(page=number if number > 1 else None)
        if number == 1
        else f"{url_with()}{_joiner()}page={number}"
    )


def other_filters_url() -> str:
    """Answer the address with words and place only: every other filter taken off."""
    pairs = [(key, text) for key, text in request.args.items(multi=True) if text and key in _QUIET - {"page"}]
    return _address(pairs)


def map_query() -> str:
    """Answer the query string for the map's data: all filters, without page and order."""
    left_out = {"page", "sort", "bbox"}
    return urlencode(
        [(key, text) for key, text in request.args.items(multi=True) if text and key not in left_out]
    )


def next_radius(asked: FinderRequest) -> int | None:
    """Answer the next wider radius of the menu; None at the widest."""
    return next(iter(wider_radii(asked)), None)


def searched_words(asked: FinderRequest) -> str:
    """Answer in words what was searched: “Depression, 25 km um 50667 Köln”."""
    parts = [asked.q] if asked.q else []
    parts += [in_language(topic.names) for topic in asked.topics]
    if asked.place is not None and asked.place.is_area:
        parts.append(asked.place.label)
    elif asked.has_point:
        name = asked.place.label if asked.place else _("the chosen point")
        parts.append(_("%(km)s km around %(place)s", km=f"{asked.radius_km:g}", place=name))
    return ", ".join(parts)


def radius_choices(asked: FinderRequest) -> list[int | float]:
    """Answer the radii of the menu, the present one among them."""
    known: set[int | float] = {*RADII_KM, int(DEFAULT_RADIUS_KM)}
    present = asked.radius_km
    known.add(int(present) if present == int(present) else present)
    return sorted(known)


def _joiner() -> str:
    return "&" if "?" in url_with() else "?"


def _address(pairs: list[tuple[str, str]]) -> str:
    query = urlencode(pairs)
    return f"{request.script_root}{request.path}" + (f"?{query}" if query else "")

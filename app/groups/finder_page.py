"""What the finder's page is made of, beside the groups: filters with counts, chips, addresses, ways on."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from urllib.parse import quote_plus

from flask import g, get_template_attribute, request
from flask_babel import gettext as _
from markupsafe import Markup

from app.groups.forms import DEFAULT_RADIUS_KM, FinderRequest
from app.groups.labels import facet_labels, facet_titles
from app.groups.presentation import date_words
from app.groups.ways_on import RADII_KM, wider_radii
from app.shared.languages import current_language, in_language
from app.shared.page_parts import GAP, around_gap

SHOWN_FACETS = ("weekday", "format", "access", "for", "status", "language", "audience")
_WORDS_AND_PLACE = {"q", "near", "lat", "lon", "radius_km", "sort"}


@dataclass(frozen=True, slots=True)
class FacetFilter:
    """One filter of the bar; ``summary`` says what is set, ``choices`` is the HTML of its values with their counts."""

    name: str
    label: str
    summary: str
    choices: Markup


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter that is set, and the address without it."""

    label: str
    url: str


def facet_filters(asked: FinderRequest, facets: Mapping[str, Mapping[str, int]]) -> list[FacetFilter]:
    """Answer the filters with their counts; values that nobody has and nobody chose are left out."""
    language = current_language()
    labels, titles = facet_labels(language), facet_titles(language)
    filters = []
    for name in SHOWN_FACETS:
        chosen = asked.values.get(name, ())
        choices = []
        for value, count in facets.get(name, {}).items():
            is_set = value in chosen
            if count or is_set or name == "weekday":
                before, after = _choice(name, value, language, is_set=is_set, is_none=not count)
                choices.append(f"{before}{count}{after}")
        title = titles[name]
        summary = f"{title}: {', '.join(labels[name][value] for value in chosen)}" if chosen else title
        filters.append(FacetFilter(name, title, summary, Markup("".join(choices))))  # noqa: S704 - of a template
    return filters


@lru_cache(maxsize=1000)
def _choice(name: str, value: str, language: str, *, is_set: bool, is_none: bool) -> tuple[str, str]:
    """Answer one value of a filter as HTML, before and after its count."""
    choice = get_template_attribute("groups/_choice.html", "choice")
    return around_gap(
        choice(name, value, facet_labels(language)[name][value], GAP, is_set=is_set, is_none=is_none)
    )


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
    return _address(
        quoted
        for key, text, quoted in _parameters()
        if key != "page" and not (key == name and value in {None, text.strip()})
    )


def url_with(**changes: object) -> str:
    """Answer this address with some parameters set (None takes one off); back to the first page."""
    parts = [quoted for key, _text, quoted in _parameters() if key != "page" and key not in changes]
    parts += [_quoted(key, str(value)) for key, value in changes.items() if value is not None]
    return _address(parts)


def page_url(number: int) -> str:
    """Answer the address of another page of the list."""
    return url_with(page=number) if number > 1 else url_with()


@dataclass(frozen=True, slots=True)
class DayChip:
    """A link that asks for meetings from one day to another, both included."""

    label: str
    url: str
    first: date
    last: date


def quick_days(asked: FinderRequest, *, today: date) -> list[DayChip]:
    """Answer the days most asked for as links: today, this week, the weekend, next week; without those that are set."""
    monday = today - timedelta(days=today.isoweekday() - 1)
    spans = (
        (_("today"), today, today),
        (_("this week"), today, monday + timedelta(days=6)),
        (_("this weekend"), max(today, monday + timedelta(days=5)), monday + timedelta(days=6)),
        (_("next week"), monday + timedelta(days=7), monday + timedelta(days=13)),
    )
    return [
        DayChip(label, url_with(date_from=first, date_to=last), first, last)
        for label, first, last in spans
        if (asked.date_from, asked.date_to) != (first, last)
    ]


def other_filters_url() -> str:
    """Answer the address with words and place only: every chip taken off."""
    return _address_of(_WORDS_AND_PLACE)


def unfiltered_url() -> str:
    """Answer the address without day, time, format and the like; topic, house and part of the map stay."""
    return _address_of(_WORDS_AND_PLACE | {"topic", "clearinghouse", "bbox"})


def _address_of(kept: Collection[str]) -> str:
    return _address(quoted for key, _text, quoted in _parameters() if key in kept)


def map_query() -> str:
    """Answer the query string for the map's data: all filters, without page and order."""
    return "&".join(quoted for key, _text, quoted in _parameters() if key not in {"page", "sort", "bbox"})


def calendar_query() -> str:
    """Answer the query string for a calendar of what the page shows: all filters, without page and order."""
    return "&".join(quoted for key, _text, quoted in _parameters() if key not in {"page", "sort"})


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


def _parameters() -> list[tuple[str, str, str]]:
    """Answer name, value and both as part of an address for each parameter given, worked out once a page."""
    if "finder_parameters" not in g:
        given = request.args.items(multi=True)
        g.finder_parameters = [(key, text, _quoted(key, text)) for key, text in given if text]
    found: list[tuple[str, str, str]] = g.finder_parameters
    return found


def _quoted(key: str, text: str) -> str:
    return f"{quote_plus(key)}={quote_plus(text)}"


def _address(parts: Iterable[str]) -> str:
    query = "&".join(parts)
    return f"{request.script_root}{request.path}" + (f"?{query}" if query else "")

"""What the letter says by which money is claimed back, paragraph by paragraph."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app.funding.rules.notice_letter import Head, Office, Section, Texts, page
from app.funding.rules.reclaim import NOT_ACCEPTED, REVOKED


@dataclass(frozen=True, slots=True)
class ClaimTold:
    """What a group is told of a claim, sums and days as words; no ``interest_from``: no interest is asked for."""

    cause: str
    group: str
    to: Sequence[str]
    year: int
    number: str
    day: str
    cents: str
    kept: str
    used: str
    refused: Sequence[str]
    due: str
    interest_from: str
    served_days: int


def reclaim_letter(notices: Texts, texts: Texts, told: ClaimTold, office: Office) -> dict[str, Any]:
    """Answer everything that stands in the letter, as that of a notice."""
    shared = {name: notices[name] for name in ("facts", "greeting", "closing", "page_of", "remedy")}
    title = texts["title_revoked" if told.cause == REVOKED else "title"]
    own = {"version": texts["version"], "title": {told.cause: title}}
    own |= {name: texts[name] for name in ("why", "weighed", "pay")}
    names = {
        name: getattr(told, name)
        for name in ("year", "group", "kept", "used", "due", "interest_from", "number")
    }
    refused = told.refused if told.cause == NOT_ACCEPTED else ()
    interest = texts["pay"]["interest" if told.interest_from else "no_interest"]
    sections: list[Section] = [
        ("why", texts["why"][told.cause], refused, ()),
        ("weighed", texts["weighed"]["text"], (), ()),
        ("pay", [*texts["pay"]["text"], *interest], (), ()),
        ("remedy", notices["remedy"]["text"], (), ()),
    ]
    return page(
        {**shared, **own},
        Head(told.cause, texts["subject"].format_map(names), told.to, told.number, "", told.year, told.day),
        office,
        lead=texts["lead"][told.cause],
        money=[texts["sum"], told.cents],
        sections=sections,
        names={**names, "days": told.served_days},
    )


def claim_number(region_slug: str, year: int, reclaim_id: int) -> str:
    """Answer the file number of a claim, such as ``KOELN-2027-R00012``."""
    return f"{region_slug.upper()}-{year}-R{reclaim_id:05}"

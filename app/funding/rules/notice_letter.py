"""What a notice says, paragraph by paragraph: texts with names and sums put in, the same for paper and page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.funding.rules.notices import REJECTION, REVOCATION

Texts = Mapping[str, Any]
"""The German texts (``data/notice_texts.json``): by section, then by kind, lists of paragraphs with names in braces."""
Section = tuple[str, Sequence[str], Sequence[str], Sequence[str]]
"""A part of a notice under its heading: its name among the texts, paragraphs, a list, paragraphs after it."""


@dataclass(frozen=True, slots=True)
class Office:
    """Who issues a notice, and who answers for it."""

    body: str
    street: str
    postcode: str
    town: str
    person: str
    phone: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class Division:
    """What was divided in a region: among how many requests, over which sum, how much, and by which rule."""

    region: str
    count: str
    asked: str
    pot: str
    rule: Sequence[str]
    keep_years: int = 6
    note: str = ""
    """What the region tells its groups in its own words."""
    is_of_sitting: bool = False
    """Whether a joint sitting decided about each request by itself."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a notice tells a group, sums and days as words. ``proof`` is `simple` or `full`.

    ``due_key`` is `with_next_request` or `by_day`. ``replaced`` is number and day of the notice that this one replaces.
    """

    kind: str
    group: str
    contact: str
    house: Sequence[str]
    """Name, street and town of the clearing house that looks after the group; empty when its address is not known."""
    year: int
    number: str
    day: str
    request_number: str
    requested: str
    cents: str
    before: str
    added: str
    reasons: Sequence[str]
    proof: str
    due_key: str
    due: str
    served_days: int
    replaced: tuple[str, str] = ("", "")
    objected_on: str = ""
    """When the objection came by which more is granted; then ``reasons`` say why it helped."""


def letter(texts: Texts, told: Told, office: Office, division: Division) -> dict[str, Any]:
    """Answer everything that stands in a notice, as JSON takes it: head, lead, sum, sections, closing."""
    names = {
        **{
            name: getattr(told, name)
            for name in ("year", "group", "requested", "before", "added", "due", "objected_on")
        },
        **{name: getattr(division, name) for name in ("region", "count", "asked", "pot", "keep_years")},
        "replaced_number": told.replaced[0],
        "replaced_date": told.replaced[1],
        "days": told.served_days,
    }

    return page(
        texts,
        Head(
            told.kind,
            texts["subject"].format_map(names),
            _address(texts["facts"], told),
            told.number,
            told.request_number,
            told.year,
            told.day,
        ),
        office,
        lead=texts["lead"]["upheld" if told.objected_on else told.kind],
        money=[texts["sum"][told.kind], told.cents],
        sections=_sections(texts, told, division),
        names=names,
    )


@dataclass(frozen=True, slots=True)
class Head:
    """What stands at the top of any notice: its kind, about what, to whom (lines), its numbers, year and day."""

    kind: str
    subject: str
    to: Sequence[str]
    number: str
    request_number: str
    year: int
    day: str


def page(
    texts: Texts,
    head: Head,
    office: Office,
    *,
    lead: Sequence[str],
    money: Sequence[str],
    sections: Sequence[Section],
    names: Mapping[str, Any],
) -> dict[str, Any]:
    """Answer a whole notice as JSON takes it: ``names`` are put into every paragraph, those of the office too."""
    known = {**{name: getattr(office, name) for name in Office.__slots__}, **names}

    def said(lines: Sequence[str]) -> list[str]:
        return [text for line in lines if (text := line.format_map(known))]

    return {
        "version": texts["version"],
        "title": texts["title"][head.kind],
        "subject": head.subject,
        "sender": office.body,
        "reference": head.number,
        "sender_lines": [office.street, f"{office.postcode} {office.town}"],
        "return_line": f"{office.body} · {office.street} · {office.postcode} {office.town}",
        "to": list(head.to),
        "facts": _facts(texts["facts"], head, office),
        "greeting": texts["greeting"],
        "lead": said(lead),
        "sum": list(money),
        "sections": [
            {
                "heading": texts[section]["heading"],
                "text": said(before),
                "items": list(items),
                "after": said(after),
            }
            for section, before, items, after in sections
        ],
        "closing": said(texts["closing"]),
        "page_of": texts["page_of"],
    }


def _sections(texts: Texts, told: Told, division: Division) -> list[Section]:
    """Answer the sections of a kind: name, paragraphs, a list, paragraphs after it."""
    remedy: Section = ("remedy", texts["remedy"]["text"], (), ())
    if told.kind == REVOCATION:
        return [
            ("reasons", texts["reasons"]["revocation"], (), ()),
            ("refund", texts["refund"]["text"], (), ()),
            remedy,
        ]
    if division.note:
        own_words = division.note.replace("{", "{{").replace("}", "}}")
        remedy_after: list[Section] = [("region_note", [own_words], (), ()), remedy]
    else:
        remedy_after = [remedy]
    weighed = texts["considerations_in_sitting" if division.is_of_sitting else "considerations"]
    why: list[Section] = [
        ("reasons", texts["reasons"]["text"], told.reasons, ()),
        ("considerations", weighed["text"], division.rule, weighed["after"]),
    ]
    if told.objected_on:
        why = [("reasons", [*texts["reasons"]["upheld"]], told.reasons, ())]
    if told.kind == REJECTION:
        return [*why, *remedy_after]
    proof = [*texts["proof"][told.proof], *texts["proof"][told.due_key]]
    return [
        *why,
        ("purpose", texts["purpose"]["text"], (), ()),
        ("proof", proof, (), ()),
        ("audit", texts["audit"]["text"], (), ()),
        *remedy_after,
    ]


def _address(words: Mapping[str, str], told: Told) -> list[str]:
    """Answer the lines of the window: the group, who reads for it, and the house that passes it on."""
    lines = [told.group]
    if told.contact:
        lines.append(words["attention"].format(name=told.contact))
    if told.house:
        lines += [words["care_of"].format(house=told.house[0]), *told.house[1:]]
    return lines


def _facts(words: Mapping[str, str], head: Head, office: Office) -> list[list[str]]:
    """Answer what stands beside the window: name and value."""
    rows = [
        ("number", head.number),
        ("request", head.request_number),
        ("year", str(head.year)),
        ("date", head.day),
        ("person", office.person),
        ("phone", office.phone),
        ("email", office.email),
    ]
    return [[words[name], value] for name, value in rows if value]

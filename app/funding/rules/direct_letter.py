"""What a notice says about what was decided without a round: a project, a clearing house, an organisation."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.funding.rules.notice_letter import Head, Office, Section, Texts, page
from app.funding.rules.notices import REJECTION, REVOCATION

PROJECT, HOUSE, ORGANISATION = "project", "house", "organisation"


@dataclass(frozen=True, slots=True)
class FederalOffice:
    """Who issues notices about organisations of the whole country, and the Land in which it sits."""

    body: str
    street: str
    postcode: str
    town: str
    state_ags: str

    def answered_by(self, person: str) -> Office:
        """Answer it as it stands on a notice, with who answers for it."""
        return Office(self.body, self.street, self.postcode, self.town, person)


def read_federal_office(text: str) -> FederalOffice:
    """Answer the office of the whole country from the JSON of what institutions begin with.

    Raises:
        KeyError: something is missing.
    """
    row = json.loads(text)["federal_office"]
    return FederalOffice(**{name: row[name] for name in FederalOffice.__slots__})


@dataclass(frozen=True, slots=True)
class DirectTold:
    """What such a notice tells, sums and days as words.

    ``subject`` is one of those above, ``about`` the title of a project. ``reasons`` are whole sentences; ``to`` is who
    it is sent to, line by line, the name first. ``replaced`` is number and day of the notice that this one changes or
    revokes.
    """

    subject: str
    kind: str
    payee: str
    to: Sequence[str]
    number: str
    request_number: str
    year: int
    day: str
    requested: str
    cents: str
    reasons: Sequence[str]
    served_days: int
    about: str = ""
    begins: str = ""
    ends: str = ""
    proof_due: str = ""
    replaced: tuple[str, str] = ("", "")


def direct_letter(texts: Texts, own: Mapping[str, Any], told: DirectTold, office: Office) -> dict[str, Any]:
    """Answer everything that stands in it, as ``notice_letter.letter``; ``own`` are its own texts."""
    names = {
        "year": told.year,
        "payee": told.payee,
        "about": told.about,
        "requested": told.requested,
        "begins": told.begins,
        "ends": told.ends,
        "proof_due": told.proof_due,
        "replaced_number": told.replaced[0],
        "replaced_date": told.replaced[1],
        "days": told.served_days,
    }
    head = Head(
        told.kind,
        own["subject"][told.subject].format_map(names),
        told.to,
        told.number,
        told.request_number,
        told.year,
        told.day,
    )
    return page(
        texts,
        head,
        office,
        lead=own["lead"][told.kind],
        money=[texts["sum"][told.kind], told.cents],
        sections=_sections(texts, own, told),
        names=names,
    )


def _sections(texts: Texts, own: Mapping[str, Any], told: DirectTold) -> list[Section]:
    reasons: Section = ("reasons", own["reasons"][told.subject], told.reasons, ())
    remedy: Section = ("remedy", texts["remedy"]["text"], (), ())
    if told.kind == REVOCATION:
        return [reasons, ("refund", texts["refund"]["text"], (), ()), remedy]
    weighed: Section = ("considerations", own["considerations"][told.subject], (), ())
    if told.kind == REJECTION:
        return [reasons, weighed, remedy]
    return [
        reasons,
        weighed,
        ("purpose", own["purpose"][told.subject], (), ()),
        ("proof", own["proof"][told.subject], (), ()),
        ("audit", texts["audit"]["text"], (), ()),
        remedy,
    ]

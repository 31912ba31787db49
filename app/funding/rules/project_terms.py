"""On which terms an insurer funds projects in a Land: what it wants, until when, and who decides. Data, never code."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import date
from typing import Any

from app.funding.rules.region_rules import day_in

OWN, POOL, FLAT = "own", "pool", "flat"
GIVES = (OWN, POOL, FLAT)
"""Whether an insurer decides about the money of its projects itself, gives it together with others of the Land, or
puts it into flat grants, so that it has nothing for projects.
"""
LONGEST = 4_000
"""Characters of a text."""


@dataclass(frozen=True, slots=True)
class ProjectTerms:
    """The terms; days are month and day such as ``02-15``, None: all year (for new groups: as for all)."""

    criteria: str = ""
    focus: str = ""
    papers: str = ""
    """What it wants besides the request."""
    contact: str = ""
    deadline: str | None = None
    deadline_new: str | None = None
    gives: str = OWN
    source: str = ""
    doubts: tuple[str, ...] = ()
    """What the sources leave open."""

    def __post_init__(self) -> None:
        """Refuse what cannot be.

        Raises:
            ValueError: the sentence names the field.
        """
        for day in (self.deadline, self.deadline_new):
            if day is not None:
                day_in(2024, day)
        if self.gives not in GIVES:
            raise ValueError(f"{self.gives!r} is no way to give money to projects.")
        for name in ("criteria", "focus", "papers", "contact"):
            if len(getattr(self, name)) > LONGEST:
                raise ValueError(f"{name} has more than {LONGEST} characters.")

    def last_day(self, year: int, *, is_new: bool = False) -> date | None:
        """Answer the last day for requests of a funding year; None: all year."""
        day = (self.deadline_new if is_new else None) or self.deadline
        return None if day is None else day_in(year, day)


@dataclass(frozen=True, slots=True)
class Preset:
    """What is known of some insurers (by slug or family; without either, of all), in one Land or, with "", in all."""

    terms: Mapping[str, Any]
    state: str = ""
    insurers: tuple[str, ...] = ()
    families: tuple[str, ...] = ()

    def is_for(self, insurer: str, family: str, state: str) -> bool:
        """Whether it says something of an insurer in a Land."""
        names_it = not (self.insurers or self.families) or insurer in self.insurers or family in self.families
        return names_it and self.state in ("", state)


def read_terms_presets(text: str) -> tuple[Preset, ...]:
    """Answer the presets of a JSON list, from the general to the special.

    Raises:
        ValueError: no JSON, or a row with something that cannot be; the sentence gives its number.
    """
    presets = []
    for number, row in enumerate(json.loads(text), start=1):
        try:
            presets.append(
                Preset(
                    row["terms"],
                    row.get("state", ""),
                    tuple(row.get("insurers", ())),
                    tuple(row.get("families", ())),
                )
            )
            terms_from(row["terms"])
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError(f"Row {number}: {error}") from error
    return tuple(presets)


def preset_terms(presets: Iterable[Preset], insurer: str, family: str, state: str) -> ProjectTerms:
    """Answer what is known: later rows have the last word, sources and doubts of all of them stand side by side."""
    found: dict[str, Any] = {}
    sources: list[str] = []
    doubts: list[str] = []
    for each in presets:
        if each.is_for(insurer, family, state):
            found |= each.terms
            sources.append(str(each.terms.get("source", "")))
            doubts += each.terms.get("doubts", ())
    told = "; ".join(dict.fromkeys(each for each in sources if each))
    return terms_from({**found, "source": told, "doubts": list(dict.fromkeys(doubts))})


def terms_from(row: Mapping[str, Any]) -> ProjectTerms:
    """Answer the terms that a JSON object says.

    Raises:
        TypeError: a field that there is not.
        ValueError: one that cannot be.
    """
    return ProjectTerms(**{**row, "doubts": tuple(row.get("doubts", ()))})


def terms_row(terms: ProjectTerms) -> dict[str, Any]:
    """Answer terms as a JSON object, which ``terms_from`` reads."""
    return {**asdict(terms), "doubts": list(terms.doubts)}


def changed_terms(before: ProjectTerms, after: ProjectTerms) -> list[str]:
    """Answer the names of the fields that differ."""
    return sorted(
        each.name for each in fields(after) if getattr(before, each.name) != getattr(after, each.name)
    )


def everywhere(stored: ProjectTerms, of_land: ProjectTerms) -> ProjectTerms:
    """Answer terms that an insurer has set for all Länder as they hold in one: who decides there stays as it was."""
    return replace(stored, gives=of_land.gives)

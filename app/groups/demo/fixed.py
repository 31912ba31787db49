"""A few groups written by hand that every demonstration begins with: around 50667 Köln, mostly about depression."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

from app.groups.demo.spots import Spot
from app.groups.drafts import ContactDraft, GroupDraft, PlaceDraft
from app.groups.rules.recurrence import Rule

if TYPE_CHECKING:
    from app.groups.demo.houses import Houses

COLOGNE = "05315"
FIXED: list[dict[str, Any]] = json.loads((Path(__file__).parent / "fixed.json").read_text(encoding="utf-8"))


def fixed_groups(houses: Houses, *, today: date) -> list[GroupDraft]:
    """Answer the groups of the file; days in it are counted from today."""
    return [_draft(facts, houses=houses, today=today) for facts in FIXED]


def _draft(facts: dict[str, Any], *, houses: Houses, today: date) -> GroupDraft:
    place = PlaceDraft(**facts["place"], point_quality="exact") if "place" in facts else None
    postcode = place.postcode if place else "50667"
    point = (place.latitude, place.longitude) if place else (None, None)
    spot = Spot(postcode, "Köln", "Köln", "", COLOGNE, point[0] or 50.9405, point[1] or 6.9441)
    plain = {
        name: value
        for name, value in facts.items()
        if name not in {"place", "contact", "series", "confirmed_days_ago"}
    }
    return GroupDraft(
        **plain,
        clearinghouse_id=houses.draw(Random(facts["name"]), spot),  # noqa: S311 - invented data, not a secret
        last_confirmed_on=today - timedelta(days=facts["confirmed_days_ago"]),
        place=place,
        contact=_contact(facts["contact"], today),
        series=tuple(_rule(each, today) for each in facts["series"]),
    )


def _contact(facts: dict[str, Any], today: date) -> ContactDraft:
    """Answer the contact; ``consented`` names the fields that may be shown."""
    agreed_at = datetime.combine(today - timedelta(days=90), time(10), UTC)
    consents: dict[str, Any] = {f"{name}_consented_at": agreed_at for name in facts.get("consented", ())}
    plain = {name: value for name, value in facts.items() if name != "consented"}
    return ContactDraft(**plain, **consents)


def _rule(facts: dict[str, Any], today: date) -> Rule:
    return Rule(
        frequency=facts["frequency"],
        weekdays=(facts["weekday"],),
        starts_at_local=time.fromisoformat(facts["starts_at"]),
        duration_minutes=facts.get("duration_minutes", 90),
        first_on=today + timedelta(days=facts["first_in_days"]),
        interval=facts.get("interval", 1),
        ordinals=tuple(facts.get("ordinals", ())),
    )

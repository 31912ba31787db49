"""How demo groups are reached: invented people, phone numbers kept for films, addresses that lead nowhere."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.groups.drafts import ContactDraft
from app.groups.slugs import slug_of

if TYPE_CHECKING:
    from random import Random

NAMES: dict[str, Any] = json.loads((Path(__file__).parent / "names.json").read_text(encoding="utf-8"))
WAYS = ("relay", "clearinghouse", "phone", "email", "website")
WAY_WEIGHTS = (30, 33, 14, 16, 7)
LANDLINES = ("030 23125", "040 66969", "069 90009", "0221 4710", "089 99998")
"""Each with three more digits; the Bundesnetzagentur gives them to nobody, so that films may name them."""
MOBILE = "0171 39200"
"""With two more digits, likewise."""


def draw_phone(chance: Random) -> str:
    """Answer a number that belongs to nobody."""
    if chance.random() < 0.25:
        return f"{MOBILE}{chance.randrange(100):02d}"
    return f"{chance.choice(LANDLINES)} {chance.randrange(1000):03d}"


def draw_person(chance: Random) -> str:
    """Answer the name of an invented person."""
    return f"{chance.choice(NAMES['given_names'])} {chance.choice(NAMES['family_names'])}"


def email_of(chance: Random, person: str) -> str:
    """Answer an address of the person at a host that cannot exist."""
    given, _space, family = person.partition(" ")
    return (
        f"{slug_of(given)}.{slug_of(family)}{chance.randrange(10, 100)}@{chance.choice(NAMES['mail_hosts'])}"
    )


def draw_website(chance: Random, *, words: str) -> str:
    """Answer a website at a host that cannot exist."""
    return f"https://{slug_of(words, limit=50)}-{chance.randrange(10, 1000)}.example/"


def draw_contact(chance: Random, *, today: date) -> ContactDraft:
    """Answer a contact: everybody has a name, few have agreed that it is shown.

    Who wants to be phoned or written to has mostly agreed to that; without, the clearing house passes it on.
    """
    way = chance.choices(WAYS, WAY_WEIGHTS)[0]
    person = draw_person(chance)
    has_phone = way == "phone" or chance.random() < 0.5
    has_email = way in {"relay", "email"} or chance.random() < 0.5
    return ContactDraft(
        way=way,
        name=person,
        name_consented_at=_consent(chance, today, 0.06 if way == "clearinghouse" else 0.35),
        phone=draw_phone(chance) if has_phone else "",
        phone_consented_at=_consent(chance, today, 0.88 if way == "phone" else 0.08 * has_phone),
        email=email_of(chance, person) if has_email else "",
        email_consented_at=_consent(chance, today, 0.88 if way == "email" else 0.08 * has_email),
    )


def _consent(chance: Random, today: date, likely: float) -> datetime | None:
    """Answer a moment in the last years, or None."""
    lot, days, minutes = chance.random(), chance.randrange(1, 900), chance.randrange(9 * 60, 17 * 60)
    if lot >= likely:
        return None
    return datetime.combine(today - timedelta(days=days), time(minutes // 60, minutes % 60), UTC)

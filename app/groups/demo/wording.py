"""Names and descriptions of demo groups, put together from fragments that fit the facts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.groups.demo.contacts import NAMES, draw_person, draw_phone, email_of
from app.groups.demo.themes import FORMS

if TYPE_CHECKING:
    from random import Random

    from app.groups.demo.profiles import Profile

TEXTS: dict[str, Any] = json.loads((Path(__file__).parent / "texts.json").read_text(encoding="utf-8"))
LONGEST_NAME = 120
MOST_FRAGMENTS = 5
FIRST_VISIT = 0.60
TOGETHER = ("fünft", "sechst", "siebt", "acht", "neunt", "zehnt")
FEW = ("vier", "fünf", "sechs")
MANY = ("acht", "zehn", "zwölf", "vierzehn")

Fragment = str | dict[str, str]


def draw_name(chance: Random, profile: Profile) -> str:
    """Answer a name; it tells a place only if everybody may know that place."""
    theme = profile.theme
    place = _place_in_name(chance, profile)
    own = FORMS["own_names"].get(theme.slug)
    if own and profile.for_whom != "relatives" and chance.random() < 0.25:
        pattern = chance.choice(own) + (", {place}" if place else "")
    else:
        pattern = chance.choice(NAMES["with_place" if place else "without_place"][_kind(profile)])
    name = pattern.format(
        name=theme.name,
        mit=theme.mit,
        people=theme.people,
        People=theme.people[:1].upper() + theme.people[1:],
        motto=chance.choice(NAMES["mottos"]),
        place=place,
    )
    name += _ending(chance, profile)
    return name if len(name) <= LONGEST_NAME else f"{theme.name} {place}".strip()[:LONGEST_NAME]


def draw_description(chance: Random, profile: Profile, *, has_series: bool) -> str:
    """Answer two to five fragments: who meets, what they do, what must be known, and some of how it is."""
    register = "du" if chance.random() < 0.4 else "Sie"
    begin = [_opening(chance, profile), chance.choice(_doing(chance, profile))]
    needed = _needed(chance, profile, has_series=has_series)
    room = min(chance.randrange(4), MOST_FRAGMENTS - len(begin) - len(needed))
    optional = [fragment for fragment in _optional(chance, profile) if fragment not in begin]
    chance.shuffle(optional)
    welcome = [chance.choice(TEXTS["welcome"])] if room > 0 and profile.status == "open" else []
    fragments = [*begin, *optional[: max(0, room - len(welcome))], *needed, *welcome]
    values = _values(chance, profile)
    return " ".join(_said(fragment, register).format_map(values) for fragment in fragments)


def draw_first_visit(chance: Random, profile: Profile) -> str:
    """Answer what happens at the first visit, or nothing."""
    if chance.random() >= FIRST_VISIT:
        return ""
    pool = TEXTS["first_visit_online" if profile.format == "online" else "first_visit"]
    return " ".join(chance.sample(pool, 1 if chance.random() < 0.6 else 2))


def draw_internal_note(chance: Random) -> str:
    """Answer something that must never be shown, or nothing; who is named in it stands nowhere else."""
    if chance.random() >= 0.35:
        return ""
    person = draw_person(chance)
    phone, email = draw_phone(chance), email_of(chance, person)
    return str(chance.choice(TEXTS["internal_notes"])).format(person=person, phone=phone, email=email)


def _kind(profile: Profile) -> str:
    theme = profile.theme
    if profile.for_whom == "relatives" and theme.kind != "people":
        return "relatives_mit" if theme.mit else "relatives"
    return theme.kind


def _place_in_name(chance: Random, profile: Profile) -> str:
    """Answer "Köln", "Köln-Ehrenfeld", "Ehrenfeld" or nothing."""
    lot = chance.random()
    if not profile.may_name_place or lot < 0.2:
        return ""
    spot = profile.spot
    if spot.quarter and lot > 0.8:
        return spot.quarter
    return f"{spot.town}-{spot.quarter}" if spot.quarter and lot > 0.5 else spot.town


def _ending(chance: Random, profile: Profile) -> str:
    """Answer what is said behind the name: the audience, the language, that it is online."""
    endings = []
    pool = NAMES["audience_endings"].get(profile.audience)
    if pool and profile.theme.kind != "people" and chance.random() < 0.6:
        endings.append(chance.choice(pool))
    if profile.languages != ("de",) and chance.random() < 0.7:
        endings.append(f"({TEXTS['language_names'][profile.languages[-1]]})")
    if profile.format == "online" and chance.random() < 0.5:
        endings.append(chance.choice(("online", "– online", "(Online-Gruppe)")))
    return "".join(f" {ending}" for ending in endings)


def _opening(chance: Random, profile: Profile) -> Fragment:
    pools = TEXTS["opening"]
    people = pools["people"] if profile.status == "founding" else pools["people"] + pools["people_for_long"]
    if profile.theme.kind == "people":
        pool = people
    elif profile.for_whom != "affected":
        pool = pools[profile.for_whom]
    else:
        pool = people + 2 * pools[profile.theme.kind]
    chosen: Fragment = chance.choice(pool)
    return chosen


def _doing(chance: Random, profile: Profile) -> list[Fragment]:
    if profile.for_whom == "relatives":
        pool = "doing_relatives"
        return list(TEXTS[pool])
    family = profile.theme.family if chance.random() < 0.75 else "any"
    return list(TEXTS["doing"][family])


def _needed(chance: Random, profile: Profile, *, has_series: bool) -> list[Fragment]:
    """Answer the fragments without which the listing would not say what is true of the group; at most three."""
    needed: list[Fragment] = []
    if profile.languages != ("de",):
        language = profile.languages[-1]
        sentence = chance.choice(TEXTS["with_german" if "de" in profile.languages else "only_language"])
        greeting = TEXTS["greetings"].get(language, "")
        needed.append(
            sentence.replace("{language}", TEXTS["language_names"][language]) + f" {greeting}".rstrip()
        )
    if profile.format != "in_person":
        needed.append(chance.choice(TEXTS["format"][profile.format]))
    if profile.status != "open":
        needed.append(chance.choice(TEXTS["status"][profile.status]))
    elif not has_series:
        needed.append(chance.choice(TEXTS["no_series"]))
    elif profile.audience and len(needed) < 3:
        needed.append(chance.choice(TEXTS["audience"][profile.audience]))
    return needed


def _optional(chance: Random, profile: Profile) -> list[Fragment]:
    optional: list[Fragment] = list(chance.sample(TEXTS["spirit"], 2))
    optional.append(chance.choice(TEXTS["doing"]["any"]))
    if len(profile.theme.synonyms) > 1:
        optional.append(chance.choice(TEXTS["keywords"]))
    if profile.disclosure != "exact" and profile.format != "online":
        optional.append(chance.choice(TEXTS["hidden"]))
    return optional


def _said(fragment: Fragment, register: str) -> str:
    """Answer the fragment in the register of the whole text."""
    return fragment if isinstance(fragment, str) else fragment[register]


def _values(chance: Random, profile: Profile) -> dict[str, str]:
    theme = profile.theme
    synonyms = chance.sample(theme.synonyms, min(2, len(theme.synonyms)))
    return {
        "name": theme.name,
        "mit": theme.mit,
        "people": theme.people,
        "relatives": theme.relatives,
        "years": str(chance.randrange(3, 31)),
        "one": synonyms[0] if synonyms else theme.name,
        "two": synonyms[-1] if synonyms else theme.name,
        "together": chance.choice(TOGETHER),
        "few": chance.choice(FEW),
        "many": chance.choice(MANY),
    }

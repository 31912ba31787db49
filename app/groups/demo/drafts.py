"""Demo groups as drafts for the services: the same seed, geography and day give the same groups in the same order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import TYPE_CHECKING

from app.groups.demo.contacts import NAMES, draw_contact, draw_website
from app.groups.demo.fixed import fixed_groups
from app.groups.demo.houses import Houses
from app.groups.demo.meetings import draw_series
from app.groups.demo.profiles import Profile, Profiles
from app.groups.demo.spots import Spot, Spots
from app.groups.demo.themes import list_themes
from app.groups.demo.wording import draw_description, draw_first_visit, draw_internal_note, draw_name
from app.groups.drafts import GroupDraft, PlaceDraft

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

FIXED_FROM = 20
"""With so many groups or more, the fixed ones come first."""
BATCH = 2_000
SAME_VENUE = 0.18
VENUES_REMEMBERED = 4
AT_POSTCODE = 0.04
"""Share of places whose address was found only as far as the postcode."""
LONGEST_UNCONFIRMED_DAYS = 360
"""Less than a year, or thousands of groups would be asked on the first day; ``upkeep`` chooses some that are."""


def demo_groups(session: Session, *, count: int, random_seed: int, today: date) -> Iterator[GroupDraft]:
    """Yield so many groups; geography, topics and clearing houses must be there."""
    spots, houses = Spots(session), Houses(session)
    maker = _Maker(session, houses=houses, chance=Random(f"groups {random_seed}"), today=today)  # noqa: S311 - invented data, not a secret
    fixed = fixed_groups(houses, today=today) if count >= FIXED_FROM else []
    yield from fixed
    rest = count - len(fixed)
    where = Random(f"spots {random_seed}")  # noqa: S311 - likewise
    while rest > 0:
        for spot in spots.draw(where, min(BATCH, rest)):
            yield maker.make(spot)
        rest -= BATCH


class _Maker:
    """Makes one group after the other from the same chance; remembers venues, which several groups share."""

    def __init__(self, session: Session, *, houses: Houses, chance: Random, today: date) -> None:
        self._chance = chance
        self._today = today
        self._houses = houses
        self._profiles = Profiles(list_themes(session))
        self._venues: dict[str, list[PlaceDraft]] = defaultdict(list)

    def make(self, spot: Spot) -> GroupDraft:
        """Answer a group that meets at, or, if online, comes from a spot."""
        chance = self._chance
        profile = self._profiles.draw(chance, spot)
        series = draw_series(chance, today=self._today, is_founding=profile.status == "founding")
        contact = draw_contact(chance, today=self._today)
        name = draw_name(chance, profile)
        return GroupDraft(
            name=name,
            description=draw_description(chance, profile, has_series=bool(series)),
            first_visit=draw_first_visit(chance, profile),
            topics=profile.topics,
            for_affected=profile.for_whom != "relatives",
            for_relatives=profile.for_whom != "affected",
            audiences=(profile.audience,) if profile.audience else (),
            languages=profile.languages,
            format=profile.format,
            access=profile.access,
            status=profile.status,
            clearinghouse_id=self._houses.draw(chance, spot),
            place=None if profile.format == "online" else self._place(spot),
            disclosure=profile.disclosure,
            contact=contact,
            website=self._website(profile, needed=contact.way == "website"),
            internal_note=draw_internal_note(chance),
            last_confirmed_on=self._confirmed_on(),
            series=series,
        )

    def _place(self, spot: Spot) -> PlaceDraft:
        """Answer a venue at the spot, or one of the same postcode where another group meets already."""
        chance = self._chance
        known = self._venues[spot.postcode]
        if known and chance.random() < SAME_VENUE:
            return chance.choice(known)
        name = chance.choice(NAMES["venues"]).format(
            street_word=chance.choice(NAMES["street_words"]),
            saint=chance.choice(NAMES["saints"]),
            place=spot.quarter or spot.town,
        )
        venue = PlaceDraft(
            name=name,
            street=f"{chance.choice(NAMES['streets'])} {chance.randrange(1, 120)}",
            postcode=spot.postcode,
            town=spot.municipality,
            latitude=spot.latitude,
            longitude=spot.longitude,
            point_quality="exact",
        )
        if chance.random() < AT_POSTCODE:
            return replace(venue, point_quality="postcode")
        if len(known) < VENUES_REMEMBERED:
            known.append(venue)
        return venue

    def _website(self, profile: Profile, *, needed: bool) -> str:
        """Answer a website that tells no place that is not to be known."""
        if self._chance.random() > 0.18 and not needed:
            return ""
        words = profile.theme.slug
        if profile.may_name_place:
            words = f"{words}-{profile.spot.town}"
        return draw_website(self._chance, words=words)

    def _confirmed_on(self) -> date:
        """Answer a day of the last year, mostly a recent one."""
        share = self._chance.random() ** 2
        return self._today - timedelta(days=int(share * LONGEST_UNCONFIRMED_DAYS))

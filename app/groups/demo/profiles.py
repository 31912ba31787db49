"""The facts of a demo group, drawn before a word is written: theme, place, whom it is for, how it meets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.groups.demo.themes import FORMS, Theme
from app.groups.rules.vocabulary import ACCESS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

    from app.groups.demo.spots import Spot

RELATIVES_SHARE = 0.20
BOTH_SHARE = 0.15
FORMATS = ("in_person", "hybrid", "online")
FORMAT_WEIGHTS = (83, 8, 9)
STATUSES = ("open", "waiting_list", "founding")
STATUS_WEIGHTS = (82, 12, 6)
DISCLOSURES = ("exact", "area", "clearinghouse")
DISCLOSURE_WEIGHTS = (63, 20, 17)
PROTECTED_WEIGHTS = (20, 25, 55)
OTHER_LANGUAGE = 0.06
STEP_FREE = 0.60
AUDIENCES_OF_ANY = ("young", "young", "older", "women", "women", "men", "lgbtq", "parents", "migrants")
AUDIENCE_OF_ANY = 0.08
WITH_STEP_FREE = {"lift": 0.35, "accessible_toilet": 0.55, "parking_disabled": 0.35, "guide_dog": 0.2}
WITHOUT_STEP_FREE = {"guide_dog": 0.06, "accessible_toilet": 0.04}
ANYWHERE = {"hearing_loop": 0.06, "sign_language": 0.02, "easy_language": 0.04}


@dataclass(frozen=True, slots=True)
class Profile:
    """What is true of a group; ``for_whom`` is ``affected``, ``relatives`` or ``both``."""

    theme: Theme
    topics: tuple[str, ...]
    spot: Spot
    for_whom: str
    format: str
    status: str
    disclosure: str
    audience: str
    languages: tuple[str, ...]
    access: tuple[str, ...]

    @property
    def may_name_place(self) -> bool:
        """Whether name and texts may say where: only where the place is no secret, and there is one."""
        return self.format != "online" and self.disclosure == "exact"


class Profiles:
    """Draws profiles; the shares of relatives hold over all themes, though only some have such groups."""

    def __init__(self, themes: Sequence[Theme]) -> None:
        self._themes = list(themes)
        self._weights = [theme.weight for theme in themes]
        self._audience_of = {slug: key for key, slugs in FORMS["audiences"].items() for slug in slugs}
        everything = sum(self._weights)
        always = sum(theme.weight for theme in themes if theme.is_for_relatives_only) / everything
        eligible = max(1, sum(theme.weight for theme in themes if theme.may_have_relatives)) / everything
        self._relatives = max(0.0, RELATIVES_SHARE - always) / eligible
        self._both = BOTH_SHARE / eligible

    def draw(self, chance: Random, spot: Spot) -> Profile:
        """Answer the profile of one group."""
        theme = chance.choices(self._themes, self._weights)[0]
        group_format = chance.choices(FORMATS, FORMAT_WEIGHTS)[0]
        weights = PROTECTED_WEIGHTS if theme.family == "violence" else DISCLOSURE_WEIGHTS
        return Profile(
            theme=theme,
            topics=_topics(chance, theme),
            spot=spot,
            for_whom=self._for_whom(chance, theme),
            format=group_format,
            status=chance.choices(STATUSES, STATUS_WEIGHTS)[0],
            disclosure=chance.choices(DISCLOSURES, weights)[0],
            audience=self._audience(chance, theme),
            languages=_languages(chance),
            access=_access(chance, theme, has_place=group_format != "online"),
        )

    def _for_whom(self, chance: Random, theme: Theme) -> str:
        lot = chance.random()
        if theme.is_for_relatives_only:
            return "relatives"
        if not theme.may_have_relatives:
            return "affected"
        return (
            "relatives"
            if lot < self._relatives
            else "both"
            if lot < self._relatives + self._both
            else "affected"
        )

    def _audience(self, chance: Random, theme: Theme) -> str:
        """Answer the one audience a group speaks to, mostly none."""
        lot, other = chance.random(), chance.choice(AUDIENCES_OF_ANY)
        own = self._audience_of.get(theme.slug, "")
        if own:
            return own if lot < 0.7 else ""
        if theme.kind == "people" or (other == "lgbtq" and theme.family in {"body", "cancer"}):
            return ""
        return other if lot < AUDIENCE_OF_ANY else ""


def _topics(chance: Random, theme: Theme) -> tuple[str, ...]:
    count = chance.choices((0, 1, 2), (62, 28, 10))[0]
    return (theme.slug, *chance.sample(theme.related, min(count, len(theme.related))))


def _languages(chance: Random) -> tuple[str, ...]:
    if chance.random() >= OTHER_LANGUAGE:
        return ("de",)
    weights = FORMS["language_weights"]
    language = chance.choices(list(weights), list(weights.values()))[0]
    return ("de", language) if chance.random() < 0.6 else (language,)


def _access(chance: Random, theme: Theme, *, has_place: bool) -> tuple[str, ...]:
    """Answer features that go together; those of the building only where there is one."""
    likely = dict(ANYWHERE)
    for feature in ("sign_language", "easy_language", "hearing_loop"):
        if theme.slug in FORMS[feature]:
            likely[feature] = 0.75
    step_free = chance.random() < STEP_FREE
    if has_place:
        likely |= WITH_STEP_FREE if step_free else WITHOUT_STEP_FREE
        likely["step_free"] = float(step_free)
    else:
        del likely["hearing_loop"]
    return tuple(feature for feature in ACCESS if chance.random() < likely.get(feature, 0.0))

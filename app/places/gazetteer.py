"""The gazetteer: every place of the country in memory, so that what somebody types never leaves the server."""

from __future__ import annotations

import re
import threading
from bisect import bisect_left
from typing import TYPE_CHECKING

from flask import current_app, has_app_context

from app.places.borders import NearestPoints, german_districts
from app.places.matches import PlaceMatch, Resolution
from app.places.place_names import PlaceNames
from app.places.queries import list_districts, list_postcodes, list_states, list_towns
from app.places.rules.names import fold
from app.places.slips import SHORTEST

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike
    from sqlalchemy.orm import Session

MAX_TEXT = 200
"""Characters that are looked at; no label is as long."""
MAX_ALTERNATIVES = 12
_POSTCODE = re.compile(r"(?<![0-9])([0-9]{5})(?![0-9])")
_CLEARLY_LARGER = 10
_LARGE = 20_000
_EXTENSION = "gazetteer"
_building = threading.Lock()


class Gazetteer:
    """An index that never changes; build it with ``build_gazetteer``, get the process's own with ``get_gazetteer``."""

    def __init__(
        self,
        *,
        states: Sequence[PlaceMatch],
        districts: Sequence[PlaceMatch],
        postcodes: Sequence[PlaceMatch],
        towns: Sequence[PlaceMatch],
        alternates: Sequence[Sequence[str]],
    ) -> None:
        self.states = tuple(states)
        self.districts = tuple(districts)
        self.postcodes = tuple(sorted(postcodes, key=lambda place: place.name))
        self.towns = tuple(towns)
        self._codes = [place.name for place in self.postcodes]
        self._districts_by_ags = {place.district_ags: place for place in districts}
        self._names = PlaceNames(states=states, districts=districts, towns=towns, alternates=alternates)
        self._near_towns = NearestPoints([t.latitude for t in towns], [t.longitude for t in towns])
        self._near_postcodes = NearestPoints(
            [p.latitude for p in self.postcodes], [p.longitude for p in self.postcodes]
        )

    def suggest(self, q: str, limit: int = 8) -> list[PlaceMatch]:
        """Answer up to ``limit`` places that somebody who has typed this far may mean, the likeliest first."""
        folded = fold(q[:MAX_TEXT])
        digits = re.match(r"[0-9]{1,5}", folded)
        if digits:
            return self._postcodes_from(digits[0])[:limit]
        return self._names.suggest(folded, limit=limit)

    def resolve(self, near: str) -> Resolution:
        """Answer what the words mean: a label, a postcode, a name; several of equal standing as alternatives.

        A slip of the fingers is taken for the name only when one is clearly meant, else it is asked about.
        """
        text = near[:MAX_TEXT]
        folded = fold(text)
        labelled = self._names.labelled(folded)
        if labelled:
            return Resolution(labelled)
        code = _POSTCODE.search(text)
        if code:
            return self._resolve_postcode(code[1], rest=text.replace(code[1], " "))
        if folded.isdecimal() and folded.isascii():
            return Resolution(
                None, (self._postcodes_from(folded) or self._nearest_codes(folded))[:MAX_ALTERNATIVES]
            )
        meant = self._names.meant_by(folded)
        if meant:
            return Resolution(meant[0], meant[1 : MAX_ALTERNATIVES + 1])
        return self._resolve_slip(folded)

    def find_postcode(self, postcode: str) -> PlaceMatch | None:
        """Answer the postcode, or None when it is not given to an area."""
        at = bisect_left(self._codes, postcode)
        return self.postcodes[at] if at < len(self._codes) and self._codes[at] == postcode else None

    def districts_of_state(self, ags: str) -> list[str]:
        """Answer the keys of the districts of a Land, ascending; empty when there is no such Land."""
        return sorted(key for key in self._districts_by_ags if key is not None and key[:2] == ags)

    def districts_at(self, latitudes: ArrayLike, longitudes: ArrayLike) -> list[str]:
        """Answer the key of the district around each point, or of the nearest; ValueError if one is no number."""
        return german_districts().at(latitudes, longitudes)

    def nearest_town(self, latitude: float, longitude: float) -> PlaceMatch:
        """Answer the town whose centre is nearest to a point; ValueError if it is no number."""
        return self.nearest_towns([latitude], [longitude])[0]

    def nearest_towns(self, latitudes: ArrayLike, longitudes: ArrayLike) -> list[PlaceMatch]:
        """Answer the same for many points, same order."""
        return [self.towns[number] for number in self._near_towns.to(latitudes, longitudes)]

    def nearest_postcode(self, latitude: float, longitude: float) -> PlaceMatch:
        """Answer the postcode whose centre is nearest to a point; ValueError if it is no number."""
        return self.postcodes[self._near_postcodes.to([latitude], [longitude])[0]]

    def _resolve_postcode(self, code: str, *, rest: str) -> Resolution:
        place = self.find_postcode(code)
        if place:
            return Resolution(place)
        named = self._names.meant_by(fold(rest))
        return Resolution(None, [*named[: MAX_ALTERNATIVES // 2], *self._nearest_codes(code)])

    def _postcodes_from(self, digits: str) -> list[PlaceMatch]:
        """Answer the postcodes that begin so; four digits may have lost the zero that spreadsheets eat."""
        first, last = bisect_left(self._codes, digits), bisect_left(self._codes, digits + ":")
        found = list(self.postcodes[first:last])
        lost_zero = self.find_postcode("0" + digits) if len(digits) == 4 else None
        return [*found[:20], lost_zero] if lost_zero else found[:20]

    def _nearest_codes(self, code: str) -> list[PlaceMatch]:
        """Answer the five postcodes nearest by number; areas with near numbers are near each other."""
        if len(code) > 5:
            return []
        at = bisect_left(self._codes, code)
        around = self.postcodes[max(0, at - 5) : at + 5]
        return sorted(around, key=lambda place: (abs(int(place.name) - int(code)), place.name))[:5]

    def _resolve_slip(self, folded: str) -> Resolution:
        """Answer the place whose name is clearly a slip away, else what it might have been."""
        near = self._names.slips(folded)
        begun = self._names.suggest(folded, limit=MAX_ALTERNATIVES)
        nearest = near[0][1] if near else 0
        best = sorted((place for place, far in near if far == nearest), key=_weight, reverse=True)
        if best and len(folded) > SHORTEST and self._is_clear(folded, best, slips=nearest):
            return Resolution(best[0])
        others = [place for place, far in near if far > nearest]
        asked = [*self._names.partly_named(folded), *best, *others, *begun]
        return Resolution(None, list(dict.fromkeys(asked))[:MAX_ALTERNATIVES])

    def _is_clear(self, folded: str, best: list[PlaceMatch], *, slips: int) -> bool:
        """Whether the first of the nearest is meant: alone or by far the largest, with two slips only a large one."""
        first, second = _weight(best[0]), _weight(best[1]) if len(best) > 1 else 0
        if slips > 1 and (first < _LARGE or self._names.begins_name(folded)):
            return False
        return len(best) == 1 or first >= _CLEARLY_LARGER * max(second, 1)


def _weight(place: PlaceMatch) -> int:
    """Answer how likely a place is meant by a slip, in people; a Land like a city of millions."""
    return 3_000_000 if place.kind == "state" and place.label == place.name else place.population


def build_gazetteer(session: Session) -> Gazetteer:
    """Answer a gazetteer of what the tables hold now."""
    states = list_states(session)
    districts = list_districts(session, states=states)
    towns = list_towns(session, districts=districts)
    return Gazetteer(
        states=states,
        districts=districts,
        postcodes=list_postcodes(session, districts=districts),
        towns=[town for town, _ in towns],
        alternates=[names for _, names in towns],
    )


def get_gazetteer(session: Session) -> Gazetteer:
    """Answer the gazetteer of this application, built from the tables at the first call and after a load."""
    held = current_app.extensions.get(_EXTENSION)
    if held is None:
        with _building:
            held = current_app.extensions.get(_EXTENSION)
            if held is None:
                held = build_gazetteer(session)
                # An empty one is not kept: the data may be loaded by another process any moment.
                if held.towns:
                    current_app.extensions[_EXTENSION] = held
    return held


def forget_gazetteer() -> None:
    """Afterwards the next ``get_gazetteer`` of this application reads the tables again."""
    if has_app_context():
        current_app.extensions.pop(_EXTENSION, None)

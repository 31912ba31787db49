"""All names of towns, districts and Länder in one index: exact, loose, by beginning, by slip."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from app.places.rules.labels import STATE_OTHER_NAMES
from app.places.rules.name_index import NameIndex, TownName
from app.places.rules.names import LITTLE_WORDS, TITLES, fold, fold_plain, without_little_words
from app.places.rules.prefix_index import PrefixIndex
from app.places.slips import SlipIndex, slipped_beginnings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from app.places.matches import PlaceMatch

_OWN, _OTHER, _INNER = range(3)
_AREA_SLOTS = 2
_FEW = 3
_LARGE_TOWNS = 2_500


class PlaceNames:
    """Names to places; a place is known inside by its position: towns first, then Länder, then districts."""

    def __init__(
        self,
        *,
        states: Sequence[PlaceMatch],
        districts: Sequence[PlaceMatch],
        towns: Sequence[PlaceMatch],
        alternates: Sequence[Sequence[str]],
    ) -> None:
        self._places = (*towns, *states, *districts)
        self._towns = NameIndex(
            [TownName(t.name, tuple(names), t.population) for t, names in zip(towns, alternates, strict=True)]
        )
        self._labels = {fold(place.label): number for number, place in enumerate(self._places)}
        self._states: defaultdict[str, list[int]] = defaultdict(list)
        self._districts: defaultdict[str, list[int]] = defaultdict(list)
        for number, place in enumerate(self._places):
            if place.is_area:
                names = self._states if place.kind == "state" else self._districts
                for key in _area_keys(place):
                    names[key].append(number)
        self._prefixes = PrefixIndex(self._town_entries())
        self._area_prefixes = PrefixIndex(self._area_entries())
        self._slips: defaultdict[str, list[int]] = defaultdict(list)
        for key, town, _ in self._towns.written_forms():
            self._slips[key].append(town)
        for key, numbers in (*self._states.items(), *self._districts.items()):
            self._slips[key].extend(numbers)
        self._slip_index = SlipIndex(self._slips)
        large = (key for town in towns[:_LARGE_TOWNS] for key in (fold(town.name), fold_plain(town.name)))
        self._large_towns = list(dict.fromkeys(large))
        self._about: dict[str, frozenset[str]] = {}

    def labelled(self, folded: str) -> PlaceMatch | None:
        """Answer the place with this folded label."""
        number = self._labels.get(folded)
        return None if number is None else self._places[number]

    def meant_by(self, folded: str) -> list[PlaceMatch]:
        """Answer the places of equal standing that a folded name means, most populous first.

        Towns that bear the name come before a Land, a Land before towns that go by it, those before a
        district; only then names with a district or Land behind them, and loose spellings.
        """
        if not folded:
            return []
        if self._towns.is_real_name(folded):
            return self._take(self._towns.standing(folded))
        if folded in self._states:
            large = [town for town in self._towns.standing(folded) if self._places[town].population >= 10_000]
            return self._take([*self._states[folded], *large])
        return self._take(
            self._towns.standing(folded)
            or self._districts.get(folded, [])
            or self._qualified(folded)
            or self._towns.loose(folded)
            or self._abbreviated(folded)
        )

    def suggest(self, folded: str, *, limit: int) -> list[PlaceMatch]:
        """Answer places whose name begins so, those of exactly this name first; slips when there are few."""
        if not folded:
            return []
        own = [*self._towns.standing(folded), *self._states.get(folded, ()), *self._districts.get(folded, ())]
        towns = self._prefixes.find(folded, limit=limit) or self._prefixes.find(
            without_little_words(folded), limit=limit
        )
        areas = self._take(self._area_prefixes.find(folded, limit=limit)) if len(folded) > 1 else []
        begun = _together(self._take(towns), areas, limit=limit, is_begun_well=len(folded) >= _FEW)
        found = list(dict.fromkeys([*self._take(own), *begun]))
        if len(found) < _FEW:
            slips = (place for place, _ in self.slips(folded))
            found = list(dict.fromkeys([*found, *self.meant_by(folded), *slips]))
        if len(found) < _FEW:
            keys = slipped_beginnings(folded, self._large_towns, limit=limit)
            found = list(
                dict.fromkeys([*found, *(place for key in keys for place in self.meant_by(key)[:1])])
            )
        return found[:limit]

    def begins_name(self, folded: str) -> bool:
        """Whether a town's name begins so."""
        return bool(self._prefixes.find(folded, limit=1))

    def partly_named(self, folded: str) -> list[PlaceMatch]:
        """Answer the places that the longest part of a text means, for a text that means none as a whole."""
        words = folded.split()
        for length in range(len(words) - 1, 0, -1):
            for part in (words[:length], words[-length:]):
                name = " ".join(part)
                if len(name) >= _FEW and self._towns.is_real_name(name):
                    return self._take(self._towns.standing(name))
        return []

    def slips(self, folded: str) -> list[tuple[PlaceMatch, int]]:
        """Answer places whose name is a slip away and how far, nearest first, then most populous."""
        distances: dict[int, int] = {}
        for key, distance in self._slip_index.near(folded):
            for number in self._slips[key]:
                distances.setdefault(number, distance)
        ranked = sorted(
            distances.items(), key=lambda item: (item[1], -self._places[item[0]].population, item[0])
        )
        return [(self._places[number], distance) for number, distance in ranked]

    def _take(self, numbers: Iterable[int]) -> list[PlaceMatch]:
        return [self._places[number] for number in numbers]

    def _qualified(self, folded: str) -> list[int]:
        """Answer the towns of a name whose district or Land is named behind or before it ("Halle Gütersloh")."""
        words = folded.split()
        for split in range(len(words) - 1, 0, -1):
            for name, about in ((words[:split], words[split:]), (words[-split:], words[:-split])):
                fitting = self._bearers_about(" ".join(name), about)
                if fitting:
                    return fitting
        return []

    def _bearers_about(self, name: str, words: list[str]) -> list[int]:
        """Answer the towns of a name that have each of the words in their district or Land, or as a title."""
        about = [word for word in words if word not in LITTLE_WORDS and word not in TITLES]
        if not about:
            return self._towns.standing(name)
        return [town for town in self._towns.bearers(name) if self._words_about(town).issuperset(about)]

    def _words_about(self, town: int) -> frozenset[str]:
        """Answer the words of a town's district and Land."""
        place = self._places[town]
        about = self._about.get(place.district)
        if about is None:
            texts = (place.district, place.state, *STATE_OTHER_NAMES.get(place.state_ags, ()))
            about = frozenset(word for text in texts for word in f"{fold(text)} {fold_plain(text)}".split())
            self._about[place.district] = about
        return about

    def _abbreviated(self, folded: str) -> list[int]:
        """Answer the towns whose further words begin so ("Frankfurt a.M.", "Freiburg i. Br.")."""
        first, *others = without_little_words(folded).split() or [""]
        if not others:
            return []
        return [
            town
            for town in self._towns.bearers(first)
            if _begins(others, fold(self._places[town].name).split()[1:])
        ]

    def _town_entries(self) -> Iterator[tuple[str, int, int, int]]:
        for key, town, is_own in self._towns.written_forms():
            weight = self._places[town].population
            yield key, _OWN if is_own else _OTHER, weight, town
            yield without_little_words(key), _OTHER, weight, town
            for part in _parts_inside(key) if is_own else ():
                yield part, _INNER, weight, town
        for number, place in enumerate(self._places):
            if not place.is_area:
                yield fold(place.label), _OWN, place.population, number

    def _area_entries(self) -> Iterator[tuple[str, int, int, int]]:
        for names in (self._states, self._districts):
            for key, numbers in names.items():
                for number in numbers:
                    place = self._places[number]
                    # Länder, then what is called so, then what is only spoken of so ("Landkreis Mettmann").
                    rank = (
                        0
                        if place.kind == "state"
                        else 1
                        if key in {fold(place.name), fold(place.label)}
                        else 2
                    )
                    yield key, rank, 0, number


def _area_keys(place: PlaceMatch) -> set[str]:
    """Answer the folded names of a district or Land: its own, its label, and with the words put before it.

    A city that is a district is not known by its bare name: who writes that means the town.
    """
    if place.kind == "state":
        names = {place.name, f"Land {place.name}", f"Bundesland {place.name}"}
        names.update(STATE_OTHER_NAMES.get(place.state_ags, ()))
    elif place.label.startswith(f"{place.name} ("):
        names = {f"{word} {place.name}" for word in ("Stadtkreis", "Kreisfreie Stadt", "Stadt")}
    else:
        names = {place.name, place.label, *(f"{word} {place.name}" for word in ("Landkreis", "Kreis", "LK"))}
    return {form for name in names for form in (fold(name), fold_plain(name))}


def _together(
    towns: list[PlaceMatch], areas: list[PlaceMatch], *, limit: int, is_begun_well: bool
) -> list[PlaceMatch]:
    """Answer the towns with room kept for two areas, else an area hardly shows among so many.

    Once enough letters stand there, a Land that no town is called like comes first.
    """
    first = [
        place for place in areas if place.kind == "state" and place.label == place.name and is_begun_well
    ]
    kept = max(limit - len(first) - min(_AREA_SLOTS, len(areas) - len(first)), 0)
    return [*first, *towns[:kept], *areas]


def _parts_inside(key: str) -> Iterator[str]:
    """Answer what a name ends in from each of its further words on, little words aside."""
    words = key.split()
    for start in range(1, len(words)):
        if words[start] not in LITTLE_WORDS:
            yield " ".join(words[start:])


def _begins(parts: list[str], words: list[str]) -> bool:
    real = [word for word in words if word not in LITTLE_WORDS]
    return len(parts) == len(real) and all(
        word.startswith(part) for part, word in zip(parts, real, strict=True)
    )

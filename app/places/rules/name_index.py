"""Which towns a written name means, and which of them are of equal standing."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from app.places.rules.names import (
    MIN_RIVAL_LETTERS,
    fold,
    fold_plain,
    head_of,
    is_good_alternate,
    without_little_words,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

RIVAL_SHARE = 20
"""A town that only bears a name as a by-form counts beside its true bearer from a twentieth of its people."""


class TownName(NamedTuple):
    """A town as far as names go; population in people, 0 when unknown."""

    name: str
    alternates: tuple[str, ...]
    population: int


class NameIndex:
    """Towns by every way to write them; a town is known by its position in the sequence given."""

    def __init__(self, towns: Sequence[TownName]) -> None:
        self._populations = [town.population for town in towns]
        self._folded = [fold(town.name) for town in towns]
        self._names: defaultdict[str, list[int]] = defaultdict(list)
        self._alternates: defaultdict[str, list[int]] = defaultdict(list)
        self._heads: defaultdict[str, list[int]] = defaultdict(list)
        self._plain: defaultdict[str, list[int]] = defaultdict(list)
        self._loose: defaultdict[str, list[int]] = defaultdict(list)
        for number, town in enumerate(towns):
            self._add(number, town)

    def _add(self, number: int, town: TownName) -> None:
        folded = self._folded[number]
        plain = folded if town.name.isascii() else fold_plain(town.name)
        self._names[folded].append(number)
        if plain != folded:
            self._plain[plain].append(number)
        head = head_of(town.name)
        if head:
            self._heads[fold(head)].append(number)
            if not head.isascii():
                self._plain[fold_plain(head)].append(number)
        for key in self._add_alternates(number, town, {folded, plain}) | _loose_keys(
            town.name, folded, plain
        ):
            self._loose[key].append(number)

    def _add_alternates(self, number: int, town: TownName, own: set[str]) -> set[str]:
        """Afterwards the well-written alternates count; answers the loose keys, of the sloppy ones too."""
        loose = set()
        for alternate in town.alternates:
            key = fold(alternate)
            if key and key not in own:
                loose.add(without_little_words(key))
                if is_good_alternate(alternate):
                    self._alternates[key].append(number)
        return loose

    def standing(self, folded: str) -> list[int]:
        """Answer the towns that a folded name means in its own right, most populous first.

        Those that bear it as name, short name or in front of a by-name come together; those that it only
        names without its umlauts come after them. By-forms far smaller than a true bearer are left out.
        """
        real = self._names.get(folded, [])
        by_form = self._by_form(folded, is_real=bool(real))
        plain = self._plain.get(folded, [])
        if real:
            floor = max(self._populations[town] for town in real) / RIVAL_SHARE
            by_form = [town for town in by_form if self._populations[town] >= floor]
            plain = [town for town in plain if self._populations[town] >= floor]
        together = self._ranked([*real, *by_form])
        return together + [town for town in self._ranked(plain) if town not in together]

    def _by_form(self, folded: str, *, is_real: bool) -> list[int]:
        """Answer the towns with a by-name behind this name, or with it as another name.

        A foreign name ("Freiburg" for Freiberg) gives way to towns that are truly called so; the German
        short form of a longer name ("Wittenberg") stands beside them if it is long enough to be no accident.
        """
        heads = self._heads.get(folded, [])
        alternates = self._alternates.get(folded, [])
        if is_real or heads:
            long_enough = len(folded) >= MIN_RIVAL_LETTERS
            alternates = [
                town for town in alternates if long_enough and f" {folded} " in f" {self._folded[town]} "
            ]
        return [*heads, *alternates]

    def bearers(self, folded: str) -> list[int]:
        """Answer every town that a folded name may mean, by-forms and sloppy ones too, most populous first."""
        return self._ranked(
            town
            for index in (self._names, self._alternates, self._heads, self._plain, self._loose)
            for town in index.get(folded, ())
        )

    def is_real_name(self, folded: str) -> bool:
        """Whether a town bears exactly this name."""
        return folded in self._names

    def loose(self, folded: str) -> list[int]:
        """Answer the towns meant when little words, "Bad" and "Sankt" are set aside, most populous first."""
        return self._ranked(
            [*self._loose.get(folded, ()), *self._loose.get(without_little_words(folded), ())]
        )

    def written_forms(self) -> Iterable[tuple[str, int, bool]]:
        """Answer each written form, its town and whether it is the town's own name (for prefixes and slips)."""
        for index, is_own in ((self._names, True), (self._plain, True), (self._alternates, False)):
            for key, towns in index.items():
                for town in towns:
                    yield key, town, is_own

    def _ranked(self, towns: Iterable[int]) -> list[int]:
        return sorted(dict.fromkeys(towns), key=lambda town: (-self._populations[town], town))


def _loose_keys(name: str, folded: str, plain: str) -> set[str]:
    """Answer a name without little words, without "Bad" or "Sankt", and either side of its hyphen."""
    keys = {without_little_words(folded), without_little_words(plain)}
    if plain.startswith(("bad ", "sankt ")):
        keys |= {folded.split(" ", 1)[1], plain.split(" ", 1)[1]}
    for part in re.split(r"\s*-\s*", name, maxsplit=1) if "-" in name else ():
        if len(part) >= MIN_RIVAL_LETTERS:
            keys |= {fold(part), fold_plain(part)}
    return keys

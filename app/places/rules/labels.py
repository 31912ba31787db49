"""The unique German label of every place: what a choice shows and what is accepted back."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from app.places.rules.name_index import NameIndex, TownName
from app.places.rules.names import fold, head_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

CITY_TYPES = {"Kreisfreie Stadt": "kreisfreie Stadt", "Stadtkreis": "Stadtkreis"}
"""Types of districts that are one city, and how they stand behind its name."""
_SELF_EXPLAINING = ("kreis", "region ", "städteregion ", "regionalverband ")

STATE_OTHER_NAMES: dict[str, tuple[str, ...]] = {
    "01": ("SH", "Sleeswijk-Holstein"),
    "03": ("Lower Saxony", "Nedersaksen"),
    "05": ("NRW", "NW", "North Rhine-Westphalia", "Noordrijn-Westfalen", "Nordrhein Westphalen"),
    "06": ("Hesse",),
    "07": ("RLP", "Rhineland-Palatinate", "Rijnland-Palts", "Rheinland Phalz"),
    "08": ("BW", "BaWü", "Baden Wurttemberg"),
    "09": ("Bavaria", "Beieren", "Freistaat Bayern"),
    "10": ("Saar",),
    "13": ("MV", "Meck-Pomm", "Mecklenburg-Western Pomerania", "Mecklenburg-Voor-Pommeren"),
    "14": ("Saxony", "Saksen", "Freistaat Sachsen"),
    "15": ("Saxony-Anhalt", "Saksen-Anhalt"),
    "16": ("Thuringia", "Thüringen", "Freistaat Thüringen"),
}
"""What else the Länder are called, in short and in English and Dutch, by key."""


class TownFacts(NamedTuple):
    """What a town's label is made of; ``postcodes`` of its district, nearest first."""

    name: str
    alternates: tuple[str, ...]
    population: int
    district: str
    state: str
    postcodes: Callable[[], Sequence[str]]


def state_label(name: str, *, is_also_town: bool) -> str:
    """Answer the name of a Land, with "Land" before it where a town is called the same."""
    return f"Land {name}" if is_also_town else name


def district_label(name: str, kind: str) -> str:
    """Answer "Landkreis Ahrweiler", "Rhein-Erft-Kreis", "Köln (kreisfreie Stadt)"."""
    if kind in CITY_TYPES:
        return f"{name} ({CITY_TYPES[kind]})"
    if any(word in name.lower() for word in _SELF_EXPLAINING):
        return name
    return f"{kind} {name}"


def district_in_words(name: str, kind: str) -> str:
    """Answer a district as it stands inside a town's label: a city by its bare name, else its label."""
    return name if kind in CITY_TYPES else district_label(name, kind)


def town_labels(towns: Sequence[TownFacts]) -> list[str]:
    """Answer one label per town, same order, no two alike after folding.

    A town whose name means it alone is labelled by its name; any other gets its district and Land, and where
    two in one district share the name, the nearest postcode that tells them apart.
    """
    index = NameIndex([TownName(town.name, town.alternates, town.population) for town in towns])
    labels = []
    for number, town in enumerate(towns):
        means_it_alone = index.standing(fold(town.name)) == [number]
        labels.append(town.name if means_it_alone else _long_label(town))
    how_often = Counter(map(fold, labels))
    taken = {key for key, count in how_often.items() if count == 1}
    for number, town in enumerate(towns):
        if how_often[fold(labels[number])] > 1:
            labels[number] = _label_with_postcode(town, taken)
            taken.add(fold(labels[number]))
    return labels


def _long_label(town: TownFacts, *, postcode: str = "") -> str:
    name = f"{town.name} ({postcode})" if postcode else town.name
    # "Oldenburg, Oldenburg (Oldb), Niedersachsen" would stammer.
    places = [
        place
        for place in dict.fromkeys((town.district, town.state))
        if town.name not in {place, head_of(place)}
    ]
    return ", ".join([name, *places])


def _label_with_postcode(town: TownFacts, taken: set[str]) -> str:
    candidates = (_long_label(town, postcode=postcode) for postcode in town.postcodes())
    found = next((label for label in candidates if fold(label) not in taken), None)
    if found is None:
        raise ValueError(f"No postcode tells {town.name} in {town.district} from its namesakes.")
    return found

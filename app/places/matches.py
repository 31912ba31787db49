"""What the gazetteer answers: places and resolutions."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["postcode", "town", "district", "state"]


@dataclass(frozen=True, slots=True)
class PlaceMatch:
    """A place with the label that names it alone; degrees WGS 84, for areas a point inside.

    ``district`` is the label of its district and ``district_ags`` the key; a Land has neither. ``state`` is the
    name of the Land. ``population`` is known for towns only, else 0.
    """

    kind: Kind
    name: str
    label: str
    latitude: float
    longitude: float
    district_ags: str | None
    district: str
    state_ags: str
    state: str
    population: int = 0

    @property
    def is_area(self) -> bool:
        """Whether the place is meant as everything inside its border, not as a point."""
        return self.kind in {"district", "state"}

    def as_item(self) -> dict[str, str | float | None]:
        """Answer the place as every interface shows it; ``label`` is accepted back as ``near``."""
        return {
            "label": self.label,
            "kind": self.kind,
            "name": self.name,
            "latitude": self.latitude,
            "longitude": self.longitude,
            "district": self.district or None,
            "state": self.state,
        }


@dataclass(frozen=True, slots=True)
class Resolution:
    """What somebody's words mean: the likeliest place, and others that they may mean as well.

    Without a match nothing is near enough to be taken for it, and the alternatives are guesses to ask about.
    """

    match: PlaceMatch | None
    alternatives: list[PlaceMatch] = field(default_factory=list)

"""What a visitor typed as a place, read with the gazetteer; pages ask back, machines get the likeliest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask_babel import gettext as _

from app.places.gazetteer import get_gazetteer
from app.shared.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

    from app.places.matches import PlaceMatch

LONGEST_NEAR = 100


@dataclass(frozen=True, slots=True)
class PlaceAsked:
    """The likeliest place and the others of the same name; without a place the others are near misses."""

    place: PlaceMatch | None
    others: list[PlaceMatch]


def near_given(args: Mapping[str, str]) -> str:
    """Answer the ``near`` of a query without what cannot be printed; such signs may not stand in a page."""
    return "".join(sign for sign in args.get("near", "") if sign.isprintable()).strip()


def read_place(session: Session, near: str) -> PlaceAsked:
    """Answer what a text means as a place.

    Raises:
        BadInput: the text is longer than any name of a place.
    """
    if len(near) > LONGEST_NEAR:
        raise BadInput(
            _("This is longer than any place name. Please type a postcode or the name of a town."),
            field="near",
        )
    resolution = get_gazetteer(session).resolve(near)
    return PlaceAsked(resolution.match, list(resolution.alternatives))

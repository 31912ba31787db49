"""What other packages say on the page of a clearing house: each adds its part in the factory."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from flask import current_app

if TYPE_CHECKING:
    from flask import Flask
    from markupsafe import Markup

    from app.clearinghouses.queries import HouseRow

    Part = Callable[[HouseRow], Markup]


def init_house_page_parts(app: Flask, parts: Sequence[Part]) -> None:
    """Afterwards the page of a house shows these parts, in this order."""
    app.extensions["house_page_parts"] = tuple(parts)


def house_page_parts(house: HouseRow) -> list[Markup]:
    """Answer what there is to say about a house, as boxes."""
    parts: tuple[Part, ...] = current_app.extensions["house_page_parts"]
    return [said for part in parts if (said := part(house))]

"""What a version of a listing must keep to before it is stored."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _

from app.groups.catalogue import get_catalogue
from app.groups.drafts import PlaceDraft
from app.groups.listing_checks import CHANGEABLE, check_columns, check_place, check_topics, tidy_columns
from app.groups.listings.content import PLACE_PARTS, columns_of, content_from
from app.groups.models import Group
from app.shared.errors import RuleBroken

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.shared.errors import DomainError

LONGEST = {
    "first_visit": 2_000,
    "website": 300,
    "contact_name": 120,
    "contact_phone": 60,
    "contact_email": 200,
}
"""Field → how many characters it may have; name and description are checked with every listing."""
LONGEST_PLACE_PART = 120


def tidy_content(session: Session, group: Group, content: Mapping[str, Any]) -> dict[str, Any]:
    """Answer the content of a group as it may be stored.

    Raises:
        RuleBroken: it may not; ``field`` is one of the version, or a part of the address.
    """
    columns = tidy_columns({name: getattr(group, name) for name in CHANGEABLE} | columns_of(content))
    place = place_draft(content)
    try:
        check_columns(columns, has_place=place is not None)
    except RuleBroken as error:
        raise _about_for_whom(error) from error
    if place is not None:
        check_place(place, needs_address=content["status"] != "founding")
        _check_lengths(content["place"], dict.fromkeys(PLACE_PARTS, LONGEST_PLACE_PART), prefix="place_")
    _check_lengths(columns, LONGEST)
    check_topics(content["topics"], known=get_catalogue(session).by_slug)
    return content_from(columns, topics=list(dict.fromkeys(content["topics"])), place=place or None)


def _check_lengths(texts: Mapping[str, str], longest: Mapping[str, int], *, prefix: str = "") -> None:
    for name, most in longest.items():
        if len(texts[name]) > most:
            raise RuleBroken(
                _("Please use at most %(count)s characters.", count=most), field=f"{prefix}{name}"
            )


def _about_for_whom(error: DomainError) -> DomainError:
    """Answer the refusal with the name that the field has in a version."""
    if error.field == "for_affected":
        error.field = "for_whom"
    return error


def place_draft(content: Mapping[str, Any]) -> PlaceDraft | None:
    """Answer the address of a content, whose point is looked up later; None for a group without a place."""
    place = content["place"]
    return None if place is None else PlaceDraft(**{part: place[part].strip() for part in PLACE_PARTS})

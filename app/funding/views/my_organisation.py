"""The organisations that whoever is signed in writes for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa
from flask import request

from app.accounts.guard import get_person
from app.funding.models import Organisation
from app.shared.error_pages import nothing_here
from app.shared.extensions import db

if TYPE_CHECKING:
    from collections.abc import Sequence


def my_organisation() -> Organisation:
    """Answer the organisation that ``organisation`` in the address names, else the first by name.

    Raises:
        NotFound: it is none of theirs.
    """
    wanted = request.args.get("organisation")
    found = next((each for each in my_organisations() if wanted in (None, each.slug)), None)
    if found is None:
        raise nothing_here()
    return found


def my_organisations() -> Sequence[Organisation]:
    """Answer all of them, by name."""
    ids = {each.organisation_id for each in get_person().actor.grants if each.organisation_id is not None}
    rows = sa.select(Organisation).where(Organisation.id.in_(ids)).order_by(Organisation.name)
    return db.session().scalars(rows).all()

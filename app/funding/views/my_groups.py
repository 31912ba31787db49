"""The groups that whoever is signed in may ask for money for."""

from __future__ import annotations

import sqlalchemy as sa

from app.accounts.guard import authorize
from app.groups.models import Group
from app.shared.error_pages import nothing_here
from app.shared.extensions import db


def my_group(slug: str) -> Group:
    """Answer a group that somebody may apply for.

    Raises:
        NotFound: there is none, or they may not.
    """
    group = db.session().scalar(sa.select(Group).where(Group.slug == slug))
    if group is None:
        raise nothing_here()
    authorize("request_funding", group_id=group.id, clearinghouse_id=group.clearinghouse_id)
    return group

"""The group that somebody may apply for, and the round that is open for it."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from app.accounts.guard import authorize, get_person
from app.accounts.rules.permissions import Scope, may
from app.funding.queries.applications import OpenRound, find_open_round
from app.groups.models import Group
from app.shared import clock
from app.shared.error_pages import nothing_here
from app.shared.extensions import db


@dataclass(frozen=True, slots=True)
class Mine:
    """The group, the round it can apply in, and whether staff of its house write on its behalf."""

    group: Group
    found: OpenRound | None
    is_staff: bool

    @property
    def round(self) -> OpenRound:
        """The round, where there is one.

        Raises:
            NotFound: there is none.
        """
        if self.found is None:
            raise nothing_here()
        return self.found


def my_group(slug: str) -> Group:
    """Answer a group that somebody may ask for money for.

    Raises:
        NotFound: there is none, or they may not.
    """
    group = db.session().scalar(sa.select(Group).where(Group.slug == slug))
    if group is None:
        raise nothing_here()
    authorize("request_funding", group_id=group.id, clearinghouse_id=group.clearinghouse_id)
    return group


def my_round(slug: str) -> Mine:
    """Answer a group that somebody may apply for.

    Raises:
        NotFound: there is none, or they may not.
    """
    session, group = db.session(), my_group(slug)
    is_staff = may(get_person().actor, "work_at_desk", Scope(clearinghouse_id=group.clearinghouse_id))
    return Mine(group, find_open_round(session, group.id, now=clock.now()), is_staff)

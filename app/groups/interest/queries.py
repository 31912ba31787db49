"""Reads of interest and foundings for the staff of a clearing house."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.clearinghouses.models import Catchment, ClearingHouse
from app.groups.models import Founding, Interest

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def find_open_founding(session: Session, topic_id: int, district_ags: str) -> Founding | None:
    """Answer the founding that is under way on a topic in a district, of whichever house."""
    return session.scalar(
        sa.select(Founding).where(
            Founding.topic_id == topic_id, Founding.district_ags == district_ags, Founding.state == "open"
        )
    )


def list_foundings(session: Session, house_id: int) -> list[Founding]:
    """Answer the foundings of a house: the open ones first, each the latest first."""
    own = sa.select(Founding).where(Founding.clearinghouse_id == house_id)
    return list(
        session.scalars(own.order_by(Founding.ended_at.is_not(None), Founding.started_at.desc(), Founding.id))
    )


def find_visible_interest(session: Session, house_id: int, interest_id: int) -> Interest | None:
    """Answer somebody's interest, if it counts and lies in a district of the house."""
    in_catchment = sa.exists().where(
        Catchment.clearinghouse_id == house_id, Catchment.district_ags == Interest.district_ags
    )
    return session.scalar(
        sa.select(Interest).where(
            Interest.id == interest_id, Interest.counts_since.is_not(None), in_catchment
        )
    )


def house_name(session: Session, house_id: int) -> str:
    """Answer the name of a house."""
    return session.scalars(sa.select(ClearingHouse.name).where(ClearingHouse.id == house_id)).one()

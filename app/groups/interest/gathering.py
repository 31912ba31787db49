"""Where interest gathers, for the staff of a clearing house: numbers everywhere, people only where they are needed."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa
from flask import current_app

from app.groups.interest.regions import districts_of_house
from app.groups.models import Founding, FoundingInvitation, Interest
from app.groups.rules.interest import enough_since

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from config import Config


@dataclass(frozen=True, slots=True)
class Gathered:
    """The interest in a topic in a district: how many by mail (confirmed) and by telephone.

    ``since`` is when there were enough, None while there are not; ``newest`` when the last one came.
    ``founding_id`` is the open founding, of whichever house; ``given_up_at`` when the last one was given up.
    """

    topic_id: int
    district_ags: str
    by_mail: int
    by_phone: int
    newest: datetime
    since: datetime | None = None
    founding_id: int | None = None
    founding_house_id: int | None = None
    given_up_at: datetime | None = None

    @property
    def total(self) -> int:
        """All who would come."""
        return self.by_mail + self.by_phone

    @property
    def is_chance(self) -> bool:
        """Whether somebody should call them together: enough, nobody does, and not just given up."""
        is_quiet = self.given_up_at is not None and self.newest <= self.given_up_at
        return self.since is not None and self.founding_id is None and not is_quiet


def enough_people() -> int:
    """Answer how many people are enough to begin."""
    config: Config = current_app.config["WIRKREIS"]
    return config.interest_enough


def list_gathered(
    session: Session, house_id: int, *, now: datetime, topic_id: int | None = None
) -> list[Gathered]:
    """Answer the interest in the districts of a house: where there is enough first, then the most."""
    return gathered_in(session, districts_of_house(session, house_id), now=now, topic_id=topic_id)


def find_gathered(session: Session, topic_id: int, district_ags: str, *, now: datetime) -> Gathered | None:
    """Answer the interest in a topic in a district; None when there is none."""
    found = gathered_in(session, [district_ags], now=now, topic_id=topic_id)
    return found[0] if found else None


def gathered_in(
    session: Session, districts: list[str], *, now: datetime, topic_id: int | None = None
) -> list[Gathered]:
    """Answer the interest in some districts, in the order of ``list_gathered``."""
    wanted = sa.select(
        Interest.topic_id, Interest.district_ags, Interest.email.is_not(None), Interest.counts_since
    ).where(*_counts(now), Interest.district_ags.in_(districts))
    if topic_id is not None:
        wanted = wanted.where(Interest.topic_id == topic_id)
    moments: defaultdict[tuple[int, str], list[tuple[bool, datetime]]] = defaultdict(list)
    for topic, ags, is_mail, since in session.execute(wanted):
        moments[topic, ags].append((is_mail, since))
    foundings = _foundings_in(session, districts)
    found = [_gathered(key, each, foundings.get(key, [])) for key, each in moments.items()]
    return sorted(found, key=lambda one: (one.since is None, -one.total, one.topic_id, one.district_ags))


def _gathered(
    key: tuple[int, str], people: list[tuple[bool, datetime]], foundings: list[Founding]
) -> Gathered:
    by_mail = sum(is_mail for is_mail, _since in people)
    moments = [since for _is_mail, since in people]
    going = next((each for each in foundings if each.state == "open"), None)
    given_up = [each.ended_at for each in foundings if each.state == "given_up" and each.ended_at]
    return Gathered(
        *key,
        by_mail=by_mail,
        by_phone=len(people) - by_mail,
        newest=max(moments),
        since=enough_since(moments, enough=enough_people()),
        founding_id=going.id if going else None,
        founding_house_id=going.clearinghouse_id if going else None,
        given_up_at=max(given_up, default=None),
    )


def _foundings_in(session: Session, districts: list[str]) -> dict[tuple[int, str], list[Founding]]:
    found: defaultdict[tuple[int, str], list[Founding]] = defaultdict(list)
    for founding in session.scalars(sa.select(Founding).where(Founding.district_ags.in_(districts))):
        found[founding.topic_id, founding.district_ags].append(founding)
    return found


@dataclass(frozen=True, slots=True)
class InterestedPerson:
    """Somebody who would come: how to reach them, and their ``answer`` to an invitation (None: none yet)."""

    interest: Interest
    is_invited: bool
    answer: str | None


def list_people(
    session: Session, topic_id: int, district_ags: str, *, now: datetime, founding: Founding | None
) -> list[InterestedPerson]:
    """Answer who would come to a group on a topic in a district, in the order in which they came."""
    rows = session.execute(
        sa.select(Interest, FoundingInvitation.round, FoundingInvitation.answer)
        .outerjoin(
            FoundingInvitation,
            sa.and_(
                FoundingInvitation.interest_id == Interest.id,
                FoundingInvitation.founding_id == (founding.id if founding else None),
                FoundingInvitation.round == (founding.round if founding else None),
            ),
        )
        .where(*_counts(now), Interest.topic_id == topic_id, Interest.district_ags == district_ags)
        .order_by(Interest.counts_since, Interest.id)
    )
    return [InterestedPerson(interest, round_ is not None, answer) for interest, round_, answer in rows]


def _counts(now: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    return (Interest.counts_since.is_not(None), Interest.expires_at > now)

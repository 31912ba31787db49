"""What waits for the staff of a house: topics with enough interest to begin, and foundings with an open step."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa
from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app.clearinghouses.models import ClearingHouse
from app.groups.catalogue import get_catalogue
from app.groups.interest.checklist import list_steps, next_step
from app.groups.interest.foundings import OPEN
from app.groups.interest.gathering import Gathered, list_gathered
from app.groups.interest.regions import district_words
from app.groups.models import Founding, Topic
from app.shared.languages import in_language
from app.shared.worklist import Waiting

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def waiting_foundings(session: Session, clearinghouse_id: int, now: datetime) -> Iterator[Waiting]:
    """Yield the founding chances and the open foundings of a house."""
    slug = session.scalars(sa.select(ClearingHouse.slug).where(ClearingHouse.id == clearinghouse_id)).one()
    chances = [each for each in list_gathered(session, clearinghouse_id, now=now) if each.is_chance]
    foundings = session.scalars(
        sa.select(Founding).where(Founding.clearinghouse_id == clearinghouse_id, Founding.state == OPEN)
    ).all()
    keys = {each.district_ags for each in chances} | {each.district_ags for each in foundings}
    districts = district_words(session, keys)
    for chance in chances:
        yield _chance(
            chance, districts[chance.district_ags], slug, get_catalogue(session).by_id[chance.topic_id]
        )
    for founding in foundings:
        step = next_step(list_steps(session, founding.id))
        yield Waiting(
            kind=_("Founding"),
            what=_(
                "%(topic)s, %(district)s: %(step)s",
                topic=in_language(get_catalogue(session).by_id[founding.topic_id].names),
                district=districts[founding.district_ags],
                step=step.title if step else _("all steps are done"),
            ),
            since=founding.worked_at,
            button=_("Go on"),
            url=url_for("groups.show_founding", founding_id=founding.id),
        )


def _chance(chance: Gathered, district: str, house: str, topic: Topic) -> Waiting:
    people = ngettext("%(num)s person is interested", "%(num)s people are interested", chance.total)
    return Waiting(
        kind=_("Founding chance"),
        what=_(
            "%(topic)s, %(district)s: %(people)s",
            topic=in_language(topic.names),
            district=district,
            people=people,
        ),
        since=chance.since or chance.newest,
        button=_("Look at it"),
        url=url_for("groups.interested_people", house=house, topic=topic.slug, district=chance.district_ags),
    )

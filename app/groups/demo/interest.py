"""Interest in groups that do not exist yet, and a founding under way, for a demonstration; people are invented."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.clearinghouses.models import Catchment
from app.groups.demo.contacts import draw_person, draw_phone, email_of
from app.groups.interest.checklist import save_steps
from app.groups.interest.consents import CURRENT, PURPOSE
from app.groups.interest.foundings import (
    NO,
    YES,
    MeetingDraft,
    answer_invitation,
    call_meeting,
    start_founding,
)
from app.groups.interest.regions import district_words, districts_of_house
from app.groups.meetings.closable import list_closable
from app.groups.meetings.schedules import WALL_CLOCK, day_of
from app.groups.models import Founding, Interest, Topic
from app.groups.rules.interest import fold_phone

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

OF_HOUSE = (
    ("long-covid", 7, 1),
    ("migraene-und-kopfschmerzen", 4, 0),
    ("lipoedem", 6, 0),
    ("stottern", 1, 1),
)
"""Topic, and how many wait in the first district of the demo house by e-mail and by telephone."""
FOUNDING = ("hochsensibilitaet", 11, 2)
ELSEWHERE = ("long-covid", "adhs", "endometriose", "tinnitus", "einsamkeit", "messie-syndrom")
DISTRICTS_ELSEWHERE = 40
KEPT = timedelta(days=365)
DONE_STEPS = ("expectations", "existing", "first_talk", "topic", "others", "room")


def make_demo_interest(session: Session, house_id: int, *, random_seed: int, now: datetime) -> None:
    """Afterwards the house has founding chances and one founding, and people wait all over the country."""
    chance = Random(f"interest {random_seed}")  # noqa: S311 - invented data, not a secret
    topics = dict(session.execute(sa.select(Topic.slug, Topic.id)).tuples().all())
    district = districts_of_house(session, house_id)[0]
    rows = []
    for slug, by_mail, by_phone in (*OF_HOUSE, FOUNDING):
        if slug in topics:
            rows += [_person(chance, topics[slug], district, now=now) for _ in range(by_mail)]
            rows += [_person(chance, topics[slug], district, now=now, phones=True) for _ in range(by_phone)]
    served = session.scalars(sa.select(Catchment.district_ags).distinct().order_by(Catchment.district_ags))
    others = [ags for ags in served if ags != district]
    for ags in chance.sample(others, min(DISTRICTS_ELSEWHERE, len(others))):
        topic = topics.get(chance.choice(ELSEWHERE))
        if topic is not None:
            rows += [_person(chance, topic, ags, now=now) for _ in range(chance.randrange(1, 13))]
    unique = {(row.topic_id, row.email or row.phone): row for row in rows}
    session.add_all(unique.values())
    session.flush()
    if FOUNDING[0] in topics:
        _found(session, house_id, topics[FOUNDING[0]], district, now=now)


def _person(
    chance: Random, topic_id: int, district_ags: str, *, now: datetime, phones: bool = False
) -> Interest:
    name = draw_person(chance)
    since = now - timedelta(days=chance.randrange(3, 330), minutes=chance.randrange(1_440))
    return Interest(
        topic_id=topic_id,
        district_ags=district_ags,
        place="",
        radius_km=None,
        email=None if phones else email_of(chance, name),
        phone=fold_phone(draw_phone(chance)) if phones else None,
        name=name.split()[0] if phones or chance.random() < 0.6 else "",
        language="de",
        consent_version=CURRENT,
        consent_purpose=PURPOSE,
        consent_way="telephone" if phones else "form",
        consented_at=since,
        entered_at=since,
        counts_since=since,
        expires_at=since + KEPT,
    )


def _found(session: Session, house_id: int, topic_id: int, district: str, *, now: datetime) -> None:
    """Call a meeting in ten days to which most have answered; the first steps are done."""
    founding_id = start_founding(session, house_id, topic_id, district, now=now - timedelta(days=20))
    founding = session.get_one(Founding, founding_id)
    places = [place.label for place in list_closable(session, house_id) if place.is_own]
    where = places[0] if places else f"Rathaus, {district_words(session, [district])[district]}"
    on = day_of(now) + timedelta(days=10)
    at = datetime(on.year, on.month, on.day, 18, 30, tzinfo=WALL_CLOCK)
    call_meeting(session, founding, MeetingDraft(at, where, "Frau Albers, In-Gang-Setzerin"), now=now)
    people = sa.select(Interest.id).where(Interest.topic_id == topic_id, Interest.district_ags == district)
    for number, interest_id in enumerate(session.scalars(people.order_by(Interest.id)).all()):
        if number % 4:
            answer_invitation(session, founding, interest_id, NO if number % 5 == 0 else YES, now=now)
    done = {
        step: ("Kontaktstelle", day_of(now) - timedelta(days=18 - 3 * number))
        for number, step in enumerate(DONE_STEPS)
    }
    save_steps(session, founding, dict(done), now=now - timedelta(days=2))

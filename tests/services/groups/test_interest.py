"""Interest ends by itself: asked 30 days before whether it still holds, once, then deleted with everything."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.groups.interest.foundings import MeetingDraft, call_meeting, invite
from app.groups.interest.joining import InterestDraft, enter_interest
from app.groups.interest.regions import Region
from app.groups.jobs import ask_interested
from app.groups.models import Founding, FoundingInvitation, Interest, Topic
from app.groups.topics import load_topics
from app.shared.errors import BadInput, RuleBroken
from app.shared.outbox import OutboxMail
from app.shared.retention import apply_retention
from app.shared.transactions import transaction
from tests.builders.groups import NOW, make_house
from tests.builders.interest import KOELN, make_founding, make_interest, make_many, topic_id


def mails(session):
    session.rollback()
    return list(session.scalars(sa.select(OutboxMail).order_by(OutboxMail.id)))


def emails(session):
    session.rollback()
    return set(session.scalars(sa.select(Interest.email)))


def test_everybody_is_asked_once_before_the_end_and_deleted_at_it(session):
    for email, days, given in (
        ("bald@leise.example", 20, {"language": "en"}),
        ("spaeter@leise.example", 40, {}),
        ("vorbei@leise.example", 0, {}),
        ("offen@leise.example", 3, {"counts_since": None}),
    ):
        make_interest(session, email=email, expires_at=NOW + timedelta(days=days), **given)
    make_interest(session, phone="02214710123", expires_at=NOW + timedelta(days=5))
    for _ in range(2):
        ask_interested(NOW)
    apply_retention(NOW)
    (mail,) = mails(session)
    assert (mail.to_address, mail.subject) == ("bald@leise.example", "Are you still interested?")
    assert mail.body_text.count("/interest/") == 2
    assert mail.unsubscribe_url.endswith("/out")
    assert emails(session) == {"bald@leise.example", "spaeter@leise.example", "offen@leise.example", None}
    ask_interested(NOW + timedelta(days=21))
    apply_retention(NOW + timedelta(days=21))
    assert emails(session) == {"spaeter@leise.example"}
    assert [mail.to_address for mail in mails(session)] == ["bald@leise.example", "spaeter@leise.example"]


def test_who_leaves_and_comes_again_within_the_hour_gets_a_mail_again(session):
    draft = InterestDraft(topic_id(session), Region(KOELN), email="jo@leise.example")
    for minute in (0, 1, 2):
        with transaction(session) as writing:
            enter_interest(writing, draft, now=NOW + timedelta(minutes=minute))
        if minute:
            with transaction(session) as writing:
                writing.execute(sa.delete(Interest))
    assert len(mails(session)) == 2  # the second is the first once more


def test_an_address_that_cannot_be_written_to_leaves_nothing(session):
    draft = InterestDraft(topic_id(session), Region(KOELN), email="jo@leise..example")
    with pytest.raises(BadInput), transaction(session) as writing:
        enter_interest(writing, draft, now=NOW)
    assert (emails(session), mails(session)) == (set(), [])


def test_there_is_one_founding_of_a_topic_in_a_district_and_nobody_is_asked_to_no_meeting_or_a_past_one(
    session,
):
    house = make_house(session)
    founding_id = make_founding(session, house)
    with pytest.raises(RuleBroken):
        make_founding(session, house)
    session.commit()
    make_many(session, 2)
    with transaction(session) as writing:
        founding = writing.get_one(Founding, founding_id)
        with pytest.raises(RuleBroken):
            invite(writing, founding, now=NOW)
        call_meeting(writing, founding, MeetingDraft(NOW + timedelta(days=1), "Kalk"), now=NOW)
        assert invite(writing, founding, now=NOW) == 2
        assert invite(writing, founding, now=NOW) == 0
        with pytest.raises(RuleBroken):
            invite(writing, founding, now=NOW + timedelta(days=2))
    assert len(mails(session)) == 2
    with transaction(session) as writing:
        writing.execute(sa.delete(Interest))
    session.rollback()
    assert session.scalars(sa.select(FoundingInvitation)).all() == []


def test_a_topic_that_somebody_waits_for_stays_when_topics_are_loaded_anew(session):
    old = session.scalars(sa.select(Topic).where(Topic.slug == "adhs")).one()
    for slug in ("alt-und-gesucht", "alt"):
        columns = {column.key: getattr(old, column.key) for column in Topic.__table__.c if column.key != "id"}
        session.add(Topic(**{**columns, "slug": slug}))
    session.commit()
    make_interest(session, topic="alt-und-gesucht")
    with transaction(session) as writing:
        load_topics(writing)
    left = set(session.scalars(sa.select(Topic.slug).where(Topic.slug.startswith("alt"))))
    assert "alt-und-gesucht" in left
    assert "alt" not in left

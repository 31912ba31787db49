"""A founding from its beginning to a group or a reason: called together, invited, answered, ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa
from flask_babel import gettext as _

from app.clearinghouses.models import ClearingHouse
from app.groups.interest.emails import Called, called_off_mail, invitation_mail
from app.groups.interest.gathering import list_people
from app.groups.interest.joining import about_words
from app.groups.interest.links import MEETING, OUT, check_link, find_linked, interest_url, meeting_url
from app.groups.meetings.links import LinkOver
from app.groups.models import Founding, FoundingInvitation, Group, GroupTopic, Interest
from app.shared.database import insert_into
from app.shared.errors import RuleBroken
from app.shared.history import note
from app.shared.languages import speaking
from app.shared.outbox import queue_mail

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

OPEN, FOUNDED, GIVEN_UP = "open", "founded", "given_up"
YES, NO = "yes", "no"
MOST_GROUPS = 50


@dataclass(frozen=True, slots=True)
class MeetingDraft:
    """When and where people who do not know each other yet meet for the first time, and who moderates."""

    at: datetime
    place: str
    moderator: str = ""


@dataclass(frozen=True, slots=True)
class Turnout:
    """How many are asked to the present meeting, and what they say; ``not_asked`` can still be invited."""

    asked: int
    yes: int
    no: int
    not_asked: int
    to_phone: int

    @property
    def silent(self) -> int:
        """Asked, and without an answer."""
        return self.asked - self.yes - self.no


def start_founding(
    session: Session, house_id: int, topic_id: int, district_ags: str, *, now: datetime
) -> int:
    """Afterwards the house founds a group on this topic in this district; answers the id of the founding.

    Raises:
        RuleBroken: somebody does already.
    """
    new = insert_into(session, Founding).values(
        topic_id=topic_id,
        clearinghouse_id=house_id,
        district_ags=district_ags,
        state=OPEN,
        round=0,
        meeting_place="",
        moderator="",
        end_reason="",
        started_at=now,
        worked_at=now,
    )
    founding_id: int | None = session.scalar(new.on_conflict_do_nothing().returning(Founding.id))
    if founding_id is None:
        raise RuleBroken(_("A founding on this topic is under way in this district already."))
    note(session, "founding.started", now=now, record_id=founding_id, clearinghouse_id=house_id)
    return founding_id


def call_meeting(session: Session, founding: Founding, draft: MeetingDraft, *, now: datetime) -> None:
    """Afterwards the founding meeting is this one. If it is another one than before, everybody has to be asked anew.

    Raises:
        RuleBroken: it is not in the future, or the founding is over.
    """
    _check_open(founding)
    if draft.at <= now:
        raise RuleBroken(_("This moment is over. Please choose one to come."), field="on")
    if (founding.meeting_at, founding.meeting_place) != (draft.at, draft.place):
        founding.round += 1
    founding.meeting_at, founding.meeting_place = draft.at, draft.place
    founding.moderator = draft.moderator
    _note_of_work(session, founding, "founding.meeting_called", now=now, round=founding.round)


def invite(session: Session, founding: Founding, *, now: datetime) -> int:
    """Afterwards everybody of the list is asked to the meeting: by a mail of their own, or, with a number, by staff.

    Answers how many mails are queued. Who was asked to this meeting before is not asked again.

    Raises:
        RuleBroken: no meeting is called, or it is over.
    """
    _check_open(founding)
    if founding.meeting_at is None or founding.meeting_at <= now:
        raise RuleBroken(_("Please enter first when and where you meet."))
    queued = 0
    for person in list_people(session, founding.topic_id, founding.district_ags, now=now, founding=founding):
        if not person.is_invited:
            queued += _ask(session, founding, person.interest, now=now)
    if queued:
        _note_of_work(session, founding, "founding.invited", now=now, count=queued)
    return queued


def answer_invitation(
    session: Session, founding: Founding, interest_id: int, answer: str, *, now: datetime
) -> None:
    """Afterwards it is known whether somebody comes to the present meeting; the last answer holds.

    Raises:
        RuleBroken: it is neither yes nor no.
    """
    if answer not in {YES, NO}:
        raise RuleBroken(_("Please press one of the two buttons."))
    row = insert_into(session, FoundingInvitation).values(
        founding_id=founding.id, interest_id=interest_id, round=founding.round, invited_at=now, answer=answer
    )
    session.execute(
        row.on_conflict_do_update(
            index_elements=["founding_id", "interest_id"],
            set_={"round": row.excluded.round, "answer": row.excluded.answer},
        )
    )
    note(
        session,
        "founding.answered",
        now=now,
        record_id=founding.id,
        clearinghouse_id=founding.clearinghouse_id,
    )


def find_invited(session: Session, token: str, *, now: datetime) -> tuple[Founding, Interest]:
    """Answer the founding and the interest that a token of an invitation was made for.

    Raises:
        LinkUnreadable: it is none of ours.
        LinkOver: its owner left the list, the meeting is over, or there is another one by now.
    """
    interest = find_linked(session, MEETING, token)
    _id, _mark, (founding_id, round_) = check_link(MEETING, token)
    founding = session.get(Founding, founding_id)
    if founding is None or founding.state != OPEN or founding.round != round_:
        raise LinkOver(
            _("This meeting does not take place like this any more. If there is another one, you get a mail.")
        )
    if founding.meeting_at is None or founding.meeting_at <= now:
        raise LinkOver(_("This meeting is over."))
    return founding, interest


def turnout(session: Session, founding: Founding, *, now: datetime) -> Turnout:
    """Answer how many come to the present meeting, as far as is known."""
    people = list_people(session, founding.topic_id, founding.district_ags, now=now, founding=founding)
    answers = [person.answer for person in people]
    asked = sum(person.is_invited for person in people)
    return Turnout(
        asked,
        answers.count(YES),
        answers.count(NO),
        sum(not person.is_invited and person.interest.email is not None for person in people),
        sum(person.answer is None and person.interest.phone is not None for person in people),
    )


def link_group(session: Session, founding: Founding, group_id: int, *, now: datetime) -> None:
    """Afterwards it is known which group came of it.

    Raises:
        RuleBroken: the house does not look after such a group on this topic, or the founding is over.
    """
    _check_open(founding)
    if group_id not in {row[0] for row in list_candidates(session, founding)}:
        raise RuleBroken(_("Please choose a group from the list."), field="group")
    founding.group_id = group_id
    _note_of_work(session, founding, "founding.group_linked", now=now, group_id=group_id)


def list_candidates(session: Session, founding: Founding) -> list[tuple[int, str]]:
    """Answer the groups that may have come of a founding, the newest first: of this house and topic."""
    rows = session.execute(
        sa.select(Group.id, Group.name)
        .join(GroupTopic, GroupTopic.group_id == Group.id)
        .where(Group.clearinghouse_id == founding.clearinghouse_id, GroupTopic.topic_id == founding.topic_id)
        .order_by(Group.created_at.desc(), Group.id.desc())
        .limit(MOST_GROUPS)
    )
    return [(group_id, name) for group_id, name in rows]


def end_founding(
    session: Session, founding: Founding, *, state: str, reason: str = "", now: datetime
) -> None:
    """Afterwards it is over: a group was founded, or it was given up; those asked to a meeting to come hear of it.

    Raises:
        RuleBroken: founded without a group, given up without a reason, or over already.
    """
    _check_open(founding)
    if state == FOUNDED and founding.group_id is None:
        raise RuleBroken(_("Please choose first which group came of it."), field="group")
    if state == GIVEN_UP and not reason:
        raise RuleBroken(_("Please say why, so that your colleagues know."), field="reason")
    if state == GIVEN_UP and founding.meeting_at is not None and founding.meeting_at > now:
        _call_off(session, founding, now=now)
    founding.state, founding.end_reason, founding.ended_at = state, reason, now
    action = "founding.founded" if state == FOUNDED else "founding.given_up"
    _note_of_work(session, founding, action, now=now)


def called(session: Session, founding: Founding) -> Called:
    """Answer the founding meeting as those who are asked may know it.

    Raises:
        ValueError: none is called.
    """
    if founding.meeting_at is None:
        raise ValueError("No founding meeting is called.")
    house = session.get_one(ClearingHouse, founding.clearinghouse_id)
    return Called(founding.meeting_at, founding.meeting_place, founding.moderator, house.name, house.phone)


def _ask(session: Session, founding: Founding, interest: Interest, *, now: datetime) -> int:
    """Ask one person by mail, if they can be; answer how many mails that makes."""
    if interest.email is None:
        return 0
    row = insert_into(session, FoundingInvitation).values(
        founding_id=founding.id, interest_id=interest.id, round=founding.round, invited_at=now
    )
    session.execute(
        row.on_conflict_do_update(
            index_elements=["founding_id", "interest_id"],
            set_={"round": row.excluded.round, "invited_at": now, "answer": None},
        )
    )
    with speaking(interest.language):
        queue_mail(
            session,
            to=interest.email,
            mail=invitation_mail(
                about_words(session, interest),
                called(session, founding),
                meeting_url(founding.id, founding.round, interest.id, interest.email),
                is_again=founding.round > 1,
            ),
            purpose="founding-invitation",
            now=now,
            once_key=f"founding-invitation:{founding.id}:{founding.round}:{_person(interest)}",
            unsubscribe_url=interest_url(OUT, interest.id, interest.email),
        )
    return 1


def _call_off(session: Session, founding: Founding, *, now: datetime) -> None:
    for person in list_people(session, founding.topic_id, founding.district_ags, now=now, founding=founding):
        interest = person.interest
        if person.is_invited and interest.email is not None:
            with speaking(interest.language):
                queue_mail(
                    session,
                    to=interest.email,
                    mail=called_off_mail(about_words(session, interest), called(session, founding)),
                    purpose="founding-called-off",
                    now=now,
                    once_key=f"founding-called-off:{founding.id}:{founding.round}:{_person(interest)}",
                    unsubscribe_url=interest_url(OUT, interest.id, interest.email),
                )


def _person(interest: Interest) -> str:
    """Answer who is meant in a key: ids are given anew when rows go, so with the moment they came."""
    return f"{interest.id}:{interest.entered_at:%Y%m%d%H%M%S%f}"


def _check_open(founding: Founding) -> None:
    if founding.state != OPEN:
        raise RuleBroken(_("This founding is over; nothing can be changed any more."))


def _note_of_work(
    session: Session, founding: Founding, action: str, *, now: datetime, **facts: int | str
) -> None:
    founding.worked_at = now
    about = {"group_id": facts.pop("group_id", None)}
    note(
        session,
        action,
        now=now,
        record_id=founding.id,
        clearinghouse_id=founding.clearinghouse_id,
        group_id=about["group_id"],  # type: ignore[arg-type]
        **facts,
    )

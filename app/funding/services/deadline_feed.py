"""The calendar of deadlines that somebody subscribes to: its address is a right in itself, and can be renewed."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from flask_babel import gettext as _

from app.accounts.queries import find_person
from app.funding.models import DeadlineFeed
from app.groups.meetings.links import LinkOver, LinkUnreadable
from app.shared.database import insert_into
from app.shared.history import note
from app.shared.signed_links import read_link, sign_link

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from app.accounts.person import Person

_PURPOSE = "deadline-calendar"


def renew_feed(session: Session, person: Person, *, now: datetime) -> None:
    """Afterwards somebody has an address for their calendar; one from before is over."""
    new = insert_into(session, DeadlineFeed).values(user_id=person.id, number=1, made_at=now)
    session.execute(
        new.on_conflict_do_update(
            index_elements=[DeadlineFeed.user_id],
            set_={"number": DeadlineFeed.number + 1, "made_at": now},
        )
    )
    note(session, "deadlines.feed_renewed", now=now)


def token_of(session: Session, person: Person) -> str | None:
    """Answer the token of somebody's address; None as long as they have none."""
    feed = session.get(DeadlineFeed, person.id, populate_existing=True)
    return sign_link(_PURPOSE, feed.user_id, feed.number) if feed else None


def owner_of(session: Session, token: str) -> Person:
    """Answer whose calendar a token asks for.

    Raises:
        LinkUnreadable: it is none of ours.
        LinkOver: there is a newer one, or the account is gone.
    """
    facts = read_link(_PURPOSE, token)
    if facts is None:
        raise LinkUnreadable
    user_id, number = (cast("int", fact) for fact in facts)
    feed = session.get(DeadlineFeed, user_id)
    person = find_person(session, user_id) if feed is not None and feed.number == number else None
    if person is None:
        raise LinkOver(_("This calendar has a new address. Sign in to find it."))
    return person

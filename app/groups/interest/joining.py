"""Coming onto the interest list, staying on it, leaving it: agreed to twice by mail, ended with one click.

That somebody is on the list says something of their health or life. So nobody but the owner of an address learns
whether it is there: what a page says never depends on it. Leaving and expiring delete everything.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from flask import current_app

from app.accounts.rules.email_address import fold_address
from app.groups.catalogue import get_catalogue
from app.groups.interest.consents import CURRENT, PURPOSE
from app.groups.interest.emails import About, confirmation_mail
from app.groups.interest.links import CONFIRM, OUT, check_link, find_linked, interest_url
from app.groups.interest.regions import Region, district_words, region_words
from app.groups.models import Interest
from app.groups.rules.interest import UNCONFIRMED
from app.shared.database import insert_into
from app.shared.history import note
from app.shared.languages import in_language, speaking
from app.shared.outbox import queue_mail
from app.shared.signed_links import fingerprint

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from config import Config

MOST_UNCONFIRMED = 5
"""So many topics can be entered for one address before its owner confirms any: nobody is flooded by a stranger."""
FORM, TELEPHONE = "form", "telephone"
MAIL_PURPOSE = "interest-confirmation"


@dataclass(frozen=True, slots=True)
class InterestDraft:
    """What somebody leaves: a topic, a region, and an address or a number (folded), with their consent.

    ``consent_way`` is ``TELEPHONE`` when it was given to staff on the phone.
    """

    topic_id: int
    region: Region
    email: str = ""
    phone: str = ""
    name: str = ""
    language: str = "de"
    consent_way: str = FORM


def kept_for() -> timedelta:
    """Answer how long interest is kept unless it is renewed."""
    config: Config = current_app.config["WIRKREIS"]
    return timedelta(days=config.interest_keep_days)


def about_words(session: Session, interest: Interest) -> About:
    """Answer in words what somebody is interested in, in the language that is spoken."""
    district = district_words(session, [interest.district_ags])[interest.district_ags]
    return About(
        in_language(get_catalogue(session).by_id[interest.topic_id].names),
        region_words(district, interest.place, interest.radius_km),
    )


def enter_interest(
    session: Session, draft: InterestDraft, *, now: datetime, house_id: int | None = None
) -> None:
    """Afterwards a number is on the list, or a mail waits that asks the owner of the address; at most one an hour.

    Whether they were known is not told: nothing that is on the list already changes. ``house_id`` is that of the staff
    who enter somebody.

    Raises:
        BadInput: the address cannot be written to.
    """
    store = _ask_by_mail if draft.email else _store_number
    interest_id = store(session, draft, now=now)
    if interest_id is not None:
        note(session, "interest.entered", now=now, record_id=interest_id, clearinghouse_id=house_id)


def confirm_interest(session: Session, interest: Interest, *, now: datetime) -> None:
    """Afterwards its owner is on the list and has agreed. Doing it twice is doing it once."""
    own = session.get(Interest, interest.id, with_for_update=True, populate_existing=True)
    if own is None or own.counts_since is not None:
        return
    own.counts_since = own.consented_at = now
    own.expires_at = now + kept_for()
    note(session, "interest.confirmed", now=now, record_id=own.id)


def renew_interest(
    session: Session, interest: Interest, *, now: datetime, house_id: int | None = None
) -> None:
    """Afterwards it is kept from now on as long as when it was new."""
    if interest.counts_since is not None:
        interest.expires_at = now + kept_for()
        note(session, "interest.renewed", now=now, record_id=interest.id, clearinghouse_id=house_id)


def end_interest(session: Session, token: str, *, now: datetime) -> None:
    """Afterwards nothing of it is there. Doing it twice is doing it once.

    Raises:
        LinkUnreadable: the token is none of ours.
    """
    interest_id, mark, _rest = check_link(OUT, token)
    email = session.scalar(sa.select(Interest.email).where(Interest.id == interest_id))
    if email is not None and fingerprint(email) == mark:
        remove_interest(session, interest_id, now=now)


def remove_interest(
    session: Session, interest_id: int, *, now: datetime, house_id: int | None = None
) -> None:
    """Afterwards nothing of it is there, nor of what its owner answered to invitations."""
    session.execute(sa.delete(Interest).where(Interest.id == interest_id))
    note(session, "interest.withdrawn", now=now, record_id=interest_id, clearinghouse_id=house_id)


def find_own(session: Session, purpose: str, token: str) -> tuple[Interest, About]:
    """Answer the interest that a token was made for, and in words what it is about.

    Raises:
        LinkUnreadable: it is none of ours, or made for something else.
        LinkOver: it is gone.
    """
    interest = find_linked(session, purpose, token)
    return interest, about_words(session, interest)


def _store_number(session: Session, draft: InterestDraft, *, now: datetime) -> int | None:
    """Store a number and answer the id of its row; None when it is there already."""
    row = {
        **_columns(draft, now=now),
        "phone": draft.phone,
        "counts_since": now,
        "expires_at": now + kept_for(),
    }
    once = (
        insert_into(session, Interest)
        .values(row)
        .on_conflict_do_nothing(index_elements=["topic_id", "phone"])
    )
    interest_id: int | None = session.scalar(once.returning(Interest.id))
    return interest_id


def _ask_by_mail(session: Session, draft: InterestDraft, *, now: datetime) -> int | None:
    """Store an unconfirmed address, ask its owner, and answer the id of its row; None when too many wait."""
    address = fold_address(draft.email)
    if _has_many_open(session, draft.topic_id, address):
        return None
    row = {**_columns(draft, now=now), "email": address, "expires_at": now + UNCONFIRMED}
    new = insert_into(session, Interest).values(row)
    again = {name: new.excluded[name] for name in row if name not in {"topic_id", "email", "entered_at"}}
    session.execute(
        new.on_conflict_do_update(
            index_elements=["topic_id", "email"], set_=again, where=Interest.counts_since.is_(None)
        )
    )
    own = sa.select(Interest).where(Interest.topic_id == draft.topic_id, Interest.email == address)
    interest = session.scalars(own.execution_options(populate_existing=True)).one()
    # With the moment it was entered: who left the list and comes again within the hour gets a mail.
    key = f"{interest.id}:{interest.entered_at:%Y%m%d%H%M%S%f}:{fingerprint(address)}:{now:%Y-%m-%d-%H}"
    with speaking(draft.language):
        asked = about_words(session, interest)
        queue_mail(
            session,
            to=address,
            mail=confirmation_mail(
                asked, interest_url(CONFIRM, interest.id, address), until=now + UNCONFIRMED
            ),
            purpose=MAIL_PURPOSE,
            now=now,
            once_key=f"{MAIL_PURPOSE}:{key}",
            unsubscribe_url=interest_url(OUT, interest.id, address),
        )
    return interest.id


def _columns(draft: InterestDraft, *, now: datetime) -> dict[str, Any]:
    return {
        "topic_id": draft.topic_id,
        "district_ags": draft.region.district_ags,
        "place": draft.region.place,
        "radius_km": draft.region.radius_km,
        "name": draft.name,
        "language": draft.language,
        "consent_version": CURRENT,
        "consent_purpose": PURPOSE,
        "consent_way": draft.consent_way,
        "consented_at": now,
        "entered_at": now,
    }


def _has_many_open(session: Session, topic_id: int, address: str) -> bool:
    """Whether an address waits for confirmation for so many other topics that one more would be a nuisance."""
    waiting = sa.select(sa.func.count()).where(
        Interest.email == address, Interest.topic_id != topic_id, Interest.counts_since.is_(None)
    )
    return (session.scalar(waiting) or 0) >= MOST_UNCONFIRMED

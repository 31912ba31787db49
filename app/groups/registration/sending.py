"""Sending a registration: the group is stored once and waits for review, and its contact gets the way to it."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from app.accounts.people import invite
from app.accounts.places import find_group
from app.accounts.queries import find_person
from app.accounts.rules.permissions import GROUP_CONTACT
from app.accounts.services import grant_role
from app.groups.drafts import GroupDraft
from app.groups.registration.drafts import claim, get_draft
from app.groups.registration.emails import registered_mail
from app.groups.registration.forms import CONSENT_VERSION
from app.groups.services import register_group
from app.shared.history import note
from app.shared.languages import speaking
from app.shared.outbox import queue_mail

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.accounts.person import Person
    from app.clearinghouses.queries import HouseRow

PAPER = "paper"
"""The wording is that of the form which the house keeps."""


def send_registration(
    session: Session,
    key: str,
    draft: GroupDraft,
    *,
    house: HouseRow,
    consents: Collection[str],
    url_of: Callable[[str], str],
    login_url: str,
    now: datetime,
) -> int:
    """Afterwards the group of a draft is stored, once however often it is sent; answers its id.

    Whoever began it signed in looks after the group at once; everybody else is invited at the contact's address.

    Raises:
        DraftOver: there is no such draft.
        RuleBroken: the group breaks a rule; nothing is stored.
        BadInput: the contact cannot be written to.
    """
    row = get_draft(session, key, for_update=True)
    if row.group_id is not None:
        return row.group_id
    draft = replace(draft, submitted_by_id=row.user_id)
    group_id = _store(session, draft, wording=CONSENT_VERSION, consents=consents, now=now)
    row.group_id, row.data, row.saved_at = group_id, {}, now
    person = find_person(session, row.user_id) if row.user_id else None
    if person is not None:
        grant_role(session, person.id, GROUP_CONTACT, now=now, group_id=group_id)
        with speaking(person.language):
            mail = registered_mail(draft.name, house, login_url=login_url)
            queue_mail(session, to=person.email, mail=mail, purpose="group-registered", now=now)
    else:
        _invite(session, group_id, draft, house, inviter=None, url_of=url_of, now=now)
    return group_id


def register_from_paper(
    session: Session,
    key: str,
    draft: GroupDraft,
    *,
    house: HouseRow,
    consents: Collection[str],
    inviter: Person,
    url_of: Callable[[str], str],
    now: datetime,
) -> int:
    """Afterwards the group of a paper form is stored, once a ``key``; answers its id.

    Its contact is invited, if there is an address.

    Raises:
        RuleBroken: the group breaks a rule; nothing is stored.
        BadInput: the contact cannot be written to.
    """
    row = claim(session, key, now=now)
    if row.group_id is not None:
        return row.group_id
    draft = replace(draft, submitted_by_id=inviter.id)
    row.group_id = group_id = _store(session, draft, wording=PAPER, consents=consents, now=now)
    if draft.contact.email:
        _invite(session, group_id, draft, house, inviter=inviter, url_of=url_of, now=now)
    return group_id


def _store(
    session: Session, draft: GroupDraft, *, wording: str, consents: Collection[str], now: datetime
) -> int:
    group_id = register_group(session, draft, now=now)
    note(
        session,
        "group.consented",
        now=now,
        group_id=group_id,
        clearinghouse_id=draft.clearinghouse_id,
        consents=sorted(consents),
        wording=wording,
    )
    return group_id


def _invite(
    session: Session,
    group_id: int,
    draft: GroupDraft,
    house: HouseRow,
    *,
    inviter: Person | None,
    url_of: Callable[[str], str],
    now: datetime,
) -> None:
    place = find_group(session, group_id=group_id)
    if place is None:
        raise LookupError(group_id)  # it was stored a moment ago
    invite(
        session,
        place,
        email=draft.contact.email,
        role=GROUP_CONTACT,
        inviter=inviter,
        url_of=url_of,
        mail_of=lambda url: registered_mail(draft.name, house, invitation_url=url),
        now=now,
    )

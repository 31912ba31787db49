"""Who reads what is mailed to a group or its house, in which language; and the mails to them."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.accounts.models import RoleGrant, User
from app.accounts.rules.email_address import fold_address
from app.clearinghouses.models import ClearingHouse
from app.groups.models import Group
from app.shared.errors import BadInput
from app.shared.languages import DEFAULT_LANGUAGE, speaking
from app.shared.outbox import NOBODY, About, queue_mail

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.shared.mail_text import Mail

logger = logging.getLogger("wirkreis.groups")

_LEFT = "contact"


@dataclass(frozen=True, slots=True)
class Reader:
    """An address and the language of its owner; ``key`` names it in the outbox without the address."""

    key: str
    address: str
    language: str = DEFAULT_LANGUAGE

    @property
    def has_account(self) -> bool:
        """Whether they can sign in; otherwise it is the address that was left with the clearing house."""
        return self.key != _LEFT


def readers_of(session: Session, group_ids: Iterable[int]) -> dict[int, list[Reader]]:
    """Answer the contacts of some groups: those with an account, and the address left with the clearing house."""
    ids = list(group_ids)
    readers: dict[int, dict[str, Reader]] = {group_id: {} for group_id in ids}
    rows = session.execute(
        sa.select(RoleGrant.group_id, User.id, User.email, User.language)
        .join(User, User.id == RoleGrant.user_id)
        .where(RoleGrant.group_id.in_(ids), User.is_active)
        .order_by(User.id)
    )
    for group_id, user_id, email, language in rows:
        readers[group_id][fold_address(email)] = _of_account(user_id, email, language)
    left = sa.select(Group.id, Group.contact_email).where(Group.id.in_(ids), Group.contact_email != "")
    for group_id, email in session.execute(left):
        readers[group_id].setdefault(fold_address(email), Reader(_LEFT, email))
    return {group_id: list(by_address.values()) for group_id, by_address in readers.items()}


def readers_who_sign_in(session: Session, group_id: int) -> list[Reader]:
    """Answer the contacts of a group with an account, else the address left: for mails that lead to its own pages."""
    readers = readers_of(session, [group_id])[group_id]
    return [reader for reader in readers if reader.has_account] or readers


def find_reader(session: Session, user_id: int | None) -> Reader | None:
    """Answer somebody with an account who can sign in; None if there is nobody."""
    user = session.get(User, user_id) if user_id is not None else None
    return _of_account(user.id, user.email, user.language) if user is not None and user.is_active else None


def readers_of_house(session: Session, house_id: int) -> list[Reader]:
    """Answer the address of a clearing house, which reads German; nobody if it has none."""
    address = session.scalar(sa.select(ClearingHouse.email).where(ClearingHouse.id == house_id))
    return [Reader("house", address)] if address else []


def write_to(
    session: Session,
    readers: Sequence[Reader],
    write: Callable[[Reader], Mail],
    *,
    purpose: str,
    now: datetime,
    about: About = NOBODY,
    once: str | None = None,
    unsubscribe_url: str | None = None,
) -> int:
    """Queue a mail for each reader, written in their language; answer how many were not queued before.

    With ``once`` none of them gets it twice. ``about`` says whose staff learns of a mail that does not get through. An
    address that cannot be written to is no reason to refuse what the mail tells of: the log tells of it.
    """
    queued = 0
    for reader in readers:
        try:
            with speaking(reader.language):
                made = queue_mail(
                    session,
                    to=reader.address,
                    mail=write(reader),
                    purpose=purpose,
                    now=now,
                    once_key=once_key(once, reader) if once else None,
                    about=about,
                    unsubscribe_url=unsubscribe_url,
                )
        except BadInput as error:
            facts = {"purpose": purpose, "reader": reader.key, "field": error.field}
            logger.warning("a mail about a group cannot be written", extra={"facts": facts})
        else:
            queued += made is not None
    return queued


def once_key(once: str, reader: Reader) -> str:
    """Answer the name of the one mail to a reader."""
    return f"{once}:{reader.key}"


def _of_account(user_id: int, email: str, language: str) -> Reader:
    return Reader(f"user:{user_id}", email, language)

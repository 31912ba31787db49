"""Who reads what is mailed to a group, and in which language."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from logging import Logger
from typing import TYPE_CHECKING

import sqlalchemy as sa
from flask import current_app

from app.accounts.models import RoleGrant, User
from app.groups.models import Group
from app.shared.errors import BadInput
from app.shared.languages import DEFAULT_LANGUAGE, language_url, speaking
from app.shared.outbox import About, queue_mail

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.shared.mail_text import Mail


@dataclass(frozen=True, slots=True)
class Reader:
    """Who gets a mail, and in which language."""

    address: str
    language: str = DEFAULT_LANGUAGE


def readers_of_group(session: Session, group_id: int) -> list[Reader]:
    """Answer the contacts of a group: those with an account, else the address that the group gave."""
    found = session.execute(
        sa.select(User.email, User.language)
        .join(RoleGrant, RoleGrant.user_id == User.id)
        .where(RoleGrant.group_id == group_id, User.is_active)
        .order_by(User.email)
    ).all()
    if found:
        return [Reader(email, language) for email, language in found]
    return [Reader(session.scalar(sa.select(Group.contact_email).where(Group.id == group_id)) or "")]


def find_reader(session: Session, user_id: int | None) -> Reader | None:
    """Answer somebody with an account who can sign in; None if there is nobody."""
    user = session.get(User, user_id) if user_id is not None else None
    return Reader(user.email, user.language) if user is not None and user.is_active else None


def write_to(
    session: Session,
    readers: Sequence[Reader],
    write: Callable[[str], Mail],
    *,
    path: str,
    purpose: str,
    about: About,
    logger: Logger,
    now: datetime,
) -> None:
    """Queue a mail for each reader that has an address, written with the link to ``path`` in the reader's language.

    ``about`` says whose staff learns of a mail that does not get through. An address that cannot be written to is no
    reason to refuse what the mail tells of: the log tells of it.
    """
    for reader in readers:
        if not reader.address:
            continue
        url = f"{current_app.config['WIRKREIS'].public_url}{language_url(reader.language, path)}"
        try:
            with speaking(reader.language):
                queue_mail(session, to=reader.address, mail=write(url), purpose=purpose, now=now, about=about)
        except BadInput as error:
            facts = {"purpose": purpose, "field": error.field}
            logger.warning("a mail cannot be written", extra={"facts": facts})

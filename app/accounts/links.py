"""Links that are mailed and work once. Whoever asks for one learns nothing: only the mailbox is told what there is."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa
from flask_babel import gettext as _

from app.accounts import emails
from app.accounts.keys import digest, make_key
from app.accounts.models import MailedLink
from app.accounts.queries import find_user
from app.accounts.rules.email_address import fold_address, is_address
from app.shared.errors import BadInput
from app.shared.languages import current_language, speaking
from app.shared.outbox import queue_mail

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from sqlalchemy.orm import Session

SIGN_UP, SIGN_IN, RESET = "sign_up", "sign_in", "reset"
LIFE = {SIGN_UP: timedelta(days=2), SIGN_IN: timedelta(minutes=30), RESET: timedelta(hours=2)}
"""How long a link works; it waits in a mailbox that others may come to read."""


def check_address(email: str) -> str:
    """Answer an address as it is stored.

    Raises:
        BadInput: it does not have the shape of one.
    """
    address = fold_address(email)
    if not is_address(address):
        raise BadInput(_("This does not look like an e-mail address. Please check it."), field="email")
    return address


def send_link(
    session: Session,
    purpose: str,
    *,
    email: str,
    url_of: Callable[[str], str],
    may_use: Callable[[str], bool],
    now: datetime,
) -> None:
    """Afterwards a mail to this address waits: with the link, or with a word on why there is none.

    Args:
        session: the caller's.
        purpose: of ``LIFE``.
        email: as it was typed.
        url_of: the whole address of the link with a key.
        may_use: whether an account with this address may be used here.
        now: the present moment.

    Raises:
        BadInput: nobody can be written to at this address.
    """
    address = check_address(email)
    user = find_user(session, address)
    has_account = user is not None and user.is_active and may_use(address)
    with speaking(user.language if user else current_language()):
        if (purpose == SIGN_UP) == (user is None) and (purpose == SIGN_UP or has_account):
            key = make_key()
            session.add(
                MailedLink(
                    key_hash=digest(key), purpose=purpose, email=address, expires_at=now + LIFE[purpose]
                )
            )
            mail = emails.LINK_MAILS[purpose](url_of(key))
        else:
            mail = emails.account_exists_mail() if has_account else emails.no_account_mail()
        queue_mail(session, to=address, mail=mail, purpose=f"account-{purpose.replace('_', '-')}", now=now)


def find_link(session: Session, purpose: str, key: str, *, now: datetime) -> str | None:
    """Answer the address that a link was mailed to; None when it is not ours, used, or too old."""
    return session.scalar(
        sa.select(MailedLink.email).where(
            MailedLink.key_hash == digest(key), MailedLink.purpose == purpose, MailedLink.expires_at > now
        )
    )


def use_link(session: Session, purpose: str, key: str, *, now: datetime) -> str | None:
    """Answer the address as ``find_link`` does; afterwards no link to it works any more."""
    used = sa.delete(MailedLink).where(
        MailedLink.key_hash == digest(key), MailedLink.purpose == purpose, MailedLink.expires_at > now
    )
    address = session.scalar(used.returning(MailedLink.email))
    if address is not None:
        forget_links_to(session, address)
    return address


def forget_links_to(session: Session, address: str) -> None:
    """Afterwards no link that was mailed to this address works."""
    session.execute(sa.delete(MailedLink).where(MailedLink.email == address))


def forget_old_links(session: Session, before: datetime) -> int:
    """Afterwards links that worked no longer before that are gone; answer how many they were."""
    old = sa.delete(MailedLink).where(MailedLink.expires_at <= before)
    return len(session.scalars(old.returning(MailedLink.id)).all())

"""Changing the address of an account: both mailboxes are asked, and both must say yes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from app.accounts import emails
from app.accounts.keys import digest, make_key
from app.accounts.links import check_address, forget_links_to
from app.accounts.models import AddressChange, User
from app.accounts.queries import find_user
from app.shared.errors import BadInput, RuleBroken
from app.shared.history import note
from app.shared.languages import speaking
from app.shared.outbox import queue_mail

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from sqlalchemy.orm import Session

LIFE = timedelta(days=2)
PURPOSE = "account-address"


@dataclass(frozen=True, slots=True)
class AskedChange:
    """A change that waits for one of its mailboxes or both."""

    new_email: str
    is_old_asked: bool
    is_new_asked: bool


def ask_for_address(
    session: Session, user_id: int, *, email: str, url_of: Callable[[str], str], now: datetime
) -> None:
    """Afterwards both mailboxes are asked; an earlier question is void. An address that is taken is told only there.

    Raises:
        BadInput: the address cannot be written to, or is the present one.
    """
    address = check_address(email)
    user = session.get_one(User, user_id)
    if address == user.email:
        raise BadInput(_("This is your address already. Please enter the new one."), field="email")
    old_key, new_key = make_key(), make_key()
    session.execute(sa.delete(AddressChange).where(AddressChange.user_id == user_id))
    session.add(
        AddressChange(
            user_id=user_id,
            new_email=address,
            old_key_hash=digest(old_key),
            new_key_hash=digest(new_key),
            expires_at=now + LIFE,
        )
    )
    note(session, "account.address_asked", now=now, record_id=user_id)
    owner = find_user(session, address)
    with speaking(owner.language if owner else user.language):
        mail = emails.address_taken_mail() if owner else emails.take_address_mail(url_of(new_key))
        queue_mail(session, to=address, mail=mail, purpose=PURPOSE, now=now)
    with speaking(user.language):
        mail = emails.leave_address_mail(address, url_of(old_key))
        queue_mail(session, to=user.email, mail=mail, purpose=PURPOSE, now=now)


def find_change(session: Session, user_id: int, *, now: datetime) -> AskedChange | None:
    """Answer the change that somebody has asked for and that waits."""
    asked = session.get(AddressChange, user_id)
    if asked is None or asked.expires_at <= now:
        return None
    return AskedChange(asked.new_email, asked.old_confirmed_at is None, asked.new_confirmed_at is None)


def withdraw_change(session: Session, user_id: int, *, now: datetime) -> None:
    """Afterwards no change is asked for."""
    note(session, "account.address_kept", now=now, record_id=user_id)
    session.execute(sa.delete(AddressChange).where(AddressChange.user_id == user_id))


def find_new_address(session: Session, key: str, *, now: datetime) -> str | None:
    """Answer the address that a link of either mail is about; None when it no longer works."""
    asked = _find(session, key, now=now)
    return asked.new_email if asked else None


def confirm_address(session: Session, key: str, *, now: datetime) -> bool | None:
    """Afterwards the mailbox with this key has said yes, and with both the account has its new address.

    Answers whether it has; None when the link no longer works.

    Raises:
        RuleBroken: the address was taken in between.
    """
    asked = _find(session, key, now=now)
    if asked is None:
        return None
    if asked.old_key_hash == digest(key):
        asked.old_confirmed_at = now
    else:
        asked.new_confirmed_at = now
    note(session, "account.address_confirmed", now=now, record_id=asked.user_id)
    session.flush()
    if asked.old_confirmed_at is None or asked.new_confirmed_at is None:
        return False
    user = session.get_one(User, asked.user_id)
    forget_links_to(session, user.email)
    user.email = asked.new_email
    note(session, "account.address_changed", now=now, record_id=user.id)
    session.delete(asked)
    try:
        session.flush()
    except IntegrityError as error:
        raise RuleBroken(
            _("Meanwhile there is another account with this address. Please choose another address."),
            code="address_taken",
        ) from error
    return True


def forget_old_changes(session: Session, before: datetime) -> int:
    """Afterwards changes that nobody confirmed in time, which ran out before, are gone; answer how many they were."""
    old = sa.delete(AddressChange).where(AddressChange.expires_at <= before)
    return len(session.scalars(old.returning(AddressChange.user_id)).all())


def _find(session: Session, key: str, *, now: datetime) -> AddressChange | None:
    mark = digest(key)
    return session.scalar(
        sa.select(AddressChange).where(
            sa.or_(AddressChange.old_key_hash == mark, AddressChange.new_key_hash == mark),
            AddressChange.expires_at > now,
        )
    )

"""What happens to accounts: made, given roles, signed in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from app.accounts.emails import password_changed_mail
from app.accounts.kept_sessions import sign_out_everywhere
from app.accounts.labels import WHAT_FOR
from app.accounts.links import check_address, forget_links_to
from app.accounts.models import RoleGrant, User
from app.accounts.places import keys_of
from app.accounts.queries import find_user
from app.accounts.rules.email_address import fold_address
from app.accounts.rules.passwords import (
    ADDRESS,
    COMMON,
    LONG,
    MAX_LENGTH,
    MIN_LENGTH,
    SHORT,
    password_problem,
)
from app.accounts.rules.permissions import ROLE_SCOPES, SCOPE_KEYS, Grant, is_scope_right
from app.shared.errors import BadInput, RuleBroken
from app.shared.history import note
from app.shared.languages import speaking
from app.shared.outbox import queue_mail

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from app.accounts.passwords import Passwords


def create_user(
    session: Session,
    *,
    email: str,
    name: str,
    password: str | None,
    passwords: Passwords,
    now: datetime,
    language: str = "de",
) -> int:
    """Afterwards there is an account without a role; answer its id. Without a password it is entered by links only.

    Raises:
        BadInput: the address or the password cannot be used.
        RuleBroken: the address has an account already.
    """
    address = check_address(email)
    if password is not None:
        check_password(password, address)
    user = User(
        email=address,
        name=name.strip() or address.partition("@")[0],
        password_hash=None if password is None else passwords.hash(password),
        language=language,
        created_at=now,
    )
    session.add(user)
    try:
        session.flush()
    except IntegrityError as error:
        raise RuleBroken(
            _("There is already an account with this address."), code="address_taken", field="email"
        ) from error
    note(session, "account.made", now=now, record_id=user.id)
    return user.id


def check_password(password: str, address: str) -> None:
    """Afterwards the password can be used for an account with this address.

    Raises:
        BadInput: it cannot; the message says why.
    """
    problem = password_problem(password, fold_address(address))
    if problem is None:
        return
    sentences = {
        SHORT: _("Please choose a password of at least %(least)s characters.", least=MIN_LENGTH),
        LONG: _("Please choose a password of at most %(most)s characters.", most=MAX_LENGTH),
        ADDRESS: _("Your password cannot be your e-mail address. Please choose another one."),
        COMMON: _(
            "This password is easy to guess. Please choose another one, such as several words in a row."
        ),
    }
    raise BadInput(sentences[problem], field="password")


def grant_role(
    session: Session,
    user_id: int,
    role: str,
    *,
    now: datetime,
    group_id: int | None = None,
    clearinghouse_id: int | None = None,
    insurer_id: int | None = None,
    region_id: int | None = None,
    state_ags: str | None = None,
    organisation_id: int | None = None,
) -> None:
    """Afterwards the user has the role, for this group, house, insurer and so on if it is a role for one.

    Raises:
        BadInput: the role is not for what was given; the message says what it is for.
    """
    grant = Grant(role, group_id, clearinghouse_id, insurer_id, region_id, state_ags, organisation_id)
    if not is_scope_right(grant):
        raise BadInput(str(WHAT_FOR[ROLE_SCOPES[role]]), field="role")
    where = {key: getattr(grant, key) for key in SCOPE_KEYS.values()}
    is_had = sa.select(RoleGrant.id).where(
        RoleGrant.user_id == user_id,
        RoleGrant.role == role,
        *(getattr(RoleGrant, key).is_not_distinct_from(value) for key, value in where.items()),
    )
    if session.scalar(is_had) is None:
        session.add(RoleGrant(user_id=user_id, role=role, granted_at=now, **where))
        note(session, "account.role_given", now=now, record_id=user_id, role=role, **keys_of(grant))
        note_roles_changed(session, user_id, now=now)


def note_roles_changed(session: Session, user_id: int, *, now: datetime) -> None:
    """Afterwards each session of the user gets a new key at its next use."""
    session.get_one(User, user_id).roles_changed_at = now
    session.flush()


def find_id_by_password(session: Session, *, email: str, password: str, passwords: Passwords) -> int | None:
    """Answer the id of the active account with this address and password, else None.

    Whether there is such an account shows neither in the answer nor in the time it takes.
    """
    user = find_user(session, email)
    fits = passwords.fits(password, user.password_hash if user else None)
    return user.id if user and fits and user.is_active else None


def note_sign_in(session: Session, user_id: int, *, now: datetime) -> None:
    """Afterwards it is known when somebody last signed in."""
    session.get_one(User, user_id).last_signed_in_at = now


def renew_hash(session: Session, user_id: int, *, password: str, passwords: Passwords) -> None:
    """Afterwards the hash of this password, which fits, has the parameters of today."""
    user = session.get_one(User, user_id)
    if user.password_hash and passwords.is_outdated(user.password_hash):
        user.password_hash = passwords.hash(password)


def has_password(session: Session, user_id: int) -> bool:
    """Whether somebody signs in with a password, or by links only."""
    return session.get_one(User, user_id).password_hash is not None


def change_account(session: Session, user_id: int, *, name: str, language: str, now: datetime) -> None:
    """Afterwards the account has this name, and is written to in this language."""
    user = session.get_one(User, user_id)
    if (user.name, user.language) != (name, language):
        user.name, user.language = name, language
        note(session, "account.named", now=now, record_id=user_id)


def check_own_password(session: Session, user_id: int, *, password: str, passwords: Passwords) -> None:
    """Afterwards whoever sits here knows the password of the account, if it has one.

    Raises:
        BadInput: they do not.
    """
    password_hash = session.get_one(User, user_id).password_hash
    if password_hash is not None and not passwords.fits(password, password_hash):
        raise BadInput(_("This is not your present password. Please try again."), field="present_password")


def change_password(
    session: Session,
    user_id: int,
    *,
    password: str,
    passwords: Passwords,
    now: datetime,
    but_for: str | None = None,
) -> None:
    """Afterwards the account has this password, is signed out but for the session with this key, and is told by mail.

    Raises:
        BadInput: the password cannot be used.
    """
    user = session.get_one(User, user_id)
    check_password(password, user.email)
    user.password_hash = passwords.hash(password)
    note(session, "account.password_changed", now=now, record_id=user_id)
    session.flush()
    sign_out_everywhere(session, user_id, but_for=but_for)
    forget_links_to(session, user.email)
    with speaking(user.language):
        queue_mail(
            session, to=user.email, mail=password_changed_mail(), purpose="account-password-changed", now=now
        )

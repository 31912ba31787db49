"""What happens to accounts: made, given roles, signed in, signed out everywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from app.accounts.models import RoleGrant, User
from app.accounts.passwords import MAX_LENGTH, MIN_LENGTH
from app.accounts.queries import find_user
from app.accounts.rules.email_address import fold_address, is_address
from app.accounts.rules.permissions import CLEARINGHOUSE, GROUP, ROLE_SCOPES, Grant, is_scope_right
from app.shared.errors import BadInput, RuleBroken

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from app.accounts.passwords import Passwords


def create_user(
    session: Session,
    *,
    email: str,
    name: str,
    password: str,
    passwords: Passwords,
    now: datetime,
    language: str = "de",
) -> int:
    """Afterwards there is an account without a role; answer its id.

    Raises:
        BadInput: the address or the password cannot be used.
        RuleBroken: the address has an account already.
    """
    address = fold_address(email)
    if not is_address(address):
        raise BadInput(_("This does not look like an e-mail address. Please check it."), field="email")
    if not MIN_LENGTH <= len(password) <= MAX_LENGTH:
        raise BadInput(
            _(
                "Please choose a password of %(least)s to %(most)s characters.",
                least=MIN_LENGTH,
                most=MAX_LENGTH,
            ),
            field="password",
        )
    user = User(
        email=address,
        name=name.strip() or address.partition("@")[0],
        password_hash=passwords.hash(password),
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
    return user.id


def grant_role(
    session: Session,
    user_id: int,
    role: str,
    *,
    now: datetime,
    group_id: int | None = None,
    clearinghouse_id: int | None = None,
) -> None:
    """Afterwards the user has the role, for this group or house if it is a role for one.

    Raises:
        BadInput: the role is not for what was given; the message says what it is for.
    """
    if not is_scope_right(Grant(role, group_id, clearinghouse_id)):
        sentences = {
            GROUP: _("This role is for one group; please name the group and no clearing house."),
            CLEARINGHOUSE: _("This role is for one clearing house; please name it and no group."),
            None: _("This role is for the whole network; please name no group and no clearing house."),
        }
        raise BadInput(sentences[ROLE_SCOPES[role]], field="role")
    is_had = sa.select(RoleGrant.id).where(
        RoleGrant.user_id == user_id,
        RoleGrant.role == role,
        RoleGrant.group_id.is_not_distinct_from(group_id),
        RoleGrant.clearinghouse_id.is_not_distinct_from(clearinghouse_id),
    )
    if session.scalar(is_had) is None:
        session.add(
            RoleGrant(
                user_id=user_id,
                role=role,
                group_id=group_id,
                clearinghouse_id=clearinghouse_id,
                granted_at=now,
            )
        )
        session.flush()


def find_id_by_password(session: Session, *, email: str, password: str, passwords: Passwords) -> int | None:
    """Answer the id of the active account with this address and password, else None.

    Whether there is such an account shows neither in the answer nor in the time it takes.
    """
    user = find_user(session, email)
    fits = passwords.fits(password, user.password_hash if user else None)
    return user.id if user and fits and user.is_active else None


def note_sign_in(
    session: Session, user_id: int, *, password: str, passwords: Passwords, now: datetime
) -> None:
    """Afterwards it is known when somebody last signed in, and their hash has the parameters of today."""
    user = session.get_one(User, user_id)
    user.last_signed_in_at = now
    if passwords.is_outdated(user.password_hash):
        user.password_hash = passwords.hash(password)


def sign_out_everywhere(session: Session, user_id: int) -> None:
    """Afterwards every session of the user is over, on every device."""
    session.execute(
        sa.update(User).where(User.id == user_id).values(session_version=User.session_version + 1)
    )

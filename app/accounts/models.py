"""People who sign in, the sessions in which they are signed in, and the roles they have."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.accounts.rules.permissions import SCOPE_KEYS
from app.shared.database import IntPk
from app.shared.extensions import db
from app.shared.privacy import Processing

if TYPE_CHECKING:
    from app.shared.database import Base as Model
else:
    Model = db.Model


_FOR_NOTHING = " AND ".join(f"{key} IS NULL" for key in SCOPE_KEYS.values())


class RoleScope:
    """What a role is for; at most one of these."""

    group_id: Mapped[int | None] = mapped_column(sa.ForeignKey("group.id", ondelete="CASCADE"), index=True)
    clearinghouse_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("clearinghouse.id", ondelete="CASCADE"), index=True
    )
    insurer_id: Mapped[int | None] = mapped_column(sa.ForeignKey("insurer.id"))
    region_id: Mapped[int | None] = mapped_column(sa.ForeignKey("funding_region.id"))
    state_ags: Mapped[str | None] = mapped_column(sa.ForeignKey("state.ags"))
    organisation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"))


def _role_constraints() -> tuple[sa.CheckConstraint, ...]:
    """Answer what holds wherever a role stands with what it is for (``rules/permissions.py``)."""
    return (
        sa.CheckConstraint(
            "role IN ('group_contact', 'desk_staff', 'desk_lead', 'insurer_officer', 'funding_office', 'finance', "
            "'representative', 'coordinator', 'organisation_contact', 'admin')",
            name="role",
        ),
        sa.CheckConstraint("(role = 'group_contact') = (group_id IS NOT NULL)", name="group"),
        sa.CheckConstraint(
            "(role IN ('desk_staff', 'desk_lead')) = (clearinghouse_id IS NOT NULL)", name="clearinghouse"
        ),
        sa.CheckConstraint("(role = 'insurer_officer') = (insurer_id IS NOT NULL)", name="insurer"),
        sa.CheckConstraint("(role = 'funding_office') = (region_id IS NOT NULL)", name="region"),
        sa.CheckConstraint("role = 'coordinator' OR state_ags IS NULL", name="state"),
        sa.CheckConstraint(
            "(role = 'organisation_contact') = (organisation_id IS NOT NULL)", name="organisation"
        ),
    )


class User(Model):
    """A person with an account. ``email`` is folded (``rules/email_address.py``), so each address is there once.

    Forms that are open name the ``session_version``: when it grows, they are over too. A session whose key was made
    before ``roles_changed_at`` gets a new one at its next use.
    """

    __tablename__ = "user"
    __table_args__ = (
        sa.CheckConstraint("language IN ('de', 'en', 'nl')", name="language"),
        {
            "info": {
                "processing": Processing(
                    purpose="to let people sign in who look after groups, clearing houses and funding",
                    people="people with an account",
                    basis="Art. 6(1)(b) and (f) GDPR",
                    kept="until the account is erased; then a number without name and address stays",
                    columns=(
                        "email",
                        "password_hash",
                        "name",
                        "language",
                        "totp_secret",
                        "last_signed_in_at",
                    ),
                    accounts=("id",),
                    withheld=("password_hash", "totp_secret", "totp_last_step", "session_version"),
                )
            }
        },
    )

    id: Mapped[IntPk]
    email: Mapped[str] = mapped_column(unique=True)
    password_hash: Mapped[str | None]  # None: signs in by links only
    name: Mapped[str]
    language: Mapped[str]
    is_active: Mapped[bool] = mapped_column(default=True)
    session_version: Mapped[int] = mapped_column(default=1)
    roles_changed_at: Mapped[datetime | None]
    totp_secret: Mapped[str | None]  # None: no second factor
    totp_last_step: Mapped[int | None]  # the last code taken, so that none is taken twice
    created_at: Mapped[datetime]
    last_signed_in_at: Mapped[datetime | None]


class UserSession(Model):
    """Somebody signed in with one browser. The key is in its cookie only; no network address is kept."""

    __tablename__ = "user_session"
    __table_args__ = (
        {
            "info": {
                "processing": Processing(
                    purpose="to keep people signed in, and let them see and end their sessions",
                    people="people with an account",
                    basis="Art. 6(1)(b) GDPR",
                    kept="until signed out, or a day after it was last used",
                    columns=("user_id", "browser", "began_at", "seen_at"),
                    accounts=("user_id",),
                    withheld=("key_hash",),
                )
            }
        },
    )

    id: Mapped[IntPk]
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id", ondelete="CASCADE"), index=True)
    key_hash: Mapped[str] = mapped_column(unique=True)
    key_made_at: Mapped[datetime]
    began_at: Mapped[datetime]
    seen_at: Mapped[datetime] = mapped_column(index=True)
    browser: Mapped[str]  # a family of ``rules/browser_family.py``


class RoleGrant(RoleScope, Model):
    """A role of a person, and what it is for (``rules/permissions.py``)."""

    __tablename__ = "role_grant"
    __table_args__ = (
        *_role_constraints(),
        # NULLs are never equal, so each kind of scope needs an index of its own.
        *(
            sa.Index(
                f"uq_role_grant_{kind}",
                "user_id",
                "role",
                key,
                unique=True,
                sqlite_where=sa.text(f"{key} IS NOT NULL"),
                postgresql_where=sa.text(f"{key} IS NOT NULL"),
            )
            for kind, key in SCOPE_KEYS.items()
        ),
        sa.Index(
            "uq_role_grant_network",
            "user_id",
            "role",
            unique=True,
            sqlite_where=sa.text(_FOR_NOTHING),
            postgresql_where=sa.text(_FOR_NOTHING),
        ),
        {
            "info": {
                "processing": Processing(
                    purpose="to know who may do what",
                    people="people with an account",
                    basis="Art. 6(1)(b) and (f) GDPR",
                    kept="until the role ends or the account is erased",
                    columns=("user_id", "role", *SCOPE_KEYS.values()),
                    accounts=("user_id",),
                    is_health_data=True,
                )
            }
        },
    )

    id: Mapped[IntPk]
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id", ondelete="CASCADE"))
    role: Mapped[str]
    granted_at: Mapped[datetime]


class MailedLink(Model):
    """A link that was mailed and works once: to make an account, to sign in, or to choose a new password.

    Whether there is an account is looked up when the link is used, by its address.
    """

    __tablename__ = "mailed_link"
    __table_args__ = (
        sa.CheckConstraint("purpose IN ('sign_up', 'sign_in', 'reset')", name="purpose"),
        {
            "info": {
                "processing": Processing(
                    purpose="to make an account, sign in, or choose a password by a link",
                    people="whoever asks for a link",
                    basis="Art. 6(1)(b) GDPR",
                    kept="until it is used, or a day after it is too old",
                    columns=("email",),
                    addresses=("email",),
                    withheld=("key_hash",),
                )
            }
        },
    )

    id: Mapped[IntPk]
    key_hash: Mapped[str] = mapped_column(unique=True)
    purpose: Mapped[str]
    email: Mapped[str] = mapped_column(index=True)
    expires_at: Mapped[datetime]


class AddressChange(Model):
    """Somebody wants another address: done once both mailboxes have said yes."""

    __tablename__ = "address_change"
    __table_args__ = (
        {
            "info": {
                "processing": Processing(
                    purpose="to change the address of an account once both mailboxes agree",
                    people="people with an account",
                    basis="Art. 6(1)(b) GDPR",
                    kept="until both agree, or a day after it is too old",
                    columns=("user_id", "new_email"),
                    accounts=("user_id",),
                    withheld=("old_key_hash", "new_key_hash"),
                )
            }
        },
    )

    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id", ondelete="CASCADE"), primary_key=True)
    new_email: Mapped[str]
    old_key_hash: Mapped[str] = mapped_column(unique=True)
    new_key_hash: Mapped[str] = mapped_column(unique=True)
    old_confirmed_at: Mapped[datetime | None]
    new_confirmed_at: Mapped[datetime | None]
    expires_at: Mapped[datetime]


class Invitation(RoleScope, Model):
    """Somebody is asked by mail to take on a role; the row goes when they answer, or when it is taken back."""

    __tablename__ = "invitation"
    __table_args__ = (
        *_role_constraints(),
        {
            "info": {
                "processing": Processing(
                    purpose="to ask somebody to take on a role",
                    people="whoever is invited, and who invites",
                    basis="Art. 6(1)(f) GDPR",
                    kept="until it is answered or taken back, or a day after it is too old",
                    columns=("email", "invited_by"),
                    addresses=("email",),
                    named=("invited_by",),
                    withheld=("key_hash",),
                    is_health_data=True,
                )
            }
        },
    )

    id: Mapped[IntPk]
    key_hash: Mapped[str] = mapped_column(unique=True)
    email: Mapped[str] = mapped_column(index=True)
    role: Mapped[str]
    invited_by: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id", ondelete="SET NULL"), index=True)
    invited_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class RecoveryCode(Model):
    """A code that stands in once for the second factor; the row goes when it is used."""

    __tablename__ = "recovery_code"
    __table_args__ = (
        {
            "info": {
                "processing": Processing(
                    purpose="to let somebody in who has lost the second factor",
                    people="people with an account",
                    basis="Art. 6(1)(f) GDPR",
                    kept="until it is used, or the second factor is taken off",
                    columns=("user_id",),
                    accounts=("user_id",),
                    withheld=("code_hash",),
                )
            }
        },
    )

    id: Mapped[IntPk]
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id", ondelete="CASCADE"), index=True)
    code_hash: Mapped[str] = mapped_column(unique=True)

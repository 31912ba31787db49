"""The second factor: the codes of an authenticator (TOTP, RFC 6238), and recovery codes for when it is lost."""

from __future__ import annotations

import hmac
import secrets
from typing import TYPE_CHECKING

import pyotp
import segno
import sqlalchemy as sa
from flask_babel import gettext as _

from app.accounts.emails import second_factor_mail
from app.accounts.kept_sessions import sign_out_everywhere
from app.accounts.keys import digest
from app.accounts.models import RecoveryCode, User
from app.accounts.rules.second_factor import in_groups, plain_code, steps_near
from app.shared.encryption import decrypt, encrypt
from app.shared.errors import BadInput
from app.shared.history import note
from app.shared.languages import speaking
from app.shared.outbox import queue_mail

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

PURPOSE = "second-factor"
"""Of the key with which the secrets of authenticators are encrypted."""
RECOVERY_CODES = 10
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
_RECOVERY_LENGTH = 16
"""Of 32 letters: 80 bits, so that a plain digest is enough."""


def make_secret() -> str:
    """Answer what an authenticator and this site share, in base32."""
    return pyotp.random_base32()


def picture_of(secret: str, *, address: str) -> str:
    """Answer the QR code that an authenticator reads, as a ``data:`` address of an SVG, dark on white."""
    uri = pyotp.TOTP(secret).provisioning_uri(name=address, issuer_name="Wirkreis")
    return segno.make(uri, error="m").svg_data_uri(scale=5, dark="#000", light="#fff")


def set_up(
    session: Session, user_id: int, *, secret: str, code: str, but_for: str, now: datetime
) -> list[str]:
    """Afterwards the account has a second factor and only this session; answer its recovery codes, shown only now.

    Raises:
        BadInput: the code is not one of this secret, or there is a second factor already.
    """
    user = session.get_one(User, user_id)
    if user.totp_secret is not None:
        raise BadInput(_("Your second factor is set up already."))
    step = _find_step(secret, plain_code(code), now=now)
    if step is None:
        raise wrong_code()
    user.totp_secret = encrypt(secret, purpose=PURPOSE)
    user.totp_last_step = step
    session.flush()
    sign_out_everywhere(session, user_id, but_for=but_for)
    note(session, "account.second_factor_on", now=now, record_id=user_id)
    _tell(session, user, is_on=True, now=now)
    return renew_recovery_codes(session, user_id, now=now)


def take_code(session: Session, user_id: int, typed: str, *, now: datetime) -> bool:
    """Whether a code is right; afterwards it is not taken again, be it the authenticator's or a recovery code."""
    code = plain_code(typed)
    kept = session.scalar(sa.select(User.totp_secret).where(User.id == user_id))
    secret = decrypt(kept, purpose=PURPOSE) if kept else None
    step = _find_step(secret, code, now=now) if secret else None
    if step is not None:
        is_new = sa.or_(User.totp_last_step.is_(None), User.totp_last_step < step)
        taken = sa.update(User).where(User.id == user_id, is_new).values(totp_last_step=step)
        return session.scalar(taken.returning(User.id)) is not None
    used = sa.delete(RecoveryCode).where(
        RecoveryCode.user_id == user_id, RecoveryCode.code_hash == digest(f"{user_id}:{code}")
    )
    return session.scalar(used.returning(RecoveryCode.id)) is not None


def renew_recovery_codes(session: Session, user_id: int, *, now: datetime) -> list[str]:
    """Afterwards these recovery codes hold and no others; answer them as they are written."""
    note(session, "account.recovery_codes_made", now=now, record_id=user_id)
    session.execute(sa.delete(RecoveryCode).where(RecoveryCode.user_id == user_id))
    codes = [
        "".join(secrets.choice(_LETTERS) for _letter in range(_RECOVERY_LENGTH))
        for _code in range(RECOVERY_CODES)
    ]
    session.add_all(RecoveryCode(user_id=user_id, code_hash=digest(f"{user_id}:{code}")) for code in codes)
    session.flush()
    return [in_groups(code) for code in codes]


def count_recovery_codes(session: Session, user_id: int) -> int:
    """Answer how many recovery codes are left."""
    left = sa.select(sa.func.count()).select_from(RecoveryCode).where(RecoveryCode.user_id == user_id)
    return session.scalar(left) or 0


def switch_off(session: Session, user_id: int, *, now: datetime) -> None:
    """Afterwards the account has no second factor, and its holder is told by mail."""
    user = session.get_one(User, user_id)
    user.totp_secret = None
    user.totp_last_step = None
    session.execute(sa.delete(RecoveryCode).where(RecoveryCode.user_id == user_id))
    note(session, "account.second_factor_off", now=now, record_id=user_id)
    _tell(session, user, is_on=False, now=now)


def wrong_code() -> BadInput:
    """Answer the refusal of a code."""
    return BadInput(
        _("This code is not right any more. Please enter the one that is shown now; each is taken once."),
        field="code",
    )


def _find_step(secret: str, code: str, *, now: datetime) -> int | None:
    """Answer the period whose code this is; None when it is that of none near this moment."""
    totp = pyotp.TOTP(secret)
    return next(
        (
            step
            for step in steps_near(int(now.timestamp()))
            if hmac.compare_digest(totp.generate_otp(step).encode(), code.encode())
        ),
        None,
    )


def _tell(session: Session, user: User, *, is_on: bool, now: datetime) -> None:
    with speaking(user.language):
        mail = second_factor_mail(is_on=is_on)
        queue_mail(session, to=user.email, mail=mail, purpose="account-second-factor", now=now)

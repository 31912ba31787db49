"""A form that is sent by a person with a browser, and once: shown without a third party, a picture or a puzzle.

The page carries a challenge, signed and made for this form. With JavaScript the browser looks for a number whose
SHA-256 with the challenge begins with twelve zero bits (``static/js/proof.js``): some thousand tries, a fraction of a
second, while the text is typed. Without it a question in words stands there, and the form must have been open for some
seconds. Whoever sends a challenge a second time is refused, by the database: each message costs an answer of its own.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa
from flask import current_app, render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from itsdangerous import BadData, URLSafeSerializer
from markupsafe import Markup
from sqlalchemy.orm import Mapped, mapped_column

from app.shared import clock
from app.shared.database import insert_into
from app.shared.errors import RuleBroken
from app.shared.extensions import db
from app.shared.privacy import NO_PERSONAL_DATA
from app.shared.visitor_forms import LIFE

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy.orm import Session

    from app.shared.database import Base as Model
else:
    Model = db.Model

CHALLENGE_FIELD, WORK_FIELD, ANSWER_FIELD = "proof_challenge", "proof_work", "proof_answer"
ZERO_BITS = 12
LEAST_SECONDS = 4
"""How long a form that is sent without JavaScript must have been open."""
QUESTIONS = (
    (_l("How many days does a week have?"), frozenset({"7", "sieben", "seven", "zeven"})),
    (_l("How many fingers does one hand have?"), frozenset({"5", "fünf", "fuenf", "five", "vijf"})),
    (_l("How many months does a year have?"), frozenset({"12", "zwölf", "zwoelf", "twelve", "twaalf"})),
    (_l("Which number comes after three?"), frozenset({"4", "vier", "four"})),
)


class UsedProof(Model):
    """A challenge that was used, as a digest, until it would have ended anyway."""

    __tablename__ = "used_proof"
    __table_args__ = {"info": {"processing": NO_PERSONAL_DATA}}

    digest: Mapped[str] = mapped_column(primary_key=True)
    used_at: Mapped[datetime] = mapped_column(index=True)


@dataclass(frozen=True, slots=True)
class Proof:
    """What a page asks for."""

    challenge: str
    question: str
    error: str = ""


def init_proof(app: Flask) -> None:
    """Afterwards templates know ``proof_fields(form name, error)``."""
    app.jinja_env.globals["proof_fields"] = proof_fields


def proof_fields(form_name: str, error: str = "") -> Markup:
    """Answer the fields of a new challenge; the template brings ``js/proof.js`` too."""
    number = secrets.randbelow(len(QUESTIONS))
    facts = [secrets.token_hex(8), int(clock.now().timestamp()), number]
    question = str(QUESTIONS[number][0])
    proof = Proof(str(_serializer(form_name).dumps(facts)), question, error)
    return Markup(render_template("parts/proof.html", proof=proof))  # noqa: S704 - escaped there


def check_proof(form_name: str, *, now: datetime) -> str:
    """Answer what keeps the form from being taken, as a sentence for the person; empty when nothing does."""
    challenge = request.form.get(CHALLENGE_FIELD, "")
    try:
        _nonce, made_at, number = _serializer(form_name).loads(challenge)
    except (BadData, ValueError, TypeError):
        return _("Please answer the question, then send it once more. Your text is still here.")
    age = now.timestamp() - made_at
    if not -60 <= age <= LIFE.total_seconds():
        return _("This form was open too long. Your text is still here; please send it again.")
    if has_worked(challenge, request.form.get(WORK_FIELD, "")):
        return ""
    answer = request.form.get(ANSWER_FIELD, "").strip().strip(".!").casefold()
    if answer not in QUESTIONS[number][1]:
        return _("Please answer the question, then send it once more. Your text is still here.")
    if age < LEAST_SECONDS:
        return _("That went very fast. Your text is still here; please send it again.")
    return ""


def use_proof(session: Session, *, now: datetime) -> None:
    """Afterwards the challenge that was sent cannot be used again, if the caller commits.

    Raises:
        RuleBroken: it was used before.
    """
    digest = hashlib.sha256(request.form.get(CHALLENGE_FIELD, "").encode()).hexdigest()
    new = insert_into(session, UsedProof).values(digest=digest, used_at=now)
    if session.scalar(new.on_conflict_do_nothing().returning(UsedProof.digest)) is None:
        raise RuleBroken(
            _("This has arrived already. If you want to send something more, please press the button again."),
            code="sent_before",
        )


def has_worked(challenge: str, work: str) -> bool:
    """Whether a number makes the digest of the challenge begin with enough zero bits."""
    if not (work.isascii() and work.isdecimal() and len(work) <= 12):
        return False
    digest = hashlib.sha256(f"{challenge}:{work}".encode()).digest()
    return int.from_bytes(digest[:4], "big") >> (32 - ZERO_BITS) == 0


def forget_proofs(session: Session, before: datetime) -> int:
    """Afterwards no challenge is remembered that was used before; answer how many went."""
    old = sa.delete(UsedProof).where(UsedProof.used_at < before)
    return len(session.scalars(old.returning(UsedProof.digest)).all())


def _serializer(form_name: str) -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt=f"proof:{form_name}")

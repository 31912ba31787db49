"""What the processes of ``meeting.py`` do: each act a transaction of its own, or several, as its view makes them."""

from __future__ import annotations

import base64
from datetime import datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from app.funding import notice_portions
from app.funding.bank_file import read_bank_file
from app.funding.models import ApplicationSignature, GrantRequest, GrantRound
from app.funding.services.bank_import import import_lines
from app.funding.services.payee_accounts import enter_account
from app.funding.services.payment_batches import drop_batch, mark_sent, mark_unknown
from app.funding.services.payment_results import mark_lost
from app.funding.services.requests import withdraw_request
from app.funding.services.rounds import extend_round
from app.funding.services.run_acts import post_run
from app.funding.services.signing import sign, token_of
from app.funding.services.sitting_decisions import decide_as_proposed
from app.funding.services.year_end import close_year
from app.groups.upkeep.services import close_group
from app.shared.transactions import transaction, whole
from tests.builders import payments
from tests.builders.groups import NOW

if TYPE_CHECKING:
    from collections.abc import Sequence


def sign_at(signature: int, at: str) -> str:
    """Sign by a link, at a moment by the clock of the server."""
    with transaction() as session:
        token = token_of(session.get_one(ApplicationSignature, signature))
        sign(session, token, now=datetime.fromisoformat(at))
    return "signed"


def extend(round_id: int, last_day: str, at: str) -> str:
    """Move the last day of a round."""
    now = datetime.fromisoformat(at)
    with transaction() as session:
        extend_round(session, round_id, now.fromisoformat(last_day).date(), reason="Streik", now=now)
    return "extended"


def withdraw(request: int) -> str:
    """Withdraw a request as it is now."""
    with transaction() as session:
        version = session.scalar(sa.select(GrantRequest.version).where(GrantRequest.id == request))
        withdraw_request(session, request, version=version or 0, now=NOW)
    return "withdrawn"


def close(group: int) -> str:
    """Close a group."""
    with transaction() as session:
        close_group(session, group, reason="done", now=NOW)
    return "closed"


def post(run: int) -> bool:
    """Post an approved run."""
    with transaction() as session:
        return post_run(session, run, by=2, now=NOW)


def decide_many(sitting: int, requests: Sequence[int]) -> int:
    """Decide many as proposed; answer how many were."""
    with transaction() as session:
        results = decide_as_proposed(session, sitting, requests, most_cents=None, by=1, now=NOW)
        return sum(each.decision is not None for each in results)


def make_notices(run: int) -> int:
    """Make what is due."""
    return notice_portions.make_notices(run, now=NOW)


def mail_notices(run: int) -> int:
    """Mail what is made."""
    return notice_portions.mail_notices(run, now=NOW)


def release(batch: int) -> str:
    """Release a batch."""
    with transaction() as session:
        payments.release(session, batch)
    return "released"


def drop(batch: int) -> str:
    """Drop a batch."""
    with transaction() as session:
        drop_batch(session, batch, now=NOW)
    return "dropped"


def lose(batch: int) -> str:
    """Say of a batch of which nobody knows that it is lost."""
    with transaction() as session:
        mark_lost(session, batch, by=payments.OTHER, now=NOW)
    return "lost"


def say(batch: int, what: str) -> str:
    """Say that a batch is sent, or that nobody knows."""
    with transaction() as session:
        {"sent": mark_sent, "unknown": mark_unknown}[what](session, batch, now=NOW)
    return what


def enter(round_id: int, group: int, iban: str) -> str:
    """Enter another account of a group."""
    with transaction() as session:
        given = {"holder": "Jo Winter", "iban": iban, "by": payments.MAKER, "now": NOW}
        enter_account(session, round_id, group, **given)  # type: ignore[arg-type]
    return "entered"


def build(round_id: int) -> int:
    """Make a batch of all that is ready."""
    with transaction() as session:
        return payments.make_batch(session, round_id)


def read_bank(content: str) -> dict[str, int]:
    """Read a file of the bank, given in base64."""
    lines = read_bank_file(base64.b64decode(content))
    with transaction() as session:
        return dict(+import_lines(session, lines, now=NOW))


def close_books(year: int, at: str) -> str:
    """Close a year."""
    with transaction() as session:
        close_year(session, year, now=datetime.fromisoformat(at))
    return "closed"


@whole
def hold_crossed(first: int, second: int) -> Any:
    """Hold two rounds one after the other, with time between: two in crossed order stop each other."""
    with transaction() as session:
        for number, round_id in enumerate((first, second)):
            sa_round = session.get_one(GrantRound, round_id, with_for_update={"key_share": True})
            sa_round.extension_reason = f"{first}"
            session.flush()
            if not number:
                session.execute(sa.text("select pg_sleep(0.5)"))
    return "held"


def release_at(batch: int, at: str) -> str:
    """Release a batch at another time."""
    with transaction() as session:
        payments.release(session, batch, now=datetime.fromisoformat(at))
    return "released"

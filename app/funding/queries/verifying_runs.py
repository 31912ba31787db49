"""Whether posted runs agree with themselves and with the ledger: hashes, two people, every award."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.funding.models import (
    AllocationAct,
    AllocationInput,
    AllocationLine,
    AllocationRun,
    LedgerAccount,
    LedgerEntry,
    LedgerLine,
)
from app.funding.queries.runs import output_of
from app.funding.rules.allocation import RULE_VERSION
from app.funding.rules.division_texts import divide_input, hash_of, read_input, result_text
from app.funding.rules.ledger_accounts import COMMITTED, GROUP
from app.funding.rules.postings import COMMIT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session


def faults_of_runs(session: Session) -> Iterator[str]:
    """Yield, in words, everything that does not agree; the ledger itself is looked at elsewhere."""
    acts = session.execute(sa.select(AllocationAct.run_id, AllocationAct.act, AllocationAct.done_by)).all()
    by_run: dict[int, dict[str, int]] = {}
    for run_id, act, done_by in acts:
        by_run.setdefault(run_id, {})[act] = done_by
    for run in session.scalars(sa.select(AllocationRun).order_by(AllocationRun.id)):
        yield from (f"run {run.id}: {fault}" for fault in _faults_of_texts(session, run))
        yield from (f"run {run.id}: {fault}" for fault in _faults_of_people(run, by_run.get(run.id, {})))
        if "posted" in by_run.get(run.id, {}):
            yield from (f"run {run.id}: {fault}" for fault in _faults_of_awards(session, run))
    known = {run_id for run_id, done in by_run.items() if "posted" in done}
    for key in session.scalars(sa.select(LedgerEntry.key).where(LedgerEntry.reason == "run.award")):
        if int(key.split("/")[1]) not in known:
            yield f"entry {key}: promises money of a run that is not posted"


def _faults_of_texts(session: Session, run: AllocationRun) -> Iterator[str]:
    if hash_of(output_of(session, run)) != run.result_hash:
        yield "its lines are not those that were hashed"
    text = session.scalar(sa.select(AllocationInput.text).where(AllocationInput.run_id == run.id))
    if text is None or hash_of(text) != run.input_hash:
        yield "its input is not the one that was hashed"
    elif (
        run.rule_version == RULE_VERSION
        and hash_of(result_text(divide_input(read_input(text)))) != run.result_hash
    ):
        yield "dividing its input anew gives another result"


def _faults_of_people(run: AllocationRun, done: dict[str, int]) -> Iterator[str]:
    if done.get("approved") == run.drafted_by:
        yield "one person drafted and approved it"
    if "posted" in done and not {"checked", "approved"} <= done.keys():
        yield "it was posted without being checked and approved"


def _faults_of_awards(session: Session, run: AllocationRun) -> Iterator[str]:
    promised = session.execute(
        sa.select(LedgerEntry.key, LedgerAccount.payee_kind, LedgerAccount.payee_id, LedgerLine.cents)
        .join(LedgerLine, LedgerLine.entry_id == LedgerEntry.id)
        .join(LedgerAccount, LedgerAccount.id == LedgerLine.account_id)
        .where(
            LedgerEntry.key.startswith(f"run/{run.id}/"),
            LedgerEntry.kind == COMMIT,
            LedgerAccount.kind == COMMITTED,
        )
    )
    posted = {
        group_id: cents
        for key, kind, group_id, cents in promised
        if (kind, key) == (GROUP, f"run/{run.id}/{group_id}")
    }
    lines = session.execute(
        sa.select(AllocationLine.group_id, AllocationLine.award_cents - AllocationLine.before_cents).where(
            AllocationLine.run_id == run.id, AllocationLine.award_cents > AllocationLine.before_cents
        )
    )
    awarded = {group_id: cents for group_id, cents in lines}  # noqa: C416 - rows are no pairs to mypy
    for group_id in sorted(posted.keys() | awarded.keys()):
        if posted.get(group_id) != awarded.get(group_id):
            yield f"group {group_id} was awarded {awarded.get(group_id)} cents, promised {posted.get(group_id)}"

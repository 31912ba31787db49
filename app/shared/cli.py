"""Commands of the shared machinery: ``flask jobs``, ``retention``, ``history``, ``privacy`` and ``mail receive``."""

from __future__ import annotations

import logging
import signal
import sys
from typing import TYPE_CHECKING, Any, NoReturn

import click
from flask import current_app

from app.shared import clock, history_seals, incoming_mail, jobs, privacy_record, retention
from app.shared.commands import Commands
from app.shared.errors import NotFound
from app.shared.extensions import db
from app.shared.transactions import transaction
from config import ROOT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask import Flask

logger = logging.getLogger("wirkreis.mail")

jobs_cli = Commands("jobs", help="Work that is done every so often.")
mail_cli = Commands("mail", help="Mail that comes in.")
history_cli = Commands("history", help="Who did what, and whether it still stands as it was written.")
privacy_cli = Commands("privacy", help="What is kept of people.")
RECORD = ROOT / "docs" / "privacy.md"
retention_cli = Commands("retention", help="What is deleted after how long.")


def register(app: Flask) -> None:
    """Afterwards the application has these commands."""
    app.cli.add_command(jobs_cli)
    app.cli.add_command(mail_cli)
    app.cli.add_command(retention_cli)
    app.cli.add_command(history_cli)
    app.cli.add_command(privacy_cli)


@jobs_cli.command("run")
def run_command() -> None:
    """Run the scheduler until it is told to stop; several may run at once."""
    scheduler = jobs.build_scheduler(_app())
    signal.signal(signal.SIGTERM, _stop)
    names = ", ".join(job.name for job in jobs.list_jobs(_app()))
    click.echo(f"Running these jobs until stopped: {names}.")
    try:
        scheduler.start()
    except (KeyboardInterrupt, SystemExit):
        click.echo("Stopping; jobs that are running are finished first.")
    finally:
        if scheduler.running:
            scheduler.shutdown(wait=True)


@jobs_cli.command("list")
def list_command() -> None:
    """Show every job: how often it runs, when it last did and next will, and its last error."""
    app_jobs = jobs.list_jobs(_app())
    rows = [("NAME", "PERIOD", "LAST RUN", "NEXT RUN", "LAST ERROR")]
    for state in jobs.list_job_states(db.session(), jobs=app_jobs, now=clock.now()):
        last = f"{state.last_done_at:%Y-%m-%d %H:%M:%S} UTC" if state.last_done_at else "never"
        following = f"{state.next_run_at:%Y-%m-%d %H:%M:%S} UTC"
        rows.append(
            (state.job.name, _period(state.job.period_seconds), last, following, state.last_error or "-")
        )
    for line in _table(rows):
        click.echo(line)


@jobs_cli.command("once")
@click.argument("name")
def once_command(name: str) -> None:
    """Run the job NAME now, even if it has already run in this period."""
    try:
        outcome = jobs.run_job_once(_app(), name, clock.now(), even_if_done=True)
    except NotFound as error:
        raise click.BadParameter(error.message, param_hint="NAME") from error
    if outcome is jobs.JobOutcome.NOT_DUE:
        click.echo(f"{name} is being run by another process right now; nothing to do.")
    elif outcome is jobs.JobOutcome.FAILED:
        raise click.ClickException(f"{name} failed; `flask jobs list` shows the error, the log all of it.")
    else:
        click.echo(f"{name} is done.")


@mail_cli.command("receive")
@click.option("--recipient", help="Whom the envelope names; else the headers are asked.")
@click.option("--sender", help="Who the envelope says sent it, empty for nobody; else Return-Path is asked.")
def receive_command(recipient: str | None, sender: str | None) -> None:
    """Take one mail from standard input, as a mail server hands it over; see docs/configuration.md."""
    raw = sys.stdin.buffer.read(incoming_mail.MOST_BYTES + 1)
    while sys.stdin.buffer.read(1 << 20):  # who writes more must not find the door shut
        pass
    try:
        with transaction() as session:
            outcome = incoming_mail.receive(session, raw, recipient=recipient, sender=sender, now=clock.now())
    except Exception:  # a fault of ours must not reach whoever wrote, by a trace in a bounce
        logger.exception("incoming mail not taken")
        outcome = incoming_mail.Outcome.TRY_LATER
    if outcome is incoming_mail.Outcome.NO_SUCH_ADDRESS:
        click.echo(
            "This address does not exist, or no longer: conversations end some weeks after the last mail.",
            err=True,
        )
    sys.exit(outcome)


@retention_cli.command("list")
def list_retention_command() -> None:
    """Show every rule: its table, its period, and what it deleted when there last was something to delete."""
    rows = [("NAME", "TABLE", "AFTER", "WHAT", "LAST DELETED")]
    last = retention.list_last_applied(db.session())
    for rule in retention.list_retention():
        at, count = last.get(rule.name, (None, 0))
        when = f"{at:%Y-%m-%d}: {count}" if at else "-"
        rows.append((rule.name, rule.table, f"{rule.days} d", rule.what, when))
    for line in _table(rows):
        click.echo(line)


@history_cli.command("verify")
@click.option(
    "--head", default="", help="A seal as it was logged on some day: it must still be in the chain."
)
def verify_history(head: str) -> None:
    """Recompute every seal; fail and say which day when one does not hold."""
    found = history_seals.verify(db.session())
    faults = [*found.faults]
    if head and not history_seals.has_seal(db.session(), head.strip().lower()):
        faults.append(f"the seal {head} is not in the chain")
    for fault in faults:
        click.echo(fault, err=True)
    if faults:
        raise click.ClickException("The history is not as it was sealed.")
    click.echo(f"{found.days} days with {found.entries} entries are as they were sealed. Head: {found.head}")


@privacy_cli.command("record")
def write_privacy_record() -> None:
    """Write docs/privacy.md, the record of processing activities, from the tables and the rules of deletion."""
    record = privacy_record.write_record(db.metadata.tables.values(), retention.list_retention())
    RECORD.write_text(record, encoding="utf-8")
    click.echo(f"{RECORD.relative_to(ROOT)} is written.")


def _app() -> Flask:
    """Answer the application itself, which threads can carry away, not the stand-in for it."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001
    return app


def _stop(_signal: int, _frame: Any) -> NoReturn:
    """End the scheduler's wait; what runs is finished by its shutdown."""
    sys.exit(0)


def _period(seconds: int) -> str:
    """Answer a period in the largest whole unit."""
    for size, unit in ((86400, "d"), (3600, "h"), (60, "min")):
        if seconds % size == 0:
            return f"{seconds // size} {unit}"
    return f"{seconds} s"


def _table(rows: Sequence[Sequence[str]]) -> list[str]:
    """Answer the rows as lines with aligned columns."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    ]

"""Commands of funding: ``flask funding``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
import sqlalchemy as sa
from flask import current_app

from app.funding.models import Budget
from app.funding.queries.entries import accounts_by_id, each_entry
from app.funding.queries.verifying import verify
from app.funding.rules.journal import journal
from app.funding.services.reference import load_funding_reference
from app.shared.commands import Commands
from app.shared.transactions import snapshot, transaction

if TYPE_CHECKING:
    from flask import Flask

funding_cli = Commands("funding", help="The money of self-help.")


def register(app: Flask) -> None:
    """Afterwards ``flask funding`` exists."""
    app.cli.add_command(funding_cli)


@funding_cli.command("load-reference")
def load_reference_command() -> None:
    """Store insurers, regions, rates and plans that are missing; safe to run again. Needs the geography."""
    with transaction() as session:
        added = load_funding_reference(session)
    click.echo(f"{added} rows of funding added.")


@funding_cli.command("verify")
def verify_command() -> None:
    """Recompute every entry, guard and seal; fail and say what does not agree."""
    found = verify(snapshot(), is_demo=current_app.config["WIRKREIS"].app_env == "demo")
    for fault in found.faults:
        click.echo(fault, err=True)
    if found.faults:
        raise click.ClickException(f"{len(found.faults)} things in the ledger do not agree.")
    click.echo(f"{found.entries} entries on {found.accounts} accounts agree with every guard and seal.")


@funding_cli.command("journal")
def journal_command() -> None:
    """Print every entry as plain text for beancount, with what the guards say; bean-check recomputes it."""
    session = snapshot()
    accounts = {number: account for number, (_name, account) in accounts_by_id(session).items()}
    guards = {
        accounts[each.account_id]: (each.granted, each.committed, each.paid)
        for each in session.scalars(sa.select(Budget))
    }
    for line in journal(
        ((each.posted_at.date(), each.posting) for each in each_entry(session, accounts)), guards
    ):
        click.echo(line)

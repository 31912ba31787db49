"""Commands of the groups package."""

from __future__ import annotations

import gc

import click
from flask import Flask

from app.groups.meetings.schedules import day_of
from app.groups.search_index import rebuild_index
from app.groups.topics import load_topics
from app.shared import clock
from app.shared.commands import Commands
from app.shared.transactions import transaction

topics_group = Commands("topics", help="The taxonomy of topics.")
groups_group = Commands("groups", help="Self-help groups.")


def register(app: Flask) -> None:
    """Afterwards ``flask topics load`` and ``flask groups reindex`` exist."""
    app.cli.add_command(topics_group)
    app.cli.add_command(groups_group)


@topics_group.command("load")
def load() -> None:
    """Load topics and areas from the files; safe to run twice."""
    with transaction() as session:
        count = load_topics(session)
    click.echo(f"{count} topics")


@groups_group.command("reindex")
def reindex() -> None:
    """Make the finder's index anew from the groups."""
    gc.disable()  # a short life with many small objects: looking for cycles takes a tenth of it
    with transaction() as session:
        count = rebuild_index(session, today=day_of(clock.now()))
    click.echo(f"{count} groups indexed")

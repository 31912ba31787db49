"""Commands of the reference geography: ``flask places …``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from app.places.school_holidays import load_school_holidays, replace_school_holidays
from app.places.services import load_reference_geography
from app.shared.commands import Commands
from app.shared.transactions import transaction

if TYPE_CHECKING:
    from flask import Flask

places_commands = Commands("places", help="Reference geography and school holidays.")


def register(app: Flask) -> None:
    """Afterwards the application has the ``places`` commands."""
    app.cli.add_command(places_commands)


@places_commands.command("load")
def load() -> None:
    """Load the reference geography; safe to run again."""
    with transaction() as session:
        count = load_reference_geography(session)
    click.echo(
        f"{count.states} Länder, {count.districts} districts, {count.postcodes} postcodes, "
        f"{count.towns} towns, {count.school_holidays} school holidays; {count.changed} rows changed."
    )


@places_commands.command("school-holidays")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=False)
def school_holidays(file: Path | None) -> None:
    """Take the school holidays of the Länder in FILE from it; without FILE, those of this release for all again.

    FILE is CSV with the columns state_ags, kind, first_on, last_on and, if you like, source. A Land that FILE names
    gets the holidays in FILE and no others; the other Länder stay as they are.
    """
    with transaction() as session:
        count = replace_school_holidays(session, file) if file else load_school_holidays(session, anew=True)
    click.echo(f"{count.count} school holidays in {count.states} Länder; {count.changed} rows changed.")
    if count.changed:
        click.echo("The finder learns of them within a month; at once with: flask groups reindex")


@places_commands.command("basemap")
@click.option(
    "--target",
    type=click.Path(file_okay=False, path_type=Path),
    default=None,
    help="Folder to write to; static/generated/basemap unless told.",
)
def basemap(target: Path | None) -> None:
    """Write the outlines and city labels of the embedded map."""
    from app.places.basemap import DEFAULT_TARGET, write_basemap  # noqa: PLC0415 - shapely work only when asked

    for path in write_basemap(target or DEFAULT_TARGET):
        click.echo(f"{path.name}: {path.stat().st_size} bytes")

"""Commands of the reference geography: ``flask places …``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click
from flask.cli import AppGroup

from app.places.services import load_reference_geography
from app.shared.transactions import transaction

if TYPE_CHECKING:
    from flask import Flask

places_commands = AppGroup("places", help="Reference geography: Länder, districts, postcodes, towns.")


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
        f"{count.towns} towns; {count.changed} rows changed."
    )


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

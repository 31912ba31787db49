"""How long ``flask seed`` took when the database was made."""

from __future__ import annotations

from bench.databases import Database
from bench.tables import heading, value_line

MAX_SECONDS = 240


def run(database: Database) -> None:
    """Print the seconds; they are noted once, when the database is made."""
    heading(f"Seeding, {database.kind}")
    value_line("flask seed, noted when it was run", database.seed_seconds, unit="s", at_most=MAX_SECONDS)

"""Closes a year, to be killed meanwhile: ``python -m tests.support.slow_closer URL``. Says when it begins and ends."""

from __future__ import annotations

import sys

from app import create_app
from app.funding.services.year_end import close_year
from app.shared.transactions import transaction
from tests.builders.contributions import AFTER, YEAR
from tests.support.databases import config_for
from tests.support.programs import say


def main(url: str) -> None:
    """Close the year."""
    with create_app(config_for(url)).app_context():
        say("begin")
        with transaction() as session:
            close_year(session, YEAR, now=AFTER)
        say("done")


if __name__ == "__main__":
    main(sys.argv[1])

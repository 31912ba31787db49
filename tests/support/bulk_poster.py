"""Posts rounds of awards until it is killed: ``python -m tests.support.bulk_poster URL AWARDS``.

Prints the number of each round before it begins and after it is committed.
"""

from __future__ import annotations

import itertools
import sys

from app import create_app
from app.funding.services.ledger import post
from app.shared.transactions import transaction
from tests.builders.groups import NOW
from tests.builders.ledger import POT_2026, awards
from tests.support.databases import config_for
from tests.support.programs import say


def main(url: str, count: int) -> None:
    """Post one round after the other."""
    with create_app(config_for(url)).app_context():
        for number in itertools.count(1):
            say(f"begin {number}")
            with transaction() as session:
                post(session, awards(POT_2026, count, 1, run=f"round-{number}"), now=NOW)
            say(f"done {number}")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))

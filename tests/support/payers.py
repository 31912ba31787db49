"""Processes that build a batch of the same awards at once: ``python -m tests.support.payers URL ROUND COUNT``.

A program of its own, and forked, as ``together.py`` says.
"""

from __future__ import annotations

import json
import sys
from functools import partial

from app import create_app
from app.shared.errors import RuleBroken
from app.shared.transactions import transaction
from tests.builders.payments import make_batch
from tests.support.databases import config_for
from tests.support.together import together


def build(round_id: int) -> int | str | None:
    """Build a batch; answer its number, or why there is none."""
    try:
        with transaction() as session:
            return make_batch(session, round_id)
    except RuleBroken as error:
        return error.code


def main(url: str, round_id: int, count: int) -> None:
    """Let all of them begin at once."""
    app = create_app(config_for(url))
    json.dump(together(app, *[partial(build, round_id)] * count), sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))

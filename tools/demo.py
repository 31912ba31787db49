"""Make the demo database ready, as `make run` does: tables, reference data, and demo groups if there are none.

One process for all of them, so that a second start takes seconds.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import click
from flask.cli import FlaskGroup

from app import create_app

COMMANDS = (
    ("db", "upgrade"),
    ("places", "load"),
    ("topics", "load"),
    ("funding", "load-reference"),
    ("seed", "--if-empty", "--groups", "2000", "--random-seed", "1"),
)


def main() -> int:
    """Run the commands one after the other; the first that fails ends it with its own message."""
    app = create_app()
    flask = FlaskGroup(create_app=lambda: app)
    for command in COMMANDS:
        try:
            flask.main(args=list(command), prog_name="flask", standalone_mode=False)
        except click.ClickException as error:
            error.show()
            return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())

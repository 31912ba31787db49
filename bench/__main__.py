"""``python -m bench [--large] [parts]``: prints tables, then every promise that was not kept; never fails for one."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from time import perf_counter

from bench import allocation, browser, finder, large, ledger, meetings, page, runs, seeding, tables, what_if
from bench import map as map_data
from bench.databases import Database, database

GROUPS = 100_000
PARTS: dict[str, Callable[[Database], None]] = {
    "seeding": seeding.run,
    "finder": finder.run,
    "map": map_data.run,
    "meetings": meetings.run,
    "page": page.run,
    "browser": browser.run,
}
SQLITE_ONLY = {"meetings", "browser"}
WITHOUT_DATABASE: dict[str, Callable[[], None]] = {
    "allocation": allocation.run,
    "ledger": ledger.run,
    "runs": runs.run,
    "what-if": what_if.run,
}


def main() -> None:
    """Run the parts named, all of them unless told, on both databases."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("parts", nargs="*", choices=[[], *PARTS, *WITHOUT_DATABASE], help="all unless told")
    parser.add_argument("--large", action="store_true", help="a million groups instead")
    parser.add_argument("--groups", type=int, default=GROUPS, help="how many groups, %(default)s unless told")
    parser.add_argument("--database", choices=["sqlite", "postgresql"], help="both unless told")
    options = parser.parse_args()
    began = perf_counter()
    print(tables.machine())
    if options.large:
        large.run()
    else:
        _run_parts(options)
    tables.heading(f"Promises not kept: {len(tables.missed)} (after {perf_counter() - began:.0f} s)")
    print("\n".join(tables.missed) or "none")


def _run_parts(options: argparse.Namespace) -> None:
    named = options.parts or [*WITHOUT_DATABASE, *PARTS]
    for part, call in WITHOUT_DATABASE.items():
        if part in named:
            call()
    parts = [part for part in named if part in PARTS]
    for kind in [options.database] if options.database else ["sqlite", "postgresql"]:
        if not parts:
            return
        with database(kind, groups=options.groups) as opened:
            for part in parts:
                if kind == "sqlite" or part not in SQLITE_ONLY:
                    PARTS[part](opened)


if __name__ == "__main__":
    main()

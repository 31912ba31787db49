"""The addresses of the site: each says who may use it, and none disappears unnoticed."""

from __future__ import annotations

import os
from pathlib import Path

from app.accounts.rules.permissions import PERMISSIONS

LIST = Path(__file__).with_name("routes.txt")
UPDATE = "A removed address needs a redirect. Then: UPDATE_ROUTES=1 make test-some TESTS=tests/house/test_routes.py"


def rules(app):
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint != "static"]


def test_every_route_states_who_may_use_it(app):
    silent = {
        f"{rule.rule} ({rule.endpoint})"
        for rule in rules(app)
        if getattr(app.view_functions[rule.endpoint], "required_permission", None) not in PERMISSIONS
    }
    assert silent == set(), "Put @public or @requires(...) from app.accounts.guard under the route decorator."


def test_the_addresses_are_those_of_the_committed_list(app):
    lines = sorted(
        {f"{','.join(sorted(set(rule.methods) - {'HEAD', 'OPTIONS'}))} {rule.rule}" for rule in rules(app)},
        key=lambda line: line.split(" ")[::-1],
    )
    if os.environ.get("UPDATE_ROUTES"):
        LIST.write_text("\n".join(lines) + "\n", encoding="utf-8")
    known = LIST.read_text(encoding="utf-8").split("\n")[:-1] if LIST.exists() else []
    assert {"new": sorted(set(lines) - set(known)), "gone": sorted(set(known) - set(lines))} == {
        "new": [],
        "gone": [],
    }, UPDATE

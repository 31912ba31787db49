"""The numbers of a division as a form."""

from __future__ import annotations

import pytest
from werkzeug.datastructures import MultiDict

from app.funding.forms.division import DivisionForm, fields_of
from app.funding.rules.division import DivisionRules, Tier

RULES = DivisionRules(
    reserve_percent=5,
    reserve_floor_cents=100_000,
    tiers=(Tier(1, 60_000), Tier(7, 80_050, 2), Tier(30, None, 3)),
    base_cents=20_000,
    fills_up=False,
    is_weighted=True,
    unit_cents=50,
    minimum_cents=10_000,
)


@pytest.mark.parametrize("rules", [RULES, DivisionRules()])
def test_rules_come_back_from_the_form_as_they_went_in(app, rules):
    with app.test_request_context():
        form = DivisionForm.of(rules)
        assert form.validate(), form.errors
        assert form.to_rules() == rules


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"reserve_percent": "101"}, "reserve_percent"),
        ({"reserve_percent": "2,5"}, "reserve_percent"),
        ({"minimum": "1,234"}, "minimum"),
        ({"unit": "0"}, "unit"),
        ({"base": "50"}, "base"),
        ({"reserve_floor": "99999999999999"}, "reserve_floor"),
        ({"tier-0-members": "2"}, "tier_0_members"),
        ({"tier-1-weight": "5"}, "tier_1_weight"),
        ({"tier-2-members": "7"}, "tier_2_members"),
        ({"tier-3-maximum": "100"}, "tier_3_members"),
    ],
)
def test_what_is_no_rule_is_refused_beside_its_field(app, typed, field):
    with app.test_request_context():
        form = DivisionForm(MultiDict({**fields_of(RULES), **typed}))
        assert not form.validate()
        assert list(form.errors) == [field]

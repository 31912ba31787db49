"""The numbers by which a pot is divided, as the fields of a form: the same for a trial and for a run.

The names of the fields are the names in an address too: ``DivisionForm(request.args)`` reads a trial.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, Field

from app.funding.fields import SumField, WholeField, large_sum_field, sum_text
from app.funding.rules.division import DivisionRules, Tier
from app.funding.rules.grant_round import SUPPLEMENTS
from app.funding.words.explanations import KINDS
from app.shared.visitor_forms import VisitorForm

MOST_TIERS = 4
MOST_WEIGHT = 4
MOST_MEMBERS = 10_000


def _members(tier: int) -> WholeField:
    return WholeField(_l("From how many members"), least=1, most=MOST_MEMBERS, name=f"tier-{tier}-members")


def _maximum(tier: int) -> SumField:
    return large_sum_field(_l("At most, in euros"), least=1, name=f"tier-{tier}-maximum")


def _weight(tier: int) -> WholeField:
    return WholeField(_l("Weight"), least=1, most=MOST_WEIGHT, name=f"tier-{tier}-weight")


def _sub_pot(kind: str) -> SumField:
    return large_sum_field(_l("For %(kind)s, in euros", kind=KINDS[kind]), name=f"for-{kind}")


class DivisionForm(VisitorForm):
    """The rule of a division as numbers. An empty field is what it is without that rule."""

    reserve_percent = WholeField(_l("Reserve in per cent"), most=100)
    reserve_floor = large_sum_field(_l("Reserve at least, in euros"))
    minimum = large_sum_field(_l("Least useful grant, in euros"))
    unit = large_sum_field(_l("Whole multiples of, in euros"), least=1)
    base = large_sum_field(_l("Base for every group, in euros"))
    is_weighted = BooleanField(_l("Larger tiers count with their weight"))
    fills_up = BooleanField(_l("What is left raises groups above the base"))
    tier_0_members, tier_0_maximum, tier_0_weight = _members(0), _maximum(0), _weight(0)
    tier_1_members, tier_1_maximum, tier_1_weight = _members(1), _maximum(1), _weight(1)
    tier_2_members, tier_2_maximum, tier_2_weight = _members(2), _maximum(2), _weight(2)
    tier_3_members, tier_3_maximum, tier_3_weight = _members(3), _maximum(3), _weight(3)

    for_start_up, for_interpreters, for_access, for_travel = map(_sub_pot, SUPPLEMENTS)

    @classmethod
    def of(cls, rules: DivisionRules) -> DivisionForm:
        """Answer the form that says these rules."""
        return cls(MultiDict(fields_of(rules)))

    @property
    def tiers(self) -> list[tuple[WholeField, SumField, WholeField]]:
        """The fields of each tier: members, maximum, weight."""
        return [
            (self[f"tier_{n}_members"], self[f"tier_{n}_maximum"], self[f"tier_{n}_weight"])
            for n in range(MOST_TIERS)
        ]

    @property
    def sub_pots(self) -> dict[str, SumField]:
        """The field of the money for each supplement."""
        return {kind: self[f"for_{kind}"] for kind in SUPPLEMENTS}

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether this is a rule; what is wrong stands beside its field."""
        if not super().validate(extra_validators):
            return False
        for members, maximum, weight in self.tiers[1:]:
            if members.number is None and (maximum.cents is not None or (weight.data or "").strip()):
                _say(members, _("Please say from how many members this tier begins, or empty its row."))
        if self.tiers[0][0].number not in (None, 1):
            _say(self.tiers[0][0], _("The first tier begins with 1 member."))
        given = [members for members, _maximum, _weight in self.tiers[1:] if members.number is not None]
        for lower, upper in pairwise([self.tiers[0][0], *given]):
            if (upper.number or 1) <= (lower.number or 1):
                _say(upper, _("Each tier begins with more members than the one before."))
        self._check_base()
        return not any(field.errors for field in self)

    def to_rules(self) -> DivisionRules:
        """Answer the rules that the valid form says."""
        first, *more = self.tiers
        given = [first, *(each for each in more if each[0].number is not None)]
        return DivisionRules(
            reserve_percent=self.reserve_percent.number or 0,
            reserve_floor_cents=self.reserve_floor.cents or 0,
            tiers=tuple(
                Tier(members.number or 1, maximum.cents, weight.number or 1)
                for members, maximum, weight in given
            ),
            base_cents=self.base.cents,
            sub_pots_cents={kind: field.cents for kind, field in self.sub_pots.items() if field.cents},
            fills_up=bool(self.fills_up.data),
            is_weighted=bool(self.is_weighted.data),
            unit_cents=self.unit.cents or 1,
            minimum_cents=self.minimum.cents or 0,
        )

    def _check_base(self) -> None:
        unit, base, least = self.unit.cents or 1, self.base.cents, self.minimum.cents or 0
        if base is not None and base // unit * unit < -(-least // unit) * unit:
            _say(self.base, _("The base must be at least the least useful grant, or be left empty."))


def fields_of(rules: DivisionRules) -> dict[str, str]:
    """Answer the fields that say these rules; what is the same without the field is left out."""
    fields = {
        "reserve_percent": str(rules.reserve_percent or ""),
        "reserve_floor": sum_text(rules.reserve_floor_cents or None),
        "minimum": sum_text(rules.minimum_cents or None),
        "unit": sum_text(rules.unit_cents if rules.unit_cents > 1 else None),
        "base": sum_text(rules.base_cents),
        "is_weighted": "y" if rules.is_weighted else "",
        "fills_up": "y" if rules.fills_up else "",
    }
    fields |= {f"for-{kind}": sum_text(cents) for kind, cents in rules.sub_pots_cents.items()}
    for number, tier in enumerate(rules.tiers[:MOST_TIERS]):
        fields[f"tier-{number}-members"] = str(tier.least_members)
        fields[f"tier-{number}-maximum"] = sum_text(tier.maximum_cents)
        fields[f"tier-{number}-weight"] = str(tier.weight) if tier.weight > 1 else ""
    return {name: value for name, value in fields.items() if value}


def _say(field: Field, sentence: str) -> None:
    field.errors = [*field.errors, sentence]

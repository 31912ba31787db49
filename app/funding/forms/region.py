"""The rules of a region as a form of its funding office."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask_babel import gettext as _
from wtforms import BooleanField, SelectChoice, SelectField

from app.funding.fields import SumField, WholeField, YearDayField, sum_text, year_day_text
from app.funding.region_words import COUNTS, FIELD_NAMES, WEEKENDS
from app.funding.rules.region_rules import WITH_NEXT_REQUEST, RegionRules
from app.shared.visitor_forms import VisitorForm

_SUMS = ("confirmation_up_to_cents", "plain_up_to_cents")


def _choices(labels: dict[str, Any]) -> list[SelectChoice]:
    return [SelectChoice(*each) for each in labels.items()]


class RegionForm(VisitorForm):
    """What a funding office may change; an empty field means that there is no such rule."""

    deadline = YearDayField(FIELD_NAMES["deadline"])
    deadline_new = YearDayField(FIELD_NAMES["deadline_new"])
    new_after_months = WholeField(FIELD_NAMES["new_after_months"], most=24)
    counts = SelectField(FIELD_NAMES["counts"], choices=_choices(COUNTS))
    weekend = SelectField(FIELD_NAMES["weekend"], choices=_choices(WEEKENDS))
    confirmation_up_to_cents = SumField(FIELD_NAMES["confirmation_up_to_cents"])
    plain_up_to_cents = SumField(FIELD_NAMES["plain_up_to_cents"])
    proof_due = YearDayField(FIELD_NAMES["proof_due"])
    must_be_listed = BooleanField(FIELD_NAMES["must_be_listed"])

    @staticmethod
    def data_of(rules: RegionRules) -> dict[str, Any]:
        """Answer rules as the data of the form."""
        due = None if rules.proof_due == WITH_NEXT_REQUEST else rules.proof_due
        return {
            "deadline": year_day_text(rules.deadline),
            "deadline_new": year_day_text(rules.deadline_new),
            "new_after_months": str(rules.new_after_months),
            "counts": rules.counts,
            "weekend": rules.weekend,
            "proof_due": year_day_text(due),
            "must_be_listed": rules.must_be_listed,
            **{name: sum_text(getattr(rules, name)) for name in _SUMS},
        }

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether these can be the rules of a region."""
        super().validate(extra_validators)
        if not self.deadline.errors and self.deadline.day is None:
            self.deadline.errors = [_("Please give the last day, as in 31.03.")]
        return not self.errors

    def rules(self, before: RegionRules) -> RegionRules:
        """Answer the rules that the valid form says; what it does not ask stays."""
        return replace(
            before,
            deadline=self.deadline.day or before.deadline,
            deadline_new=self.deadline_new.day,
            new_after_months=self.new_after_months.number or 0,
            counts=self.counts.data,
            weekend=self.weekend.data,
            proof_due=self.proof_due.day or WITH_NEXT_REQUEST,
            must_be_listed=bool(self.must_be_listed.data),
            **{name: getattr(self, name).cents for name in _SUMS},
        )

"""How the money for a project was used, as a form: what was done, and what came and was spent line by line."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField
from wtforms.validators import Length

from app.funding.fields import SumField, WholeField
from app.funding.forms.pages import PlanPage, Row
from app.funding.queries.projects import Project
from app.funding.rules.project_proof import by_kind

MOST_PEOPLE = 1_000_000
LONGEST = 4_000


def _text(label: Any, rows: int) -> TextAreaField:
    too_long = _l("Please use at most 4,000 characters.")
    return TextAreaField(
        label,
        validators=[Length(max=LONGEST, message=too_long)],
        render_kw={"rows": rows, "maxlength": LONGEST},
    )


class ProjectProofForm(PlanPage):
    """A short report, costs and income beside the plan, and what is left."""

    report = _text(_l("What was done, and did it work?"), 5)
    participants = WholeField(_l("How many people took part?"), most=MOST_PEOPLE)
    stays = _text(_l("What stays of it?"), 3)
    remaining = SumField(_l("What is left of the money from the insurers"))

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether everything is told, and every line can be read."""
        super().validate(extra_validators)
        for text in (self.report, self.stays):
            if not (text.data or "").strip():
                text.errors = [_("Please tell it in a few sentences.")]
        if not self.participants.errors and self.participants.number is None:
            self.participants.errors = [_("Please give a number; 0 if there are none.")]
        if not self.remaining.errors and self.remaining.cents is None:
            self.remaining.errors = [_("Please give the sum; 0 if nothing is left.")]
        return not self.errors

    def _values(self) -> dict[str, Any]:
        return {
            **super()._values(),
            "report": (self.report.data or "").strip(),
            "stays": (self.stays.data or "").strip(),
            "participants": self.participants.number,
            "remaining": self.remaining.cents,
        }

    def begin_with(self, found: Project) -> None:
        """Afterwards there is an empty line for everything that was planned."""
        money = found.values("money") or {"others": ()}
        self.costs = [Row(kind) for kind in by_kind(found.plan.costs)]
        self.others = [Row(each["kind"]) for each in money["others"]]

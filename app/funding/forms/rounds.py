"""Forms about rounds, requests and runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, FileField, HiddenField, SelectChoice, SelectField, StringField
from wtforms.validators import InputRequired, Length

from app.funding.fields import DayField, SumField, WholeField, large_sum_field
from app.funding.forms.division import MOST_MEMBERS, DivisionForm
from app.funding.models import GrantRequest
from app.funding.rules.euros import euro_text
from app.funding.rules.grant_round import SUPPLEMENTS
from app.funding.services.requests import RequestDraft
from app.funding.words.explanations import KINDS
from app.funding.words.rounds import DISCARDS, EXTENSIONS
from app.groups.meetings.fields import DayField as OptionalDayField
from app.shared.visitor_forms import VisitorForm

if TYPE_CHECKING:
    from collections.abc import Mapping

FIRST_YEAR, LAST_YEAR = 2016, 2100


class RoundForm(VisitorForm):
    """When groups of a region can ask for money of a year."""

    year = WholeField(
        _l("Year of funding"),
        least=FIRST_YEAR,
        most=LAST_YEAR,
        validators=[InputRequired(_l("Please give the year."))],
    )
    opens_on = DayField(_l("Requests from"))


class ExtensionForm(VisitorForm):
    """Until when requests of a round are in time after all, and why."""

    closes_on = DayField(_l("Requests until"))
    reason = StringField(
        _l("Why?"),
        validators=[
            InputRequired(_l("Please say why.")),
            Length(max=300, message=_l("Please write at most %(max)d characters.")),
        ],
        render_kw={"maxlength": 300},
    )


def _supplement(kind: str) -> SumField:
    return large_sum_field(_l("For %(kind)s, in euros", kind=KINDS[kind]))


class RequestForm(VisitorForm):
    """What a group asks for, as it stands in its request on paper."""

    requested = large_sum_field(
        _l("Requested, in euros"),
        least=1,
        validators=[InputRequired(_l("Please say how much is asked for."))],
    )
    members = WholeField(
        _l("Members"),
        least=1,
        most=MOST_MEMBERS,
        validators=[InputRequired(_l("Please say how many members the group has."))],
    )
    expenses = large_sum_field(_l("Expenses that can be funded, in euros"))
    own = large_sum_field(_l("Own money, in euros"))
    others = large_sum_field(_l("Money from others, in euros"))
    is_new = BooleanField(_l("The group asks for the first time"))
    for_start_up, for_interpreters, for_access, for_travel = map(_supplement, SUPPLEMENTS)
    received_on = DayField(_l("Received on"))
    posted_on = OptionalDayField(_l("Postmark"))
    extension = SelectField(
        _l("If it came late: why does it count as in time?"),
        choices=[SelectChoice("", _l("it does not")), *(SelectChoice(*each) for each in EXTENSIONS.items())],
        default="",
    )
    version = HiddenField()

    @property
    def draft(self) -> RequestDraft:
        """What the valid form says."""
        return RequestDraft(
            requested_cents=self.requested.cents or 0,
            members=self.members.number or 1,
            received_on=self.received_on.day,
            posted_on=self.posted_on.data,
            expenses_cents=self.expenses.cents,
            own_cents=self.own.cents or 0,
            others_cents=self.others.cents or 0,
            is_new=bool(self.is_new.data),
            supplements={kind: field.cents for kind, field in self.supplements.items() if field.cents},
        )

    @property
    def supplements(self) -> dict[str, SumField]:
        """The field of each supplement."""
        return {kind: self[f"for_{kind}"] for kind in SUPPLEMENTS}

    @property
    def seen_version(self) -> int:
        """The version of the request that was on the page; 0 when that cannot be read."""
        text = self.version.data or ""
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


class RunForm(DivisionForm):
    """A division to be kept: its rule, and what it is called."""

    name = StringField(
        _l("Name of the draft"),
        validators=[Length(max=80, message=_l("Please use at most 80 characters."))],
        render_kw={"maxlength": 80},
    )


class DiscardForm(VisitorForm):
    """Why a draft is given up."""

    reason = SelectField(
        _l("Why?"),
        choices=[SelectChoice("", _l("please choose")), *(SelectChoice(*each) for each in DISCARDS.items())],
        validators=[InputRequired(_l("Please choose a reason."))],
    )


class FileForm(VisitorForm):
    """A list from a spreadsheet."""

    file = FileField(_l("File (CSV or XLSX)"))


def request_values(row: GrantRequest, extension: str = "") -> Mapping[str, Any]:
    """Answer a request as its form shows it; ``extension`` is why it counts as in time although it came late."""
    return {
        "requested": euro_text(row.requested_cents),
        "members": str(row.members),
        "expenses": "" if row.expenses_cents is None else euro_text(row.expenses_cents),
        "own": euro_text(row.own_cents) if row.own_cents else "",
        "others": euro_text(row.others_cents) if row.others_cents else "",
        "is_new": row.is_new,
        **{f"for_{kind}": euro_text(cents) for kind, cents in row.supplements.items()},
        "received_on": row.received_on.isoformat(),
        "posted_on": row.posted_on,
        "extension": extension,
        "version": str(row.version),
    }

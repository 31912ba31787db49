"""The pages of an application as forms: each keeps what was typed, and says as values what it means."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, RadioField, SelectChoice, StringField, TextAreaField
from wtforms.validators import Length

from app.funding.fields import WholeField
from app.funding.forms.pages import PageForm, PlanPage, sent_page
from app.funding.iban import read_iban
from app.funding.rules import application as rules
from app.funding.rules.page_merge import Typed
from app.funding.rules.region_rules import RegionRules, must_say_why
from app.funding.words import applications as words
from app.groups.meetings.fields import ChoicesField
from app.groups.meetings.schedules import day_of
from app.shared import clock
from app.shared.money import euro_words

LONGEST_REASONS = 1_000


class GroupPage(PageForm):
    """What the round needs to know of a group; everything else is in its record."""

    members = WholeField(_l("How many people belong to the group?"), least=1, most=1_000)
    meetings = WholeField(_l("How often do you meet in a year?"), most=400)
    founded = StringField(
        _l("Since when has the group existed?"), render_kw={"maxlength": 10, "autocomplete": "off"}
    )
    leaders = RadioField(
        _l("Do professionals work in the group?"),
        choices=[SelectChoice(*each) for each in words.LEADERS.items()],
        default=rules.NOBODY_LEADS,
    )
    is_open = BooleanField(_l("New people can come"))
    is_published = BooleanField(_l("The group is announced elsewhere: press, website, notice board"))

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether everything is given."""
        super().validate(extra_validators)
        for field in (self.members, self.meetings):
            if not field.errors and field.number is None:
                field.errors = [_("Please give a number.")]
        founded = rules.month_of(self.founded.data or "")
        if founded is None:
            self.founded.errors = [_("Please give month and year, as in 03.2019.")]
        elif founded > day_of(clock.now()):
            self.founded.errors = [_("This month is still to come. Please check month and year.")]
        return not self.errors

    def _values(self) -> dict[str, Any]:
        founded = rules.month_of(self.founded.data or "")
        return {
            "members": self.members.number,
            "meetings": self.meetings.number,
            "founded": f"{founded:%Y-%m}" if founded else "",
            "leaders": self.leaders.data,
            "is_open": bool(self.is_open.data),
            "is_published": bool(self.is_published.data),
        }


class MoneyPage(PlanPage):
    """Costs line by line, own money, what others give, and why, where the region wants to know."""

    reasons = TextAreaField(
        _l("Why do you need it?"),
        validators=[Length(max=LONGEST_REASONS, message=_l("Please write at most %(max)d characters."))],
        render_kw={"rows": 3, "maxlength": LONGEST_REASONS},
    )

    def __init__(self, typed: MultiDict[str, str], *, region: RegionRules, **known: Any) -> None:
        super().__init__(typed, **known)
        self.region = region

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether every line can be read, there is a cost at all, and reasons where they are needed."""
        super().validate(extra_validators)
        requested = rules.plan_of(self._values(), self.region).requested_cents
        if must_say_why(requested, self.region) and not (self.reasons.data or "").strip():
            most = euro_words(self.region.plain_up_to_cents or 0)
            self.reasons.errors = [
                _(
                    "Who asks for more than %(most)s here says why. One or two sentences are enough.",
                    most=most,
                )
            ]
        return not self.errors

    def _values(self) -> dict[str, Any]:
        said = " ".join((self.reasons.data or "").split())
        return super()._values() | ({"reasons": said} if said else {})


class AccountPage(PageForm):
    """Where the money goes."""

    holder = StringField(
        _l("Account holder, as the bank knows it"),
        validators=[Length(max=70, message=_l("Please use at most 70 characters."))],
        render_kw={"maxlength": 70, "autocomplete": "off"},
    )
    iban = StringField(_l("IBAN"), render_kw={"maxlength": 50, "autocomplete": "off", "spellcheck": "false"})
    is_own = RadioField(
        _l("Is the account used for the group alone?"),
        choices=[SelectChoice("yes", _l("Yes")), SelectChoice("no", _l("No"))],
        default="yes",
    )

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether money can be paid there."""
        super().validate(extra_validators)
        if not (self.holder.data or "").strip():
            self.holder.errors = [_("Please give the name that the bank knows.")]
        try:
            self.read = read_iban(self.iban.data or "")
        except ValueError:
            if not (self.iban.data or "").strip():
                self.iban.errors = [_("Please give the IBAN of the account.")]
                return False
            self.iban.errors = [
                _(
                    "This is no IBAN: a digit seems to be wrong or missing. Please compare it with your bank card."
                )
            ]
        return not self.errors

    def _values(self) -> dict[str, Any]:
        return {
            "holder": " ".join((self.holder.data or "").split()),
            "iban": self.read.compact,
            "spaced": self.read.spaced,
            "bank": self.read.bank,
            "is_doubtful": self.read.is_doubtful,
            "is_own": self.is_own.data == "yes",
        }


class DeclarationsPage(PageForm):
    """What both signers declare; what is not ticked is missing, and nothing more."""

    statements = ChoicesField(
        _l("We declare"), choices=[SelectChoice(*each) for each in words.STATEMENTS.items()]
    )

    def _values(self) -> dict[str, Any]:
        said = self.statements.data or ()
        return {
            "statements": [each for each in rules.STATEMENTS if each in said],
            "wording": words.CONSENT_VERSION,
        }


PAGES: dict[str, type[PageForm]] = {
    rules.GROUP: GroupPage,
    rules.MONEY: MoneyPage,
    rules.ACCOUNT: AccountPage,
    rules.DECLARATIONS: DeclarationsPage,
}


def form_of(page: str, typed: Typed, region: RegionRules) -> PageForm:
    """Answer the form of a page with what was typed before."""
    return PAGES[page].of(MultiDict(typed), region=region)


def sent_form(
    page: str, sent: MultiDict[str, str], region: RegionRules
) -> tuple[PageForm, dict[str, list[str]]]:
    """Answer the form of what was sent, and that as it is kept."""
    return sent_page(PAGES[page], sent, region=region)

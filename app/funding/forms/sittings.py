"""Forms of a sitting: when and where, who is there, a decision, many as proposed, a comment."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    HiddenField,
    RadioField,
    SelectChoice,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, ValidationError

from app.funding.fields import DayField, SumField, WholeField
from app.funding.rules import sittings as rules
from app.funding.services.sitting_comments import MOST_TEXT
from app.funding.services.sitting_decisions import MOST_WORDS, Seen
from app.funding.services.sittings import SittingDraft
from app.funding.words.sittings import OUTCOMES, PRESENT_AS, REASON_WORDS, STANCES
from app.shared.visitor_forms import VisitorForm

_LONGEST = 200
_SHORT = Length(max=_LONGEST, message=_l("Please write at most %(max)d characters."))


def _line(label: Any, *validators: Any, **attributes: Any) -> StringField:
    return StringField(
        label,
        validators=[*validators, _SHORT],
        render_kw={"maxlength": _LONGEST, "autocomplete": "off", **attributes},
    )


def _one_line(text: str | None) -> str:
    return " ".join((text or "").split())


class SittingForm(VisitorForm):
    """When and where a sitting is."""

    held_on = DayField(_l("Day"))
    begins = _line(_l("Begins at"), type="time")
    place = _line(_l("Place"))
    link = _line(_l("Link for those who join from elsewhere"), type="url")
    quorum = WholeField(
        _l("How many must be there who decide"),
        least=1,
        most=50,
        validators=[InputRequired(_l("Please give a number."))],
    )

    def validate_link(self, field: StringField) -> None:
        """Refuse what is no address of the web, and a sitting that is nowhere."""
        text = (field.data or "").strip()
        if text and (urlsplit(text).scheme not in ("http", "https") or not urlsplit(text).netloc):
            raise ValidationError(_("Please write the address as in https://example.org/meeting."))
        if not text and not _one_line(self.place.data):
            raise ValidationError(_("Please give a place or a link."))

    @property
    def draft(self) -> SittingDraft:
        """What the valid form says."""
        return SittingDraft(
            self.held_on.day,
            _one_line(self.begins.data),
            _one_line(self.place.data),
            (self.link.data or "").strip(),
            self.quorum.number or 1,
        )


class PresenceForm(VisitorForm):
    """Somebody who is there."""

    name = _line(_l("Name"), InputRequired(_l("Please give the name.")))
    body = _line(_l("For whom"))
    present_as = SelectField(
        _l("As"), choices=[SelectChoice(*each) for each in PRESENT_AS.items()], default=rules.DECIDES
    )

    @property
    def told(self) -> dict[str, str]:
        """What the valid form says."""
        return {
            "name": _one_line(self.name.data),
            "body": _one_line(self.body.data),
            "present_as": self.present_as.data,
        }


class DecisionForm(VisitorForm):
    """What the sitting decides about a request, and what was on the page."""

    outcome = RadioField(
        _l("Decision"),
        choices=[SelectChoice(*each) for each in OUTCOMES.items()],
        validators=[InputRequired(_l("Please choose what was decided."))],
    )
    cents = SumField(_l("Sum in euros, if it is a part"))
    reason = SelectField(
        _l("Reason"),
        choices=[
            SelectChoice("", _l("please choose")),
            *(SelectChoice(*each) for each in REASON_WORDS.items() if each[0] != rules.FITS),
        ],
        default="",
    )
    words = TextAreaField(
        _l("In your own words"),
        validators=[Length(max=MOST_WORDS, message=_l("Please write at most %(max)d characters."))],
        render_kw={"rows": 2, "maxlength": MOST_WORDS},
    )
    version = HiddenField()
    decision = HiddenField()

    @property
    def wanted(self) -> rules.Decision:
        """The decision; what was granted as a whole needs no reason."""
        outcome = self.outcome.data or ""
        reason = rules.FITS if outcome == rules.GRANTED else self.reason.data or ""
        return rules.Decision(outcome, self.cents.cents or 0, reason)

    @property
    def told(self) -> str:
        """What was written in own words."""
        return (self.words.data or "").strip()

    @property
    def seen(self) -> Seen:
        """What was on the page; 0 for what cannot be read."""
        return Seen(_number(self.version.data), _number(self.decision.data))


class ProposedForm(VisitorForm):
    """The most that each gets of many that are decided as proposed."""

    most = SumField(_l("At most for each, in euros"))


class CommentForm(VisitorForm):
    """What a representative says."""

    text = TextAreaField(
        _l("Your comment"),
        validators=[Length(max=MOST_TEXT, message=_l("Please write at most %(max)d characters."))],
        render_kw={"rows": 3, "maxlength": MOST_TEXT},
    )
    stance = SelectField(
        _l("For the record"),
        choices=[SelectChoice("", _l("please choose")), *(SelectChoice(*each) for each in STANCES.items())],
        default="",
    )

    def validate_text(self, field: TextAreaField) -> None:
        """Refuse a comment that says nothing."""
        if not (field.data or "").strip() and not self.stance.data:
            raise ValidationError(_("Please write what you want to say."))

    @property
    def told(self) -> str:
        """What was written."""
        return (self.text.data or "").strip()


class ClosingForm(VisitorForm):
    """Whether what is not decided waits for another sitting."""

    leaves_open = BooleanField(_l("What is not decided waits for another sitting."))


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0

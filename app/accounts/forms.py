"""Forms of accounts: the shape of what is sent."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, PasswordField, RadioField, SelectChoice, SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from app.accounts.labels import ROLE_NAMES, SCOPE_NAMES, WHAT_FOR
from app.accounts.places import NETWORK, Place
from app.accounts.rules.email_address import MAX_LENGTH as ADDRESS_LENGTH
from app.accounts.rules.passwords import MAX_LENGTH as PASSWORD_LENGTH
from app.accounts.rules.permissions import ROLE_SCOPES, Grant, is_scope_right
from app.shared.languages import LANGUAGES
from app.shared.visitor_forms import VisitorForm

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask_babel import LazyString


NAME_LENGTH = 100
CODE_LENGTH = 40


def _address_field(label: LazyString, *, autocomplete: str = "username") -> StringField:
    return StringField(
        label,
        validators=[
            InputRequired(_l("Please enter your e-mail address.")),
            Length(max=ADDRESS_LENGTH, message=_l("This address is too long. Please check it.")),
        ],
        render_kw={
            "type": "email",
            "autocomplete": autocomplete,
            "autocapitalize": "none",
            "spellcheck": "false",
            "maxlength": ADDRESS_LENGTH,
        },
    )


def _password_field(label: LazyString, *, autocomplete: str, required: LazyString | None) -> PasswordField:
    """Answer a field for a password; which ones can be used is the service's to say."""
    longest = Length(max=PASSWORD_LENGTH, message=_l("This password is too long. Please check it."))
    return PasswordField(
        label,
        validators=[InputRequired(required) if required else Optional(strip_whitespace=False), longest],
        render_kw={"autocomplete": autocomplete},
    )


class LoginForm(VisitorForm):
    """Address and password."""

    email = _address_field(_l("E-mail address"))
    password = _password_field(
        _l("Password"), autocomplete="current-password", required=_l("Please enter your password.")
    )


class AddressForm(VisitorForm):
    """An address to which a link is mailed."""

    email = _address_field(_l("E-mail address"))


def _name_field() -> StringField:
    return StringField(
        _l("Your name"),
        validators=[
            DataRequired(_l("Please enter your name; a first name is enough.")),
            Length(max=NAME_LENGTH, message=_l("Please shorten your name.")),
        ],
        filters=[lambda text: " ".join((text or "").split())],
        render_kw={"autocomplete": "name", "maxlength": NAME_LENGTH},
    )


class NewAccountForm(VisitorForm):
    """What an account begins with, besides the address."""

    name = _name_field()
    password = _password_field(_l("Password"), autocomplete="new-password", required=None)


class NewPasswordForm(VisitorForm):
    """A new password for somebody who came by a link."""

    password = _password_field(
        _l("New password"), autocomplete="new-password", required=_l("Please choose a password.")
    )


class ChangePasswordForm(NewPasswordForm):
    """A new password for somebody who is signed in, and the present one if there is one."""

    present_password = _password_field(_l("Present password"), autocomplete="current-password", required=None)


class ChangeAddressForm(VisitorForm):
    """A new address for somebody who is signed in, and the present password if there is one."""

    email = _address_field(_l("New e-mail address"))
    present_password = _password_field(_l("Present password"), autocomplete="current-password", required=None)


class OwnAccountForm(VisitorForm):
    """What somebody is called, and which language mails to them are in."""

    name = _name_field()
    language = RadioField(
        _l("Language of mails"),
        choices=[SelectChoice(code, name) for code, name in LANGUAGES.items()],
        validators=[InputRequired(_l("Please choose a language."))],
    )


class EraseForm(VisitorForm):
    """Somebody is sure that they want to be erased, and knows the password if there is one."""

    present_password = _password_field(_l("Present password"), autocomplete="current-password", required=None)
    sure = BooleanField(
        _l("Yes, erase my account for good"),
        validators=[InputRequired(_l("Please tick that you are sure."))],
    )


class InviteForm(VisitorForm):
    """Whom to invite; the role is chosen where there are several."""

    email = _address_field(_l("E-mail address"), autocomplete="off")
    role = RadioField(_l("Role"), validators=[InputRequired(_l("Please choose a role."))])

    def __init__(self, roles: Sequence[str], **given: Any) -> None:
        super().__init__(**given)
        self.role.choices = [SelectChoice(role, ROLE_NAMES[role]) for role in roles]
        if len(roles) == 1:
            del self.role


class NetworkInviteForm(InviteForm):
    """Whom to invite to a role for an insurer, a funding region, a Land or the whole network, and for which."""

    about = SelectField(_l("For"))

    def __init__(self, roles: Sequence[str], *, places: Sequence[Place], **given: Any) -> None:
        super().__init__(roles, **given)
        self._places = {f"{place.kind}/{place.slug}": place for place in places}
        self.about.choices = [
            SelectChoice("", _("the whole network")),
            *(
                SelectChoice(value, place.name, optgroup=str(SCOPE_NAMES[place.kind or ""]))
                for value, place in self._places.items()
            ),
        ]

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether the role is for what was chosen; else it says beside that field what to choose."""
        super().validate(extra_validators)
        if self.role.errors:
            self.role.errors = [_("Please choose a role.")]
        if self.about.errors:
            self.about.errors = [_("Please choose from the list.")]
        elif not self.role.errors and not is_scope_right(Grant(self.role.data, **self.place().keys)):
            self.about.errors = [str(WHAT_FOR[ROLE_SCOPES[self.role.data]])]
        return not self.errors

    def place(self) -> Place:
        """Answer what was chosen."""
        return self._places.get(self.about.data, NETWORK)


class CodeForm(VisitorForm):
    """A code of the second factor: the authenticator's, or a recovery code."""

    code = StringField(
        _l("Code"),
        validators=[
            InputRequired(_l("Please enter the code that your authenticator shows.")),
            Length(max=CODE_LENGTH, message=_l("This is too long for a code. Please check it.")),
        ],
        render_kw={
            "autocomplete": "one-time-code",
            "autocapitalize": "characters",
            "spellcheck": "false",
            "maxlength": CODE_LENGTH,
        },
    )


class HistoryForm(VisitorForm):
    """Which part of a history; empty fields mean all of it."""

    group = SelectField(_l("Group"))
    person = SelectField(_l("Person"))
    kind = SelectField(_l("What"))
    day = DateField(_l("Day"), validators=[Optional()], render_kw={"type": "date"})

    def __init__(
        self,
        *,
        groups: Sequence[tuple[str, str]],
        people: Sequence[tuple[str, str]],
        kinds: Sequence[tuple[str, str]],
        **given: Any,
    ) -> None:
        super().__init__(**given)
        for field, every, choices in (
            (self.group, _("all"), groups),
            (self.person, _("everybody"), people),
            (self.kind, _("everything"), kinds),
        ):
            field.choices = [SelectChoice(value, name) for value, name in [("", every), *choices]]
            field.data = "" if field.data in {None, "None"} else field.data
        if not groups:
            del self.group

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether each field holds something there is; else it says what to do."""
        is_right = bool(super().validate(extra_validators))
        for field in self:
            if field.errors:
                is_day = field.name == "day"
                field.errors = [_("Please choose a day.") if is_day else _("Please choose from the list.")]
        return is_right

    def wanted(self) -> tuple[int | None, int | None, str | None, date | None]:
        """Answer group, person, kind and day."""
        group = int(self.group.data) if "group" in self and self.group.data else None
        person = int(self.person.data) if self.person.data else None
        return group, person, self.kind.data or None, self.day.data


class ConfirmForm(VisitorForm):
    """Nothing but a button."""


def own_path(given: str | None) -> str | None:
    """Answer a path of this site that somebody may be sent on to; None for anything else."""
    if not given or not given.startswith("/") or given.startswith("//") or "\\" in given:
        return None
    if not given.isprintable():
        return None
    try:
        parts = urlsplit(given)
    except ValueError:
        return None
    return None if parts.scheme or parts.netloc else given

"""Forms for visitors, who have no session and no cookie: who may send one, and how long it stays open.

Two defences, neither of which needs to remember anybody:

* **Where the request comes from.** Browsers say so in ``Sec-Fetch-Site``, which no page can forge, and in ``Origin``.
  Our ``Referrer-Policy: no-referrer`` makes a browser send ``Origin: null`` with its own form posts (Fetch standard,
  "append a request Origin header": a request that is not CORS, with that policy). So ``null`` says nothing and is
  accepted, unless ``Sec-Fetch-Site`` says ``cross-site`` or ``same-site``. A foreign page that sets the same policy
  also sends ``null``, but over HTTPS (and on this machine itself) it cannot leave out ``Sec-Fetch-Site``. A request
  with neither header is not from a present-day browser, so it carries nobody's cookies by accident; it is accepted.
  Over plain HTTP between machines the token stands alone; a site for the public is on HTTPS.
* **A signed token** with the form's name and the moment it was made. It shows that the page was fetched, and not
  long ago. It belongs to no person, so somebody could fetch one and put it on a foreign page; that is what the
  first defence is for. For the same reason a page with a token may be cached for some minutes.

A token may be used again while it lives. It gives no right that a fresh page would not give; whoever presses twice,
goes back to mend a slip, or sends from two windows is not to be refused; and the number of tries is the rate limit's
to bound. What must happen only once is the service's to say, by a unique key.

A view does this; nothing typed is lost, because the form is drawn again from what was sent, with a fresh token::

    form = QuestionForm()                      # a VisitorForm
    if request.method == "POST":
        try:
            check_visitor_form("question")
        except VisitorFormError as error:
            form.form_errors.append(error.message)
            return render_template("…", form=form), error.status
        if is_bot():
            return redirect(…)                 # as if accepted; nothing is stored

and its template writes ``{{ visitor_form_fields("question") }}`` inside the form.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from flask import current_app, render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from itsdangerous import BadData, TimestampSigner, URLSafeTimedSerializer
from markupsafe import Markup
from werkzeug.datastructures import MultiDict
from wtforms import StringField
from wtforms.validators import Email, Length, Optional

from app.shared import clock
from app.shared.errors import DomainError
from app.shared.uploads import MOST_KEPT_BYTES

if TYPE_CHECKING:
    from flask import Flask

    from config import Config

TOKEN_FIELD = "form_token"  # noqa: S105 - the name of the field
HONEYPOT = "website_url"
"""A field that people do not see and leave empty; programs that fill in everything fill it in."""
LIFE = timedelta(hours=12)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
"""Control characters but for tabulator and line ends: nobody types them, and databases and mails refuse some.

With those that turn the direction of what follows, which can make a text read as another.
"""
_OWN_SITES = frozenset({"same-origin", "none"})


class VisitorFormError(DomainError):
    """The form cannot be taken as it came; the view shows it again with ``message``, what was typed and a new token.

    ``form_name`` names the form, ``typed`` holds what was sent without the token and the trap field, and ``token``
    is fresh. ``code`` is ``foreign_form``, ``form_expired`` or ``form_too_fast``.
    """

    code = "form_expired"

    def __init__(self, message: str, *, form_name: str, code: str) -> None:
        super().__init__(message, code=code)
        self.form_name = form_name
        self.typed: MultiDict[str, str] = MultiDict(
            (name, value)
            for name, value in request.form.items(multi=True)
            if name not in {TOKEN_FIELD, HONEYPOT}
        )

    @property
    def token(self) -> str:
        """A fresh token for the same form."""
        return visitor_form_token(self.form_name)


class VisitorForm(FlaskForm):  # type: ignore[misc]
    """A form that needs no session: Flask-WTF's own token, which would set a cookie, is off.

    Control characters in what is sent count as not sent; tabulators and line ends stay.
    """

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        """Protection is ``check_visitor_form``'s."""

        csrf = False

        def wrap_formdata(self, form: VisitorForm, formdata: Any) -> MultiDict[str, Any] | None:
            """Answer what was sent without control characters; None when nothing was."""
            sent = super().wrap_formdata(form, formdata)
            if sent is None:
                return None
            return MultiDict((name, _without_control(value)) for name, value in sent.items(multi=True))

    def refuse(self, error: DomainError, *, beside: str | None = None) -> None:
        """Afterwards the refusal stands beside the field it is about, or above the form.

        ``beside`` names the field where the error calls it otherwise.
        """
        field = self._fields.get(beside or error.field or "")
        if field is None:
            self.form_errors.append(error.message)
        else:
            field.errors = [*field.errors, error.message]


def _without_control(value: Any) -> Any:
    """Answer a text without control characters; anything else, such as a file, as it is."""
    return _CONTROL.sub("", value) if isinstance(value, str) else value


def reply_address_field() -> StringField:
    """Answer the field for an e-mail address that a visitor may leave, and need not."""
    return StringField(
        _l("Your e-mail address"),
        validators=[
            Optional(strip_whitespace=True),
            Length(max=200, message=_l("This address is too long. Please check it.")),
            Email(
                _l("This does not look like an e-mail address. Please check it, or leave the field empty.")
            ),
        ],
        render_kw={"type": "email", "autocomplete": "email", "maxlength": 200},
    )


class _MomentSigner(TimestampSigner):
    """Signs with the moment it is given, as only ``clock`` reads the clock."""

    def __init__(self, *args: Any, moment: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._moment = moment

    def get_timestamp(self) -> int:
        """Answer the moment given, in whole seconds since 1970."""
        return int(self._moment.timestamp())


def init_visitor_forms(app: Flask) -> None:
    """Afterwards templates know ``visitor_form_token(name)`` and ``visitor_form_fields(name)``."""
    app.jinja_env.globals["visitor_form_token"] = visitor_form_token
    app.jinja_env.globals["visitor_form_fields"] = visitor_form_fields


def visitor_form_token(name: str, *, now: datetime | None = None) -> str:
    """Answer a token that lets the form of this name be sent for the next twelve hours."""
    return str(_serializer(name, now or clock.now()).dumps(name))


def visitor_form_fields(name: str) -> Markup:
    """Answer the hidden fields of the form of this name: its token, and the trap for programs."""
    return Markup(  # noqa: S704 - rendered with escaping on, right here
        render_template(
            "parts/form_fields.html",
            name=name,
            token=visitor_form_token(name),
            token_field=TOKEN_FIELD,
            honeypot=HONEYPOT,
            label=_("Please leave this field empty."),
        )
    )


def check_visitor_form(name: str, *, now: datetime | None = None, min_age_seconds: int = 0) -> None:
    """Afterwards the request is known to come from our own page, with a token of this form that is alive.

    Args:
        name: the form's name, the same as in its template.
        now: the present moment; read from the clock when left out.
        min_age_seconds: refuse what is sent sooner than this after the page was made.

    Raises:
        VisitorFormError: with a sentence for the person; nothing of what was typed is lost.
    """
    if not is_from_own_page():
        raise VisitorFormError(
            _("This form was sent from another site. Please check your text here and send it again."),
            form_name=name,
            code="foreign_form",
        )
    now = now or clock.now()
    made_at = _find_token_moment(name, now=now)
    # A minute of grace, as the machine that made the page may be a little ahead.
    if made_at is None or not -timedelta(minutes=1) <= now - made_at <= LIFE:
        raise VisitorFormError(
            _("This form was open too long. Your text is still here; please send it again."),
            form_name=name,
            code="form_expired",
        )
    if now - made_at < timedelta(seconds=min_age_seconds):
        raise VisitorFormError(
            _("That went very fast. Your text is still here; please send it again."),
            form_name=name,
            code="form_too_fast",
        )


def is_bot() -> bool:
    """Whether the trap field is filled in: answer as if accepted, and store nothing."""
    return bool(request.form.get(HONEYPOT, "").strip())


def _serializer(name: str, moment: datetime) -> URLSafeTimedSerializer:
    """Answer the signer of one form's tokens; those of another form do not fit."""
    return URLSafeTimedSerializer(
        current_app.config["SECRET_KEY"],
        salt=f"visitor-form:{name}",
        signer=_MomentSigner,
        signer_kwargs={"moment": moment},
    )


def _find_token_moment(name: str, *, now: datetime) -> datetime | None:
    """Answer when the token that was sent was made; None when it is missing or not ours."""
    try:
        _name, made_at = _serializer(name, now).loads(
            request.form.get(TOKEN_FIELD, ""), return_timestamp=True
        )
    except BadData:
        return None
    return made_at if isinstance(made_at, datetime) else None


def typed_fields() -> list[tuple[str, str]]:
    """Answer what somebody typed into a form of ours, so that it can be sent again; nothing where a password is in it.

    The form's token is among it: what another site has sent can still not be stored.
    """
    is_small = (
        request.content_length or 0
    ) <= MOST_KEPT_BYTES  # anybody may send this: more is not even read
    if not (request.method == "POST" and is_small and is_from_own_page() and request.form.get(TOKEN_FIELD)):
        return []
    sent = list(request.form.items(multi=True))
    is_typed = any(value.strip() for name, value in sent if name not in {TOKEN_FIELD, HONEYPOT})
    return sent if is_typed and not any("password" in name for name, _value in sent) else []


def is_from_own_page() -> bool:
    """Whether nothing in the headers says that a foreign page sent this; the module's text says why so."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None and site not in _OWN_SITES:
        return False
    origin = request.headers.get("Origin")
    if origin is None or origin == "null":
        return True
    # Hosts, not schemes: behind a proxy that ends TLS we are asked by http.
    config: Config = current_app.config["WIRKREIS"]
    own = {request.host.lower(), urlsplit(config.public_url).netloc.lower()} - {""}
    try:
        return urlsplit(origin).netloc.lower() in own
    except ValueError:
        return False

"""Pages about the site itself: imprint, privacy, accessibility with its feedback form, easy language."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField
from wtforms.validators import InputRequired, Length

from app.accounts.guard import public
from app.shared import clock
from app.shared.extensions import limiter
from app.shared.languages import DEFAULT_LANGUAGE, current_language, speaking
from app.shared.mail_text import Facts, Mail, Quote
from app.shared.outbox import queue_mail
from app.shared.page_parts import page_part
from app.shared.site_texts import get_site_text
from app.shared.transactions import transaction
from app.shared.visitor_forms import (
    VisitorForm,
    VisitorFormError,
    check_visitor_form,
    is_bot,
    reply_address_field,
)

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from config import Config

bp = Blueprint("site", __name__)
bp.add_app_template_global(page_part)
FEEDBACK_LENGTH = 2000


class FeedbackForm(VisitorForm):
    """A note about a barrier: what it is, and an address only if an answer is wanted."""

    message = TextAreaField(
        _l("What is in your way?"),
        validators=[
            InputRequired(_l("Please write in a few words what does not work for you.")),
            Length(max=FEEDBACK_LENGTH, message=_l("Please shorten your text to 2,000 characters.")),
        ],
        render_kw={"rows": 6, "maxlength": FEEDBACK_LENGTH},
    )
    email = reply_address_field()


@bp.get("/legal/imprint")
@public
def imprint() -> ResponseReturnValue:
    """Who is responsible for this site."""
    return _text_page("imprint", heading=_("Legal notice"))


@bp.get("/legal/privacy")
@public
def privacy() -> ResponseReturnValue:
    """What happens to data here."""
    return _text_page("privacy", heading=_("Privacy"))


@bp.get("/legal/your-data")
@public
def your_data() -> ResponseReturnValue:
    """How somebody without an account asks for what is held about them."""
    return _text_page("rights", heading=_("Your data: ask, correct, delete"), address=_operator_address())


@bp.get("/easy")
@public
def easy() -> ResponseReturnValue:
    """What self-help groups are and how to find one, in easy language."""
    blocks = get_site_text("easy", language=current_language())
    return render_template("site/easy.html", blocks=blocks)


@bp.get("/legal/accessibility")
@public
def accessibility() -> ResponseReturnValue:
    """The statement on accessibility, with a form for barriers."""
    return _accessibility_page(FeedbackForm(formdata=None), is_sent="sent" in request.args)


@bp.post("/legal/accessibility")
@public
@limiter.limit("5 per minute")
def send_feedback() -> ResponseReturnValue:
    """Send a note about a barrier to the operator."""
    form = FeedbackForm()
    if not form.validate():
        return _accessibility_page(form), 400
    try:
        check_visitor_form("feedback")
    except VisitorFormError as error:
        form.form_errors.append(error.message)
        return _accessibility_page(form), error.status
    if not is_bot():
        with transaction() as session, speaking(DEFAULT_LANGUAGE):  # the operator reads German
            queue_mail(
                session,
                to=_operator_address(),
                mail=_feedback_mail(form.message.data or "", (form.email.data or "").strip()),
                purpose="barrier-feedback",
                now=clock.now(),
            )
    return redirect(url_for("site.accessibility", sent=1, _anchor="feedback"), code=303)


def _text_page(key: str, *, heading: str, address: str = "") -> str:
    blocks = get_site_text(key, language=current_language())
    return render_template("site/text.html", key=key, blocks=blocks, heading=heading, address=address)


def _accessibility_page(form: FeedbackForm, *, is_sent: bool = False) -> str:
    blocks = get_site_text("accessibility", language=current_language())
    return render_template("site/accessibility.html", blocks=blocks, form=form, is_sent=is_sent)


def _feedback_mail(message: str, reply_to: str) -> Mail:
    return Mail(
        _("A barrier on Wirkreis"),
        (Quote(message), Facts(((_("Answer to"), reply_to or _("no answer wanted")),))),
    )


def _operator_address() -> str:
    config: Config = current_app.config["WIRKREIS"]
    return config.operator_email or f"wirkreis@{urlsplit(config.public_url).hostname or 'localhost'}"

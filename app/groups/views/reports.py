"""“Something is wrong with this listing”: anybody may say so, without an account."""

from __future__ import annotations

import logging

from flask import current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectChoice, TextAreaField
from wtforms.validators import InputRequired, Length

from app.accounts.guard import public
from app.clearinghouses import queries as house_queries
from app.groups import queries
from app.groups.emails import report_mail
from app.groups.labels import REPORT_REASONS
from app.groups.reports import report_listing
from app.groups.views.blueprint import bp
from app.shared import clock
from app.shared.errors import BadInput
from app.shared.extensions import db, limiter
from app.shared.languages import DEFAULT_LANGUAGE, speaking
from app.shared.outbox import queue_mail
from app.shared.transactions import transaction
from app.shared.visitor_forms import (
    VisitorForm,
    VisitorFormError,
    check_visitor_form,
    is_bot,
    reply_address_field,
)

FORM_NAME = "listing-report"
logger = logging.getLogger("wirkreis.reports")


class ReportForm(VisitorForm):
    """What is wrong, in one click; words and an address only if somebody wants to give them."""

    reason = RadioField(
        _l("What is wrong?"),
        choices=[SelectChoice(value, label) for value, label in REPORT_REASONS.items()],
        validators=[InputRequired(_l("Please choose what is wrong; “Something else” is fine."))],
    )
    message = TextAreaField(
        _l("What should we know?"),
        validators=[Length(max=2000, message=_l("Please shorten your text to 2,000 characters."))],
        render_kw={"rows": 4, "maxlength": 2000},
    )
    reply_to = reply_address_field()


@bp.route("/groups/<slug>/report", methods=["GET", "POST"])
@limiter.limit("10 per minute", methods=["POST"])
@public
def report(slug: str) -> ResponseReturnValue:
    """Take a hint that a listing is wrong, and pass it to the clearing house."""
    page = queries.get_group_page(db.session(), slug, now=clock.now())
    form = ReportForm()
    problem = ""
    if request.method == "POST":
        try:
            check_visitor_form(FORM_NAME)
        except VisitorFormError as error:
            problem = error.message
        if not problem and form.validate():
            if not is_bot():
                _store(page, form)
            return redirect(url_for("groups.report_thanks", slug=slug), code=303)
    status = 400 if request.method == "POST" else 200
    body = render_template("groups/report.html", page=page, form=form, form_name=FORM_NAME, problem=problem)
    return body, status


@bp.get("/groups/<slug>/report/thanks")
@public
def report_thanks(slug: str) -> ResponseReturnValue:
    """Say that the hint has arrived and what happens next."""
    return render_template(
        "groups/report_thanks.html", page=queries.get_group_page(db.session(), slug, now=clock.now())
    )


def _store(page: queries.GroupPage, form: ReportForm) -> None:
    """Keep the hint, and queue the mail to the house in the same transaction.

    A house that cannot be written to is no reason to lose the hint, nor the visitor's business: the log tells of it.
    """
    now = clock.now()
    house = house_queries.houses_by_id(db.session(), [page.house_id])[page.house_id]
    with transaction() as session:
        made = report_listing(
            session,
            page.card.id,
            reason=form.reason.data,
            message=form.message.data or "",
            reply_to=form.reply_to.data or "",
            now=now,
        )
        if house.email:
            url = f"{current_app.config['WIRKREIS'].public_url}/groups/{page.card.slug}"
            try:
                with speaking(DEFAULT_LANGUAGE):  # a clearing house reads German
                    mail = report_mail(page.card.name, url, made)
                    queue_mail(session, to=house.email, mail=mail, purpose="listing-report", now=now)
            except BadInput as error:
                facts = {"report": made.id, "house": house.id, "field": error.field}
                logger.warning("report kept, but its mail cannot be written", extra={"facts": facts})

"""What the views of a registration share: the page of a step with its preview, the draft of the key in an address."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING

from flask import after_this_request, redirect, render_template, request, url_for

from app.accounts.guard import never_store
from app.clearinghouses.presentation import card_of
from app.groups.catalogue import get_catalogue
from app.groups.labels import facet_labels
from app.groups.registration import drafts
from app.groups.registration.alike import find_alike
from app.groups.registration.forms import CHECK, CONSENT_VERSION, STEP_NAMES, STEPS, TOPIC, Typed
from app.groups.registration.preview import preview_of
from app.groups.registration.whole import find_house, read_whole
from app.groups.text import fold
from app.shared import clock
from app.shared.extensions import db
from app.shared.languages import current_language, in_language
from app.shared.visitor_forms import VisitorFormError, check_visitor_form

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from flask.typing import ResponseReturnValue

    from app.shared.visitor_forms import VisitorForm

FORM_NAME = "registration"
SENT = "registered"
"""The view of a registration that was sent."""


def of_draft(view: Callable[..., Any]) -> Callable[..., Any]:
    """Let a view take the draft of the key in its address; say it kindly when there is none, or it was sent."""

    @wraps(view)
    def found(token: str, **more: Any) -> ResponseReturnValue:
        after_this_request(never_store)
        try:
            draft = drafts.get_draft(db.session(), token)
        except drafts.DraftOver as over:
            return render_template("groups/register/over.html", message=over.message), over.status
        if draft.group_id is not None and view.__name__ != SENT:
            return redirect(url_for("groups.registered", token=token), code=303)
        answer: ResponseReturnValue = view(token, draft, **more)
        return answer

    return found


def asked_for() -> str:
    """Answer which button was pressed; Enter presses the first."""
    return request.form.get("action", "next")


def refused(form: VisitorForm) -> int | None:
    """Answer the status with which a form that did not come from our page is shown again; None when it did."""
    try:
        check_visitor_form(FORM_NAME)
    except VisitorFormError as error:
        form.form_errors.append(error.message)
        return error.status
    return None


def step_url(token: str, step: str) -> str:
    """Answer the address of a step."""
    return url_for("groups.register_step", token=token, step=step)


def first_open(typed: Typed) -> str:
    """Answer the step to go on with: the first that was not reached, else the last."""
    return next((step for step in STEPS if step not in typed), CHECK)


def step_page(
    token: str, step: str, form: VisitorForm, typed: Typed, *, status: int = 200
) -> tuple[str, int]:
    """Answer the page of a step with the preview of everything typed so far."""
    after_this_request(never_store)
    facts = preview_facts(step, form, typed)
    problems = facts["whole"].problems() if step == CHECK else {}
    if step == CHECK:
        session, whole = db.session(), facts["whole"]
        format_ = whole.place.format.data or ""
        facts["alike"] = find_alike(
            session, whole.topics(session), whole.where, format_=format_, now=clock.now()
        )
    page = render_template(
        f"groups/register/{step}.html",
        **facts,
        token=token,
        step=step,
        steps=STEPS,
        step_names=STEP_NAMES,
        number=STEPS.index(step) + 1,
        reached=[each for each in STEPS if each in typed] if token else [],
        form=form,
        form_name=FORM_NAME,
        consent_version=CONSENT_VERSION,
        problems=problems,
        topic_names=topic_names() if step == TOPIC else (),
        step_url=step_url,
    )
    return page, status


def preview_facts(step: str, form: VisitorForm, typed: Typed) -> dict[str, Any]:
    """Answer what the preview shows, with the step that somebody is typing in."""
    session, now = db.session(), clock.now()
    whole = read_whole(typed)
    whole.forms[step] = form
    house = find_house(session, whole.where) if whole.where else None
    return {
        "whole": whole,
        "preview": preview_of(session, whole, house=house, now=now),
        "house_card_of": card_of(house, now) if house else None,
        "labels": facet_labels(current_language()),
    }


def topic_names() -> list[str]:
    """Answer the names of all topics from A to Z, for suggestions while somebody types."""
    names = {in_language(topic.names) for topic in get_catalogue(db.session()).topics}
    return sorted(names, key=fold)

"""Who may use a route: every view says so with ``@requires``, and a house test fails for one that does not.

A view that needs more than a visitor's right is reached only by somebody who is signed in and has the permission for
something. Whether it holds for *this* group or house only the view can say, once it has loaded the thing::

    @bp.post("/groups/<slug>/meetings")
    @requires("manage_meetings")
    def change(slug: str) -> ResponseReturnValue:
        group = queries.get_group(db.session(), slug)
        authorize("manage_meetings", group_id=group.id, clearinghouse_id=group.clearinghouse_id)

What somebody may not do answers 404, as if it were not there. Every form of a signed-in page carries
``{{ signed_in_form_fields() }}``; a post without it is refused here, before the view.
"""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, TypeVar

from flask import after_this_request, current_app, g, redirect, request, url_for
from flask_babel import gettext as _

from app.accounts.rules.permissions import PERMISSIONS, PUBLIC, Scope, may, may_somewhere
from app.accounts.rules.second_factor import needs_second_factor
from app.accounts.sessions import find_signed_in
from app.accounts.signed_in_forms import check_signed_in_form
from app.shared.error_pages import is_for_a_machine, nothing_here, send_again_page
from app.shared.errors import NotAllowed, NotSignedIn
from app.shared.history import PERSON, act_as
from app.shared.transactions import whole
from app.shared.visitor_forms import typed_fields

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from flask import Response
    from flask.typing import ResponseReturnValue
    from werkzeug import Response as AnyResponse

    from app.accounts.person import Person
    from config import Config

View = TypeVar("View", bound="Callable[..., Any]")
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def requires(permission: str, *, before_second_factor: bool = False) -> Callable[[View], View]:
    """Let a view be used only by those who have the permission for something; ``PUBLIC`` means anybody.

    Whoever must have a second factor and has none is led to the page that sets it up; ``before_second_factor`` marks
    the views they need for that.

    Raises:
        KeyError: the permission is not in the table.
    """
    if permission not in PERMISSIONS:
        raise KeyError(permission)

    def declare(view: View) -> View:
        unit = whole(view)
        is_public = permission == PUBLIC
        guarded = unit if is_public else _guard(unit, permission, before_second_factor=before_second_factor)
        guarded.required_permission = permission  # type: ignore[attr-defined]
        return guarded  # type: ignore[return-value]

    return declare


public = requires(PUBLIC)
"""``@public``: anybody may use this view."""


def authorize(
    permission: str,
    *,
    group_id: int | None = None,
    clearinghouse_id: int | None = None,
    insurer_id: int | None = None,
    region_id: int | None = None,
    state_ags: str | None = None,
    organisation_id: int | None = None,
) -> None:
    """Afterwards whoever is signed in has the permission for this group (with its house), region (with its Land), ….

    Raises:
        NotFound: they have not.
        ValueError: what the permission is about was left out.
    """
    where = Scope(group_id, clearinghouse_id, insurer_id, region_id, state_ags, organisation_id)
    if not may(get_person().actor, permission, where):
        raise nothing_here()


def get_person() -> Person:
    """Answer who is signed in; for views that are not public."""
    person: Person = g.person
    return person


def never_store(response: Response) -> Response:
    """Answer the response, which no cache and no history keeps: the next at this computer may be somebody else."""
    response.headers["Cache-Control"] = "no-store"
    return response


def must_have_second_factor(person: Person) -> bool:
    """Whether somebody's roles ask for a second factor; in a demonstration none does."""
    config: Config = current_app.config["WIRKREIS"]
    return config.is_production and needs_second_factor(person.actor)


def _guard(view: Callable[..., Any], permission: str, *, before_second_factor: bool) -> Callable[..., Any]:
    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        after_this_request(never_store)
        person = find_signed_in()
        if person is None:
            return _sign_in_first()
        g.person = person
        act_as(PERSON, person.id)
        if not (before_second_factor or person.has_second_factor) and must_have_second_factor(person):
            return _second_factor_first()
        if not may_somewhere(person.actor, permission):
            raise nothing_here()
        if request.method not in _SAFE_METHODS:
            check_signed_in_form(person)
        return view(*args, **kwargs)

    return guarded


def _second_factor_first() -> AnyResponse:
    """Answer the way to the page that sets up the second factor.

    Raises:
        NotAllowed: a machine asks.
    """
    if is_for_a_machine():
        raise NotAllowed(_("Please set up your second factor first."))
    return redirect(url_for("accounts.second_factor_page"), code=303)


def _sign_in_first() -> ResponseReturnValue:
    """Answer the way to the sign-in page and from there back to this one; what was typed meanwhile is kept.

    Raises:
        NotSignedIn: a machine asks.
    """
    if is_for_a_machine():
        raise NotSignedIn(_("Please sign in first."))
    can_be_opened = request.url_rule is not None and "GET" in (request.url_rule.methods or ())
    path = request.script_root + request.full_path.removesuffix("?")
    login = url_for("accounts.login", next=path if can_be_opened else None)
    if typed := typed_fields():
        heading = _("Please sign in again")
        message = _(
            "Your session ended while you were typing. Nothing is lost: what you typed is on this page."
        )
        return send_again_page(heading, message, typed, login=login), 401
    return redirect(login, code=303)

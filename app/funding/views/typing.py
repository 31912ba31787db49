"""Forms that somebody typed into while their session ended: nothing is lost, it can be sent again after signing in."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, TypeVar

from flask import make_response, render_template, request, url_for
from werkzeug.exceptions import RequestEntityTooLarge

from app.shared.visitor_forms import TOKEN_FIELD, is_from_own_page

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

View = TypeVar("View", bound="Callable[..., Any]")


def keeps_typed(view: View) -> View:
    """Let a guarded view that nobody is signed in for show what was sent, with a button that sends it again.

    The token of the form is part of it, so what another site has sent can still not be stored.
    """

    @wraps(view)
    def keeping(*args: Any, **kwargs: Any) -> Any:
        answer = make_response(view(*args, **kwargs))
        asks_to_sign_in = answer.status_code == 303 and "/accounts/login" in (answer.location or "")
        if request.method != "POST" or not asks_to_sign_in or not is_from_own_page():
            return answer
        try:
            sent = list(request.form.items(multi=True))
        except RequestEntityTooLarge:  # a file so large that nothing of it was read
            return answer
        if not request.form.get(TOKEN_FIELD):
            return answer
        return render_template(
            "funding/apply/signed_out.html",
            sent=sent,
            login=url_for("accounts.login", next=request.path),
        ), 401

    return keeping  # type: ignore[return-value]

"""Forms that somebody typed into while their session ended: nothing is lost, it can be sent again after signing in."""

from __future__ import annotations

from flask import Response, make_response, render_template, request

from app.accounts.guard import never_store
from app.funding.views.blueprint import bp
from app.shared.visitor_forms import TOKEN_FIELD, is_from_own_page


@bp.after_request
def keep_what_was_typed(response: Response) -> Response:
    """Show what was sent by somebody who is not signed in any more, with a button that sends it again.

    The token of the form is part of it, so what another site has sent can still not be stored. Files are not kept.
    """
    asks_to_sign_in = response.status_code == 303 and "/accounts/login" in (response.location or "")
    if request.method != "POST" or not asks_to_sign_in or not is_from_own_page():
        return response
    sent = list(request.form.items(multi=True))
    if not request.form.get(TOKEN_FIELD) or len(sent) == 1:
        return response
    page = render_template("funding/apply/signed_out.html", sent=sent, login=response.location)
    return never_store(make_response(page, 401))

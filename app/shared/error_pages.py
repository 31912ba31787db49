"""What a person or a machine sees when something cannot be answered."""

from __future__ import annotations

import logging

from flask import Flask, Response, g, render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException

from app.shared.api_shape import error_answer
from app.shared.errors import DomainError, NotFound
from app.shared.extensions import db
from app.shared.revision import PROGRAM, OutOfStep, database_revision, warn
from app.shared.visitor_forms import typed_fields

logger = logging.getLogger("wirkreis.error")

MAX_QUERY_BYTES = 8000
_CODES = {
    400: "bad_input",
    403: "not_allowed",
    404: "not_found",
    405: "method_not_allowed",
    413: "too_large",
    414: "address_too_long",
    429: "too_many_requests",
    500: "internal_error",
    503: "out_of_step",
}
_TEXTS = {
    400: (
        _l("We did not understand this request"),
        _l("Please check what you entered, or start a new search."),
    ),
    403: (
        _l("You cannot open this page"),
        _l("If you think it should be, please contact your clearing house."),
    ),
    404: (
        _l("There is no page here"),
        _l("The group may have moved or closed. A new search will show what there is now."),
    ),
    405: (_l("This page cannot be used like that"), _l("Please go back and use the button on the page.")),
    413: (_l("That was too much at once"), _l("Please shorten your text or choose a smaller file.")),
    414: (_l("This address is too long"), _l("Please search with fewer words.")),
    429: (_l("Too many requests in a short time"), _l("Please wait a minute and try again.")),
    500: (
        _l("Something went wrong on our side"),
        _l("We have been told. Please try again in a few minutes."),
    ),
    503: (
        _l("This site is being updated"),
        _l("Please try again in a few minutes."),
    ),
}


def init_error_pages(app: Flask) -> None:
    """Afterwards every refusal and every fault is answered in the site's look or the API's one shape."""
    app.before_request(_refuse_long_address)
    app.register_error_handler(DomainError, _refused)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _fault)


def _refuse_long_address() -> Response | None:
    """Gunicorn lets any length through, so that the refusal is a page of ours."""
    is_long = len(request.query_string) > MAX_QUERY_BYTES or len(request.path) > MAX_QUERY_BYTES
    if not is_long and not request.path.isprintable():
        return _answer(404)  # no name holds control characters, and PostgreSQL refuses even to look
    return _answer(414) if is_long else None


def _refused(error: DomainError) -> Response:
    if is_for_a_machine():
        return error_answer(error)
    if error.status == 503 and (typed := typed_fields()):
        message = _(
            "What you sent is not stored, and not lost either: please send it again in a few minutes."
        )
        return Response(send_again_page(str(_TEXTS[503][0]), message, typed), status=503)
    return _page(error.status, message=error.message)


def _http(error: HTTPException) -> Response | HTTPException:
    if error.code is None or error.code < 400:
        return error  # a redirect is an answer of its own
    if isinstance(error.response, Response):
        return error.response  # made by whoever refused: a form that keeps what was typed
    answer = _answer(error.code)
    for name, value in error.get_headers():
        if name in {"Allow", "Retry-After"}:
            answer.headers[name] = value
    return answer


def nothing_here() -> NotFound:
    """Answer the refusal that reads as if there were no such page."""
    return NotFound(str(_TEXTS[404][1]))


def send_again_page(heading: str, message: str, typed: list[tuple[str, str]], *, login: str = "") -> str:
    """Answer a page with everything that was typed, and a button that sends it once more."""
    return render_template(
        "errors/again.html",
        heading=heading,
        message=message,
        typed=typed,
        login=login,
        has_file=bool(request.files),
    )


def _fault(error: Exception) -> Response:
    if isinstance(error, SQLAlchemyError) and _is_out_of_step():
        return _refused(OutOfStep())
    logger.error("fault", exc_info=error, extra={"facts": {"request_id": g.get("request_id", "")}})
    return _answer(500)


def _is_out_of_step() -> bool:
    """Whether the database stands at another migration, so that this program does not know its tables."""
    try:
        found = database_revision(db.engine)
    except SQLAlchemyError:
        return False
    if found != PROGRAM:
        warn(found)
    return found != PROGRAM


def is_for_a_machine() -> bool:
    """Whether the answer goes to a program: the API, map data, calendars or feeds."""
    return request.path.startswith("/api/") or request.path.endswith((".json", ".geojson", ".ics"))


def _answer(status: int) -> Response:
    """Answer the general page or the API shape of a status."""
    known = status if status in _TEXTS else (400 if status < 500 else 500)
    if is_for_a_machine():
        error = DomainError(str(_TEXTS[known][1]), code=_CODES[known])
        error.status = status
        return error_answer(error)
    return _page(status)


def _page(status: int, *, message: str | None = None) -> Response:
    """Answer the error page; when even that fails, plain text."""
    heading, general = _TEXTS.get(status, _TEXTS[400 if status < 500 else 500])
    try:
        body = render_template(
            "errors/error.html", status=status, heading=heading, message=message or general
        )
    except Exception:
        logger.exception("error page failed")
        return Response(
            f"{_('Something went wrong on our side')}\n", status=500, content_type="text/plain; charset=utf-8"
        )
    return Response(body, status=status, content_type="text/html; charset=utf-8")

"""Files that people send: how much a view takes in, what it says when it is more, and how it gives them back."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any

from flask import Response, request
from werkzeug.exceptions import RequestEntityTooLarge

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    View = Callable[..., ResponseReturnValue]


def takes_files(too_large: Callable[..., str], *, most_bytes: int | None = None) -> Callable[[View], View]:
    """Let a view be sent so many bytes, or as many as any; what is larger is answered by a page for its arguments.

    The guard of the view reads the form, so this stands before it.
    """

    def deco(view: View) -> View:
        @wraps(view)
        def taking(**given: Any) -> ResponseReturnValue:
            if most_bytes is not None:
                request.max_content_length = most_bytes
            try:
                return view(**given)
            except RequestEntityTooLarge:
                return too_large(**given), RequestEntityTooLarge.code

        return taking

    return deco


def sent_file_response(name: str, content_type: str, body: bytes) -> Response:
    """Answer a file as it is kept, a PDF or a JPEG, to be downloaded under the name it had."""
    response = Response(body, content_type=content_type)
    ending = ".pdf" if content_type.endswith("pdf") else ".jpg"
    response.headers.set("Content-Disposition", "attachment", filename=name.rsplit(".", 1)[0] + ending)
    return response

"""Views that are sent files: how much they take in, and what they say when it is more."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any

from flask import request
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

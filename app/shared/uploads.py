"""Files that people send: the rest of the form is read whatever they weigh; and how they are given back.

A file that is too large is read to its end and thrown away, in pieces: a browser shows no answer to what it could not
send to the end. ``static/js/upload.js`` says it before anything is sent.
"""

from __future__ import annotations

from functools import wraps
from tempfile import SpooledTemporaryFile
from typing import IO, TYPE_CHECKING, Any, ParamSpec, TypeVar, cast

from flask import Request, Response, request
from flask_babel import gettext as _

from app.shared.errors import RuleBroken

if TYPE_CHECKING:
    from collections.abc import Callable

Given = ParamSpec("Given")
Answer = TypeVar("Answer")

MOST_KEPT_BYTES = 20_000_000
"""The largest file that any page takes."""
MOST_BODY_BYTES = 1_000_000_000
"""So much is read to be refused in words; what is larger still is refused unread."""
IN_MEMORY_BYTES = 500_000


class _Cut(SpooledTemporaryFile[bytes]):
    """A file that ends one byte after the largest there may be."""

    def write(self, data: Any) -> int:
        """Afterwards what still fits is kept."""
        super().write(data[: max(0, MOST_KEPT_BYTES + 1 - self.tell())])
        return len(data)


class UploadRequest(Request):
    """A request whose files take no more room than the largest that is wanted."""

    def _get_file_stream(self, *_args: Any, **_kwargs: Any) -> IO[bytes]:
        return cast("IO[bytes]", _Cut(IN_MEMORY_BYTES, mode="rb+"))


def takes_file(view: Callable[Given, Answer]) -> Callable[Given, Answer]:
    """Let a guarded view be sent more than any other; the guard reads the form, so this stands before it."""

    @wraps(view)
    def taking(*args: Given.args, **kwargs: Given.kwargs) -> Answer:
        request.max_content_length = MOST_BODY_BYTES
        return view(*args, **kwargs)

    return taking


def sent_file(field: str, most_bytes: int) -> tuple[str, bytes] | None:
    """Answer the name and content of the file that was sent in a field; None where none was.

    Raises:
        RuleBroken: it is larger.
    """
    sent = request.files.get(field)
    content = sent.read() if sent is not None else b""
    if len(content) > most_bytes:
        raise too_large(most_bytes, field)
    return (sent.filename or "", content) if sent is not None and content else None


def too_large(most_bytes: int, field: str) -> RuleBroken:
    """Answer what is said of a file that is larger."""
    return RuleBroken(
        _("This file is too large. Please choose one of at most %(num)s MB.", num=most_bytes // 1_000_000),
        code="file_too_large",
        field=field,
    )


def sent_file_response(name: str, content_type: str, body: bytes) -> Response:
    """Answer a file as it is kept, a PDF or a JPEG, to be downloaded under the name it had."""
    response = Response(body, content_type=content_type)
    ending = ".pdf" if content_type.endswith("pdf") else ".jpg"
    response.headers.set("Content-Disposition", "attachment", filename=name.rsplit(".", 1)[0] + ending)
    return response

"""The test client: what it asks runs in a context of its own, as in a server."""

from __future__ import annotations

import contextvars
from typing import Any

from flask import has_app_context
from flask.testing import FlaskClient

from app.shared.extensions import db


class ServerLikeClient(FlaskClient):
    """Asks as from outside.

    Before each request what the test itself has arranged is committed, so the view sees it. The view gets
    its own application context and session, removed after the answer: a view that forgets to commit loses
    its work.
    """

    def open(self, *args: Any, **kwargs: Any) -> Any:
        """Answer the response to a request."""
        if has_app_context():
            db.session.commit()
        kwargs.setdefault("buffered", True)
        return contextvars.Context().run(super().open, *args, **kwargs)

"""What every answer carries: the security headers and the request id; and what the log may hold."""

from __future__ import annotations

import json
import logging
import secrets
import sys
import time
import traceback
from typing import TYPE_CHECKING, Any

from flask import Flask, g, request

if TYPE_CHECKING:
    from flask import Response

    from config import Config

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
    "object-src 'none'"
)
_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(self), camera=(), microphone=(), payment=(), interest-cohort=()",
    # What somebody searched stays out of shared caches.
    "Cache-Control": "private, no-cache",
}
"""What an answer carries unless its view said otherwise."""
logger = logging.getLogger("wirkreis.request")


def init_responses(app: Flask, config: Config) -> None:
    """Afterwards each answer has the security headers and is logged without query, address or body."""

    @app.before_request
    def _start() -> None:
        g.request_id = secrets.token_hex(8)
        g.started = time.perf_counter()

    @app.after_request
    def _finish(response: Response) -> Response:
        given = {name.lower() for name, _value in response.headers}
        response.headers.extend(pair for pair in _HEADERS.items() if pair[0].lower() not in given)
        if config.is_production:
            response.headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
        response.headers["X-Request-Id"] = g.get("request_id", "")
        if logger.isEnabledFor(logging.INFO):
            logger.info(
                "request",
                extra={
                    "facts": {
                        "request_id": g.get("request_id", ""),
                        "method": request.method,
                        # The rule, not the path: a path may hold a token, a query what somebody looks for.
                        "route": request.url_rule.rule if request.url_rule else "-",
                        "status": response.status_code,
                        "ms": round((time.perf_counter() - g.get("started", time.perf_counter())) * 1000, 1),
                    }
                },
            )
        return response


class JsonFormatter(logging.Formatter):
    """One JSON object a line: time, level, logger, message and the facts given; a fault with its traceback."""

    def format(self, record: logging.LogRecord) -> str:
        """Answer the record as one line."""
        line: dict[str, Any] = {
            "time": self.formatTime(record, "%Y-%m-%dT%H:%M:%S"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **getattr(record, "facts", {}),
        }
        if record.exc_info and record.exc_info[1] is not None:
            line["trace"] = trace_without_messages(record.exc_info[1])
        return json.dumps(line, ensure_ascii=False)


def trace_without_messages(fault: BaseException) -> str:
    """Answer where a fault and its causes came from: frames and kinds, not their messages.

    The message of a database's error may hold the values of the query: what somebody searched or wrote.
    """
    parts = []
    cause: BaseException | None = fault
    while cause is not None:
        kind = type(cause)
        parts.append(
            "".join(traceback.format_tb(cause.__traceback__)) + f"{kind.__module__}.{kind.__qualname__}"
        )
        cause = cause.__cause__ or cause.__context__
    return "\n".join(parts)


def init_logging(config: Config) -> None:
    """Afterwards the application logs JSON lines to standard error; a demo logs faults only."""
    root = logging.getLogger("wirkreis")
    if root.handlers:
        return
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter())
    root.addHandler(handler)
    root.propagate = False
    root.setLevel(logging.INFO if config.is_production else logging.WARNING)

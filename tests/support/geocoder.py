"""A geocoder on this machine that speaks the Nominatim protocol."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest

FOUND = json.dumps([{"lat": "50.9413", "lon": "6.9583", "display_name": "Domkloster 4, Köln"}])


@dataclass
class GeocoderServer:
    """A server on this machine that speaks the Nominatim protocol, and what it was asked."""

    url: str = ""
    status: int = 200
    body: str = FOUND
    delay_seconds: float = 0
    asked: list[dict[str, list[str]]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    agents: list[str] = field(default_factory=list)
    moments: list[float] = field(default_factory=list)
    before_answering: Callable[[], object] | None = None
    """Called, in a thread of the server's, while the asker waits."""


@pytest.fixture
def geocoder():
    state = GeocoderServer()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            state.moments.append(time.monotonic())
            state.paths.append(urlsplit(self.path).path)
            state.asked.append(parse_qs(urlsplit(self.path).query))
            state.agents.append(self.headers["User-Agent"])
            time.sleep(state.delay_seconds)
            if state.before_answering is not None:
                state.before_answering()
            body = state.body.encode()
            try:
                self.send_response(state.status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)
            except OSError:
                pass  # the asker has stopped waiting

        def log_message(self, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        state.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield state
        server.shutdown()
        thread.join()

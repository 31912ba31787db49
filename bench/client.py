"""A small HTTP client on bare sockets: ``python -m bench.client PORT CONNECTIONS`` reads paths, writes what it saw.

Each line of standard input is a path; the answer is one JSON line: seconds a request, bytes of each body, wall time.
Gunicorn's sync workers close after each answer, so every request is a new connection.
"""

from __future__ import annotations

import json
import selectors
import socket
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from time import perf_counter


@dataclass(slots=True)
class Exchange:
    """One request under way."""

    path: str
    began: float
    received: list[bytes] = field(default_factory=list)


def main() -> None:
    """Ask for every path, so many at a time."""
    port, connections = int(sys.argv[1]), int(sys.argv[2])
    paths = sys.stdin.read().split()
    began = perf_counter()
    done = list(_ask(port, paths, connections))
    print(
        json.dumps(
            {"seconds": [s for s, _ in done], "bytes": [n for _, n in done], "wall": perf_counter() - began}
        )
    )


def _ask(port: int, paths: list[str], connections: int) -> Iterator[tuple[float, int]]:
    """Yield seconds and body bytes of each request as it ends.

    Raises:
        RuntimeError: an answer was not 200.
    """
    selector = selectors.DefaultSelector()
    waiting = iter(paths)
    open_now = sum(_start(selector, port, path) for _, path in zip(range(connections), waiting, strict=False))
    while open_now:
        for key, _events in selector.select():
            exchange: Exchange = key.data
            part = key.fileobj.recv(1 << 18)  # type: ignore[union-attr]
            if part:
                exchange.received.append(part)
                continue
            seconds = perf_counter() - exchange.began
            selector.unregister(key.fileobj)
            key.fileobj.close()  # type: ignore[union-attr]
            open_now -= 1
            head, _, body = b"".join(exchange.received).partition(b"\r\n\r\n")
            if not head.startswith(b"HTTP/1.1 200"):
                raise RuntimeError(f"{exchange.path}: {head[:200]!r}")
            path = next(waiting, None)
            if path is not None:
                open_now += _start(selector, port, path)
            yield seconds, len(body)


def _start(selector: selectors.BaseSelector, port: int, path: str) -> int:
    """Send one request; answer 1, the number of connections opened."""
    exchange = Exchange(path, perf_counter())
    connection = socket.create_connection(("127.0.0.1", port))
    connection.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n".encode())
    selector.register(connection, selectors.EVENT_READ, exchange)
    return 1


if __name__ == "__main__":
    main()

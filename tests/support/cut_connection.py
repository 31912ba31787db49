"""A way to PostgreSQL that breaks when it matters: the server hears COMMIT, and nobody hears its answer."""

from __future__ import annotations

import contextlib
import socket
import tempfile
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Self
from urllib.parse import quote

import sqlalchemy as sa

if TYPE_CHECKING:
    from types import TracebackType

_PORT = 5432


class CutAtCommit:
    """As a context, ``url`` leads to the database of another URL; each connection is cut after its first COMMIT."""

    def __init__(self, url: str) -> None:
        made = sa.make_url(url)
        self._server = f"{made.query['host']}/.s.PGSQL.{_PORT}"
        self._folder = tempfile.TemporaryDirectory(prefix="cut-")
        self._listening = socket.socket(socket.AF_UNIX)
        self._listening.bind(str(Path(self._folder.name) / f".s.PGSQL.{_PORT}"))
        self._listening.listen()
        self.url = f"postgresql+psycopg://app@/{made.database}?host={quote(self._folder.name, safe='/')}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._listening.close()
        self._folder.cleanup()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _address = self._listening.accept()
                threading.Thread(target=self._pass_on, args=(client,), daemon=True).start()

    def _pass_on(self, client: socket.socket) -> None:
        server = socket.socket(socket.AF_UNIX)
        server.connect(self._server)
        answers = threading.Thread(target=self._answer, args=(server, client), daemon=True)
        answers.start()
        with contextlib.suppress(OSError), client, server:
            while sent := client.recv(65_536):
                if b"COMMIT" in sent:
                    client.shutdown(socket.SHUT_RDWR)
                    server.sendall(sent)
                    answers.join(5)
                    return
                server.sendall(sent)

    def _answer(self, server: socket.socket, client: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while told := server.recv(65_536):
                client.sendall(told)

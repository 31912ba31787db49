"""A real gunicorn in a process of its own."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT = Path(__file__).resolve().parents[2]


def free_port() -> int:
    """Answer a port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


class Server:
    """Serves ``wsgi:app`` with the given environment at ``url``, until ``stop``; ``database_url`` is what it reads."""

    def __init__(self, environment: Mapping[str, str], *, workers: int = 2) -> None:
        port = free_port()
        self.database_url = environment["DATABASE_URL"]
        self.url = f"http://127.0.0.1:{port}"
        self._log = tempfile.TemporaryFile("w+")  # noqa: SIM115 - lives as long as the server
        self._process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "wsgi:app"],
            cwd=ROOT,
            env={**environment, "PORT": str(port), "PUBLIC_URL": self.url, "WEB_CONCURRENCY": str(workers)},
            stdout=self._log,
            stderr=self._log,
        )
        self._wait()

    @property
    def pid(self) -> int:
        """The number of the process whose children serve."""
        return self._process.pid

    def json(self, path: str) -> Any:
        """Answer the JSON at an address."""
        with urllib.request.urlopen(self.url + path, timeout=30) as response:
            return json.load(response)

    @property
    def log(self) -> str:
        """Everything the server has written."""
        self._log.seek(0)
        return self._log.read()

    def _wait(self) -> None:
        for _ in range(300):
            try:
                urllib.request.urlopen(f"{self.url}/healthz", timeout=5).close()
            except urllib.error.HTTPError as error:
                error.close()
                break
            except OSError:
                if self._process.poll() is not None:
                    break
                time.sleep(0.1)
            else:
                return
        log = self.log
        self.stop()
        raise RuntimeError(f"The server did not start:\n{log}")

    def stop(self) -> None:
        """Afterwards the process has ended."""
        self._process.terminate()
        try:
            self._process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._log.close()

"""The real server: what gunicorn and the application say together."""

from __future__ import annotations

import http.client
import json
import os
from urllib.parse import urlsplit

import pytest

from tests.support.page import Page
from tests.support.server import Server


@pytest.fixture(scope="module")
def server(_sqlite):
    environment = {
        **os.environ,
        "DATABASE_URL": _sqlite.template_copy(),
        "APP_ENV": "demo",
        "RATE_LIMITS": "off",
    }
    server = Server(environment, workers=1)
    yield server
    server.stop()


def ask(server, path, **headers):
    connection = http.client.HTTPConnection(urlsplit(server.url).netloc, timeout=20)
    connection.request("GET", path, headers=headers)
    response = connection.getresponse()
    body = response.read().decode()
    connection.close()
    return response, body


class Answer:
    """Looks to ``Page`` as an answer of the test client does."""

    def __init__(self, url, response, body):
        self.status_code, self.body = response.status, body
        self.mimetype = response.getheader("Content-Type", "").partition(";")[0]
        self.request = type("Request", (), {"url": url})

    def get_data(self, *, as_text):
        return self.body


@pytest.mark.parametrize("length", [9_000, 100_000])
def test_a_very_long_address_is_refused_in_the_sites_own_words(server, length):
    response, body = ask(server, "/groups?q=" + "a" * length)
    assert response.status == 414
    page = Page(Answer(server.url, response, body))
    assert "a" * 100 not in page.text


def test_a_very_long_address_of_the_interface_is_refused_in_its_own_shape(server):
    response, body = ask(server, "/api/v1/groups?q=" + "a" * 100_000)
    assert response.status == 414
    assert json.loads(body)["error"]["status"] == 414


def test_the_server_is_alive_and_ready(server):
    assert ask(server, "/healthz")[0].status == 200
    assert ask(server, "/readyz")[0].status == 200


def test_the_log_of_the_server_holds_no_query(server):
    ask(server, "/groups?q=Zwangsgedanken", Referer="https://example.org/?q=Zwangsgedanken")
    assert "Zwangsgedanken" not in server.log

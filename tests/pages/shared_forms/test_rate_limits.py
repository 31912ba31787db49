"""Too many tries in a minute are answered 429."""

from __future__ import annotations

import pytest
from flask import Flask

from app.shared.extensions import limiter


@pytest.mark.parametrize(("is_on", "sixth"), [(True, 429), (False, 200)])
def test_the_sixth_try_within_a_minute_is_refused_unless_limits_are_off(is_on: bool, sixth: int) -> None:
    app = Flask(__name__)
    app.config.update(RATELIMIT_ENABLED=is_on, RATELIMIT_STORAGE_URI="memory://")
    limiter.init_app(app)
    app.add_url_rule("/try", "try", limiter.limit("5 per minute")(lambda: "Welcome."), methods=["POST"])
    client = app.test_client()
    assert [client.post("/try").status_code for _ in range(6)] == [200] * 5 + [sixth]
    other = client.post("/try", environ_base={"REMOTE_ADDR": "127.0.0.2"})
    assert other.status_code == 200

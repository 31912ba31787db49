"""Links that are a right in themselves."""

from __future__ import annotations

from app.shared.languages import speaking
from app.shared.signed_links import fingerprint, read_link, sign_link, whole_url


def test_a_link_says_what_was_signed_for_its_purpose_only(session):
    token = sign_link("meeting", 7, "2026-11-24", False, None)
    assert read_link("meeting", token) == [7, "2026-11-24", False, None]
    assert read_link("watch", token) is None
    assert read_link("meeting", f"{token}x") is None
    assert read_link("meeting", "") is None


def test_another_secret_reads_no_link_and_leaves_other_marks(app, session):
    token, mark = sign_link("meeting", 7), fingerprint("jo@leise.example")
    app.config["SECRET_KEY"] = "another-secret-another-secret"
    assert read_link("meeting", token) is None
    assert fingerprint("jo@leise.example") != mark


def test_a_mark_tells_texts_apart_and_nothing_of_them(session):
    marks = {fingerprint(text) for text in ("jo@leise.example", "jo@leise.exampl", "")}
    assert {len(mark) for mark in marks} == {20}
    assert len(marks) == 3
    assert "jo" not in fingerprint("jo@leise.example")


def test_an_address_in_a_mail_is_whole_and_in_the_language_of_the_mail(session):
    assert whole_url("/groups/x") == "http://localhost/groups/x"
    with speaking("nl"):
        assert whole_url("/groups/x") == "http://localhost/nl/groups/x"

"""Of a mail only what a person wrote anew goes on."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.groups.rules.mail_words import LONGEST, text_of_html, words_to_pass_on

OWN = "petra@muster.example"
INSTEAD = "[entfernt]"


def passed_on(text: str, *, secrets: tuple[str, ...] = ("4711abc",)) -> str:
    return words_to_pass_on(text, hidden=[OWN], secrets=secrets, instead=INSTEAD)


QUOTED = [
    "Am 02.03.2026 um 10:00 schrieb Wirkreis:",
    "Am Mo., 2. März 2026 um 10:00 Uhr schrieb Wirkreis\n<wirkreis@wirkreis.example>:",
    "On Mon, Mar 2, 2026 at 10:00 AM Wirkreis <wirkreis@wirkreis.example> wrote:",
    "Op ma 2 mrt 2026 om 10:00 schreef Wirkreis <wirkreis@wirkreis.example>:",
    "Wirkreis <wirkreis@wirkreis.example> schrieb am Mo., 2. März 2026, 10:00:",
    "-----Ursprüngliche Nachricht-----",
    "----- Original Message -----",
    "________________________________",
    "Von: Wirkreis <wirkreis@wirkreis.example>\nGesendet: Montag, 2. März 2026 10:00\nAn: Petra\nBetreff: Hallo",
    "-- ",
    "--",
]


def test_quotes_and_signatures_of_many_programs_are_cut() -> None:
    for quote in QUOTED:
        mail = f"Hallo Kim,\r\nkommen Sie gern.\r\n\r\n{quote}\n\nSomebody writes:\nmein Geheimnis 0221 4710815\n"
        assert passed_on(mail) == "Hallo Kim,\nkommen Sie gern.", quote
    assert passed_on("Ja!\n> Kommen Sie?\n>> Gern\nBis dann") == "Ja!\nBis dann"


def test_what_a_person_writes_stays() -> None:
    for text in (
        "Gestern schrieb Petra:\nsie kommt auch.",
        "Am Montag schrieb ich:\nIch komme.",
        "Von: Köln aus sind es zehn Minuten.",
        "An: der Tür klingeln",
        "Erstens -- zweitens",
        "On Monday we meet at 7.",
        "Rufen Sie an: 0221 4710815",
    ):
        assert passed_on(text) == text


def test_an_answer_below_the_quote_is_passed_on_when_the_quote_is_marked() -> None:
    assert passed_on("> Wann?\n> Wo?\n\nMittwochs um sieben.") == "Mittwochs um sieben."


def test_the_own_address_and_lines_with_our_marks_are_left_out() -> None:
    ours = "https://x.example/messages/4711abc\nreply+4711abc@r.example"
    mail = f"Schreiben Sie an Petra@Muster.Example.\n{ours}\nBis bald, {OWN}"
    assert passed_on(mail) == f"Schreiben Sie an {INSTEAD}.\nBis bald, {INSTEAD}"


def test_html_becomes_words_and_nothing_of_it_is_run_or_quoted() -> None:
    html = (
        "<html><head><title>x</title><style>p{}</style></head><body><p>Hallo&nbsp;Kim,</p><div>ja&amp;gern<br>bis dann"
        "<script>alert(1)</script><img src='https://spy.example/x.gif'></div>"
        '<div class="gmail_quote"><div>Am 2.3. schrieb</div><blockquote>Geheimnis</blockquote> mehr</div></body></html>'
    )
    assert passed_on(text_of_html(html)) == "Hallo Kim,\n\nja&gern\nbis dann"


@given(st.text(max_size=400), st.sampled_from(QUOTED))
def test_nothing_below_a_quote_goes_on_and_no_control_character(text: str, quote: str) -> None:
    words = passed_on(f"{text}\n{quote}\nSecret\n> Secret {OWN}")
    assert "Secret" not in words
    assert OWN not in words
    assert not any(ord(letter) < 32 and letter != "\n" for letter in words)


def test_html_that_is_none_ends_where_it_breaks() -> None:
    assert text_of_html("<p>Hallo</p><![nonsense]>x</p>").startswith("Hallo")


@given(st.text(alphabet="<>![]&;/-\"'=abc \n", max_size=60) | st.text(max_size=300))
def test_html_of_any_kind_is_read(text: str) -> None:
    assert isinstance(text_of_html(text), str)
    assert len(passed_on(text * 50)) <= LONGEST + 2


def test_long_mails_are_cut() -> None:
    assert passed_on("x" * 1_000_000) == "x" * LONGEST + " …"

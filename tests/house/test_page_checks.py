"""The checks that every page goes through find what they are for."""

from __future__ import annotations

import pytest

from tests.support.page import Page

GOOD = (
    '<!doctype html><html lang="en"><head><title>Groups – Wirkreis</title></head><body><main><h1>Groups</h1>'
    '<form method="post"><label for="q">What</label><input id="q" name="q"><button>Search</button></form>'
    '<p><a href="/x">More <b>groups</b></a></p></main></body></html>'
)


class Answer:
    """Looks to ``Page`` as an answer of the test client does."""

    status_code, mimetype = 200, "text/html"
    request = type("Request", (), {"url": "http://localhost/groups"})

    def __init__(self, html):
        self.html = html

    def get_data(self, *, as_text):
        return self.html


def test_a_good_page_is_read_by_title_heading_link_and_label():
    page = Page(Answer(GOOD))
    assert (page.title, page.heading, page.language) == ("Groups – Wirkreis", "Groups", "en")
    assert page.links == {"More groups": "/x"}
    assert page.labels(page.get("input")) == ["What"]
    assert page.find("p", text="nothing") is None


@pytest.mark.parametrize(
    ("good", "bad", "complaint"),
    [
        ("<h1>Groups</h1>", "<h1>Groups</h1><h1>Again</h1>", "exactly one h1"),
        ("<h1>Groups</h1>", "<h1>Houses</h1>", "does not hold the h1"),
        ("<title>Groups – Wirkreis</title>", "<title></title>", "does not hold the h1"),
        (' for="q"', "", "no label"),
        ("<p>", '<p id="q">', "occurs 2 times"),
        ('<html lang="en">', "<html>", "no lang"),
        ("<p>", '<p style="color:red">', "inline style"),
        ("</head>", "<style>p{}</style></head>", "inline style"),
        ("<p>", "<script>1</script><p>", "inline script"),
        ("<p>", '<p onclick="x()">', "inline script"),
        ('href="/x"', 'href="javascript:x()"', "inline script"),
        ("<p>", '<p><img src="//cdn.example/x.png" alt="">', "from somebody else"),
        ("</head>", '<link rel="stylesheet" href="https://cdn.example/x.css"></head>', "from somebody else"),
        ("<p>", '<p><img src="/x.png">', "no alt"),
        ("<button>Search</button>", "<button></button>", "no name"),
        ("<p>", "<p><div></div>", "Unexpected end tag"),
        ("</main>", "", "line 1"),
    ],
)
def test_a_fault_on_a_page_is_found(good, bad, complaint):
    assert good in GOOD
    with pytest.raises(AssertionError, match=complaint):
        Page(Answer(GOOD.replace(good, bad, 1)))

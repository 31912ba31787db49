"""A browser without a screen: follows the link that is on the page, fills the form that is on it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from werkzeug.datastructures import MultiDict

from app.accounts.views.signing_in import FORM_NAME
from app.shared.visitor_forms import TOKEN_FIELD, visitor_form_token
from tests.support.page import Page, read

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any
    from xml.etree.ElementTree import Element

    from flask.testing import FlaskClient

    Fields = Mapping[str, str | Sequence[str]]

_POSTED = {"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost"}


class Browser:
    """Keeps the page it is on. ``get``, ``follow`` and ``submit`` answer the next one, checked (``Page``)."""

    def __init__(self, client: FlaskClient) -> None:
        self._client = client
        self._page: Page | None = None
        self._ahead = ""

    @property
    def page(self) -> Page:
        """The page the browser is on."""
        if self._page is None and self._ahead:
            self.get(self._ahead)
        assert self._page is not None, "The browser is on no page yet; call get() first."
        return self._page

    def get(self, path: str, *, status: int = 200, **kwargs: Any) -> Page:
        """Open an address and follow redirects; ``status`` is what the last answer must be."""
        return self._open(path, status=status, method="GET", **kwargs)

    def post(self, path: str, *, status: int = 200, **kwargs: Any) -> Page:
        """Send a form from this site that no page shows, as somebody in bad faith would."""
        return self._open(path, status=status, method="POST", **kwargs)

    def sign_in(self, email: str, password: str) -> None:
        """Send the form of the sign-in page; the page that this leads to is opened when somebody looks at it."""
        with self._client.application.test_request_context():
            data = {"email": email, "password": password, TOKEN_FIELD: visitor_form_token(FORM_NAME)}
        answer = self._client.post("/accounts/login", data=data, headers=_POSTED)
        is_in = (answer.status_code, answer.location) == (303, "/accounts")
        assert is_in, f"{email} cannot sign in, {answer.status} {answer.location}:\n{answer.text[:2000]}"
        self._page, self._ahead = None, answer.location

    def follow(self, link: str, *, status: int = 200) -> Page:
        """Open the link with that name, or, when none is, the first whose name holds the words."""
        links = self.page.links
        target = links.get(link) or next((href for name, href in links.items() if link in name), None)
        assert target is not None, f"{self.page.url} has no link {link!r}; it has {sorted(links)}"
        return self.get(self._path(target), status=status)

    def submit(self, fields: Fields | None = None, *, button: str = "", status: int = 200) -> Page:
        """Fill in fields, named by label or by name, and press the button with the words in ``button``.

        The form is the one that holds the button and every field. A list ticks or selects several.
        """
        fields = fields or {}
        form = self._form(fields, button)
        names = {self._control(form, field).get("name", ""): value for field, value in fields.items()}
        data = _values(self._elements(form))
        for name, value in names.items():
            data.setlist(name, [value] if isinstance(value, str) else list(value))
        pressed = _button(form, button)
        if pressed is not None and pressed.get("name"):
            data.add(pressed.get("name", ""), pressed.get("value", ""))
        action = (
            (pressed.get("formaction") if pressed is not None else None)
            or form.get("action")
            or self.page.url
        )
        if form.get("method", "get").lower() == "post":
            return self._open(self._path(action), status=status, method="POST", data=data)
        path = self._path(action).split("?")[0]
        return self._open(path, status=status, method="GET", query_string=data)

    def _form(self, fields: Fields, button: str) -> Element:
        for form in self.page.find_all("form"):
            has_fields = all(self._find_control(form, field) is not None for field in fields)
            if has_fields and (not button or _button(form, button) is not None):
                return form
        raise AssertionError(f"{self.page.url} has no form with {list(fields)} and the button {button!r}")

    def _elements(self, form: Element) -> list[Element]:
        """Answer what is in a form, and what stands elsewhere on the page and belongs to it."""
        elsewhere = self.page.find_all(form=form.get("id", "")) if form.get("id") else []
        return [*form.iter(), *elsewhere]

    def _find_control(self, form: Element, field: str) -> Element | None:
        controls = [each for each in self._elements(form) if each.tag in {"input", "select", "textarea"}]
        for control in controls:
            if field == control.get("name") or field in self.page.labels(control):
                return control
        return next(
            (control for control in controls if any(field in label for label in self.page.labels(control))),
            None,
        )

    def _control(self, form: Element, field: str) -> Element:
        control = self._find_control(form, field)
        assert control is not None, f"The form has no field {field!r}"
        return control

    def _path(self, address: str) -> str:
        parts = urlsplit(urljoin(self.page.url, address))
        assert parts.netloc == urlsplit(self.page.url).netloc, f"{address} leaves the site"
        return parts.path + (f"?{parts.query}" if parts.query else "")

    def _open(self, path: str, *, status: int, method: str, **kwargs: Any) -> Page:
        headers = {"Accept": "text/html", "Sec-Fetch-Site": "same-origin", **kwargs.pop("headers", {})}
        if method == "POST":
            headers = _POSTED | headers
        response = self._client.open(path, method=method, headers=headers, follow_redirects=True, **kwargs)
        assert response.status_code == status, f"{path} answered {response.status}:\n{response.text[:2000]}"
        self._page = Page(response)
        return self._page


def _button(form: Element, name: str) -> Element | None:
    for element in form.iter():
        if element.tag == "button" and element.get("type", "submit") == "submit" and name in _name(element):
            return element
        if element.tag == "input" and element.get("type") == "submit" and name in element.get("value", ""):
            return element
    return None


def _name(button: Element) -> str:
    return f"{read(button)} {button.get('aria-label', '')}"


def _values(elements: Sequence[Element]) -> MultiDict[str, str]:
    """Answer what a form with these elements sends when nobody changes anything."""
    data: MultiDict[str, str] = MultiDict()
    for control in elements:
        name = control.get("name")
        if name and control.get("disabled") is None:
            for value in _control_values(control):
                data.add(name, value)
    return data


def _control_values(control: Element) -> list[str]:
    kind = control.get("type", "text")
    if control.tag == "textarea":
        return [control.text or ""]
    if control.tag == "select":
        options = list(control.iter("option"))
        chosen = [option for option in options if option.get("selected") is not None]
        if not chosen and control.get("multiple") is None:
            chosen = options[:1]
        return [option.get("value", read(option)) for option in chosen]
    if control.tag != "input" or kind in {"submit", "button", "reset", "file", "image"}:
        return []
    if kind in {"checkbox", "radio"}:
        return [control.get("value", "on")] if control.get("checked") is not None else []
    return [control.get("value", "")]

"""Who may use a route: every view says so with ``@requires``, and a house test fails for one that does not."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from app.accounts.rules.permissions import PERMISSIONS, PUBLIC

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

View = TypeVar("View", bound="Callable[..., Any]")


def requires(permission: str) -> Callable[[View], View]:
    """Declare the permission that a view asks for; ``PUBLIC`` means anybody.

    Raises:
        KeyError: the permission is not in the table.
    """
    if permission not in PERMISSIONS:
        raise KeyError(permission)

    def declare(view: View) -> View:
        view.required_permission = permission  # type: ignore[attr-defined]
        return view

    return declare


public = requires(PUBLIC)
"""``@public``: anybody may use this view."""

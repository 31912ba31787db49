"""A request that somebody may write for its group, of either kind, with its addresses and what pages show of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import abort, make_response, redirect, url_for
from flask_babel import gettext as _

from app.accounts.guard import get_person
from app.accounts.rules.permissions import Scope, may
from app.funding.queries.projects import Project
from app.funding.views.applying import reasons, to_overview
from app.funding.views.my_group import my_round
from app.funding.views.projects import my_project, project_reasons

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask.typing import ResponseReturnValue

    from app.funding.services.signable import Request


@dataclass(frozen=True, slots=True)
class MyRequest:
    """The request, whether staff of the group's house write it, and how insurers are called that a project asks."""

    found: Request
    is_staff: bool
    names: Mapping[str, str]
    shown: Mapping[str, Any]
    """What templates of its kind need."""

    @property
    def is_project(self) -> bool:
        """Whether it is for a project."""
        return isinstance(self.found, Project)

    @property
    def paper_page(self) -> str:
        """The page on which its papers stand."""
        return self.found.PAGES[-1]

    @property
    def ids(self) -> dict[str, Any]:
        """What its addresses name."""
        ids: dict[str, Any] = {"slug": self.found.group.slug}
        return {**ids, "project_id": self.found.project.id} if isinstance(self.found, Project) else ids

    @property
    def home(self) -> tuple[str, str]:
        """Where it stands, and what that page is called."""
        if isinstance(self.found, Project):
            return self.url("project"), self.found.title or _("New project")
        name = _("Funding %(year)s of %(group)s", year=self.found.year, group=self.found.group.name)
        return self.url("of_group"), name

    def url(self, endpoint: str, **more: Any) -> str:
        """Answer the address of one of its pages."""
        return url_for(f"funding.{endpoint}", **self.ids, **more)

    def page_url(self, page: str, **more: Any) -> str:
        """Answer the address of a page that is filled in."""
        return self.url("project_page" if self.is_project else "application_page", page=page, **more)

    def to_home(self, done: str | None = None) -> ResponseReturnValue:
        """Answer the way to where it stands."""
        endpoint = "project" if self.is_project else "of_group"
        return redirect(self.url(endpoint, done=done), code=303)


def my_request(slug: str, project_id: int | None) -> MyRequest:
    """Answer a project of a group that somebody may write for, or without a number what it writes in the open round.

    Where no round is open the answer is the page that says so.

    Raises:
        NotFound: there is no such project, or they may not.
    """
    if project_id is None:
        mine = my_round(slug)
        if mine.found is None:
            abort(make_response(to_overview(slug)))
        return MyRequest(mine.round, mine.is_staff, {}, reasons(mine.found))
    project = my_project(slug, project_id)
    scope = Scope(clearinghouse_id=project.found.group.clearinghouse_id)
    is_staff = may(get_person().actor, "work_at_desk", scope)
    shown = {**project_reasons(project), "names": project.names}
    return MyRequest(project.found, is_staff, project.names, shown)

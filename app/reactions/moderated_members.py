"""Members as what a report is about. Suspending them is part of the decision itself."""

from __future__ import annotations

from app.kernel.errors import NotFound
from app.moderation.reports.values import ReportedContent
from app.people.accounts.queries import find_member_id
from app.people.profiles.queries import profile


def describe(handle: str, _viewer_id: int | None) -> ReportedContent | None:
    """The public face; members are named by handle."""
    ident = find_member_id(handle)
    if ident is None:
        return None
    try:
        found = profile(ident)
    except NotFound:
        return None
    return ReportedContent(
        title=f"{found.card.name} (@{found.card.handle})",
        excerpt=found.bio,
        url=f"/m/{found.card.handle}",
        author_id=ident,
    )

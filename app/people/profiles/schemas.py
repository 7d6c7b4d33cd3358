"""Members, as the API shows them."""

from __future__ import annotations

from app.trust.circle.schemas import Trust
from app.web.schemas import Answer, Handle, Moment


class Profile(Answer):
    """What everybody may know of a member, and how the caller knows them."""

    handle: Handle
    name: str
    bio: str
    place: str
    joined_at: Moment
    avatar_url: str | None
    url: str
    suspended: bool
    trust: Trust

"""What a store's address may look like."""

from __future__ import annotations

import re

from app.kernel.errors import Invalid
from app.kernel.ids import MemberId

_SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?")


def check_slug(slug: str) -> str:
    """Raises `Invalid` unless it is letters, digits and inner hyphens."""
    slug = slug.strip().lower()
    if not _SLUG.fullmatch(slug):
        raise Invalid("Use lowercase letters, digits and hyphens.", code="bad_slug")
    return slug


def may_manage(actor: MemberId, owner_id: MemberId) -> bool:
    """Only the owner."""
    return actor == owner_id

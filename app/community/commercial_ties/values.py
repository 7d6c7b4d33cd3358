"""Why somebody may not say that they got nothing."""

from __future__ import annotations

from enum import StrEnum


class CommercialRole(StrEnum):
    """What ties the member to the party."""

    ADVOCATE = "advocate"
    OWNER = "owner"

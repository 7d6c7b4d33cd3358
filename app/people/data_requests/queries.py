"""Everything that is kept of one person."""

from __future__ import annotations

from typing import Any

from app.kernel.clock import clock
from app.kernel.ids import MemberId
from app.people.privacy.queries import keepers


def export_member(ident: MemberId) -> dict[str, Any]:
    """A JSON object with one part for each room."""
    parts = {keeper.room: keeper.export(ident) for keeper in keepers()}
    return {"exported_at": clock.now().isoformat(), **parts}

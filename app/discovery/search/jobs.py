"""An import that was killed is brought to its end, as far as it got."""

from __future__ import annotations

from app.importing.runs import finish_broken_off
from app.platform.jobs import periodic


@periodic("broken_off_imports", minutes=1)
def finish_imports() -> None:
    """Search and graph learn what it has left in the tables."""
    finish_broken_off()

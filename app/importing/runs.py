"""What becomes of an import that breaks off: graph and search see it as far as it got, and all indexes are there."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from sqlalchemy import delete, select, update

from app.discovery.search.service import add_missing
from app.importing import indexes
from app.importing.events import CommunityImported
from app.importing.models import ImportRun
from app.importing.values import Summary
from app.kernel.clock import clock
from app.kernel.ids import ImportRunId, new_id
from app.platform.database import db, rows_changed, unit_of_work

# A batch takes seconds; what has not moved for so long has ended without saying so.
SILENT: Final = timedelta(minutes=2)


def begin() -> ImportRunId:
    """A run that will write; it is known before its first row is there, and before an index is gone."""
    ident = ImportRunId(new_id())
    with unit_of_work():
        db.session.add(ImportRun(id=ident, began_at=clock.now(), seen_at=clock.now()))
        indexes.put_off()
    return ident


def go_on(run_id: ImportRunId) -> None:
    """It is alive; inside the unit of work of a batch."""
    db.session.execute(update(ImportRun).where(ImportRun.id == run_id).values(seen_at=clock.now()))


def finish(run_id: ImportRunId, found: Summary, *, mine: bool = True) -> None:
    """Search and graph look at what came. Of those that finish another's run only one does."""
    indexes.make()
    add_missing()
    with unit_of_work() as unit:
        gone = rows_changed(db.session.execute(delete(ImportRun).where(ImportRun.id == run_id)))
        if not gone and not mine:
            return
        unit.record(
            CommunityImported(
                members=found.members, items=found.items, recommendations=found.recommendations, trust=found.trust
            )
        )


def finish_broken_off() -> int:
    """Runs that were killed are finished here, as far as they got; answers how many."""
    silent = select(ImportRun.id).where(ImportRun.seen_at < clock.now() - SILENT)
    ids = list(db.session.scalars(silent))
    for run_id in ids:
        finish(run_id, Summary(members=0, items=0, recommendations=0, trust=0, rejected=0), mine=False)
    return len(ids)

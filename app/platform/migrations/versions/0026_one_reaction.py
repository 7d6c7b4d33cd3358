"""One reaction acts on decisions, one follows what is recommended, in place of one for each kind of thing.

Nothing is lost and nothing done twice: the new one goes on where the slowest of the old ones stood. What
these could not handle stays parked, under the new name.
"""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa
from alembic import op

from app.platform.database import Json, UtcDateTime

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

_DECIDED = ("ReportDecided",)
_REMOVE = "remove_content"
_REMOVED_BY = {
    f"moderated_{kind}": _DECIDED
    for kind in (
        "asks",
        "comments",
        "items",
        "listings",
        "messages",
        "recommendations",
        "rooms",
        "said_photos",
        "stores",
    )
}
_FOLLOW = "recommended_things"
_FOLLOWED_BY = {
    "recommended_listings": ("ListingChanged", "ListingRemoved"),
    "recommended_stores": ("StoreClosed",),
}

_subscriber = sa.table(
    "event_subscriber",
    sa.column("name", sa.String()),
    sa.column("position", sa.BigInteger()),
    sa.column("tries", sa.Integer()),
    sa.column("heard", Json),
)
_parked = sa.table(
    "event_parked",
    sa.column("subscriber", sa.String()),
    sa.column("event_id", sa.BigInteger()),
    sa.column("dropped_at", UtcDateTime(timezone=True)),
)


def upgrade() -> None:
    _unite(_REMOVED_BY, _REMOVE)
    _unite(_FOLLOWED_BY, _FOLLOW)


def downgrade() -> None:
    _divide(_REMOVE, _REMOVED_BY)
    _divide(_FOLLOW, _FOLLOWED_BY)


def _unite(old: Mapping[str, tuple[str, ...]], new: str) -> None:
    run = op.get_bind().execute
    rows = list(run(sa.select(_subscriber).where(_subscriber.c.name.in_(list(old)))))
    if rows:
        heard: dict[str, int] = {}
        for row in rows:
            for name, since in (row.heard or {}).items():
                heard[name] = min(heard.get(name, since), since)
        # Done again is done once: what the quicker ones have handled already changes nothing.
        position = min(row.position for row in rows)
        run(_subscriber.insert().values(name=new, position=position, tries=0, heard=heard))
        run(_subscriber.delete().where(_subscriber.c.name.in_(list(old))))
    known = run(sa.select(_parked).where(_parked.c.subscriber.in_(list(old)))).all()
    # Of an event that several have parked one row stays: one that waits rather than one that was dropped.
    kept = {row.event_id: row.subscriber for row in sorted(known, key=lambda row: row.dropped_at is None)}
    for event_id, name in kept.items():
        here = _parked.update().where(_parked.c.event_id == event_id, _parked.c.subscriber == name)
        run(here.values(subscriber=new))
    run(_parked.delete().where(_parked.c.subscriber.in_(list(old))))


def _divide(new: str, old: Mapping[str, tuple[str, ...]]) -> None:
    run = op.get_bind().execute
    row = run(sa.select(_subscriber).where(_subscriber.c.name == new)).one_or_none()
    if row is not None:
        for name, heard in old.items():
            since = {one: (row.heard or {}).get(one, 0) for one in heard}
            run(_subscriber.insert().values(name=name, position=row.position, tries=0, heard=since))
        run(_subscriber.delete().where(_subscriber.c.name == new))
    # Each of them heard of every decision and acted on its own kind: one of them tries again for all.
    for name in old:
        others = sa.select(_parked.c.event_id).where(_parked.c.subscriber == new)
        for event_id in list(run(others).scalars()):
            copy = sa.text(
                "INSERT INTO event_parked (subscriber, event_id, error, at, dropped_at, why) "
                "SELECT :name, event_id, error, at, dropped_at, why FROM event_parked "
                "WHERE subscriber = :new AND event_id = :event"
            )
            run(copy, {"name": name, "new": new, "event": event_id})
    run(_parked.delete().where(_parked.c.subscriber == new))

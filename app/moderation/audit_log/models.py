"""The moderators' log: lines are added, never changed or taken out."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, ForeignKey, String, Table, event
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.ids import ActionId, MemberId, ReportId
from app.platform.database import BigId, Model, UtcDateTime


class ModerationAction(Model):
    """Who decided what on which thing, and why."""

    __tablename__ = "moderation_action"

    id: Mapped[ActionId] = mapped_column(BigId, primary_key=True, autoincrement=True)
    actor_id: Mapped[MemberId] = mapped_column(ForeignKey("member.id"), index=True)
    decision: Mapped[str] = mapped_column(String(12))
    subject_kind: Mapped[str] = mapped_column(String(20))
    subject_id: Mapped[str] = mapped_column(String(40))
    author_id: Mapped[MemberId | None] = mapped_column(ForeignKey("member.id"), index=True)
    report_id: Mapped[ReportId | None] = mapped_column(ForeignKey("report.id"), index=True)
    reason: Mapped[str]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    previous: Mapped[str] = mapped_column(String(64), unique=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)


_SQLITE = tuple(
    f"CREATE TRIGGER moderation_action_no_{what} BEFORE {what.upper()} ON moderation_action "
    "BEGIN SELECT RAISE(ABORT, 'the moderation log is append-only'); END"
    for what in ("update", "delete")
)
_POSTGRESQL = (
    """CREATE FUNCTION moderation_action_append_only() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'the moderation log is append-only'; END $$""",
    """CREATE TRIGGER moderation_action_append_only BEFORE UPDATE OR DELETE OR TRUNCATE
    ON moderation_action FOR EACH STATEMENT EXECUTE FUNCTION moderation_action_append_only()""",
)


def append_only_statements(dialect: str) -> tuple[str, ...]:
    """What keeps the log append-only inside the database; a migration that makes the table runs it."""
    return _POSTGRESQL if dialect == "postgresql" else _SQLITE


@event.listens_for(ModerationAction.__table__, "after_create")
def _guard(_table: Table, connection: Connection, **_more: object) -> None:
    for statement in append_only_statements(connection.dialect.name):
        connection.exec_driver_sql(statement)

"""Reports that were decided together are tied by a row of the decision, not by an equal moment.

Who decided and why is taken from the moderators' log, which has one line for each decision.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.kernel.ids import new_id
from app.platform.database import UtcDateTime
from app.platform.migrations.tables import changed_table

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

_decision = sa.table(
    "decision",
    sa.column("id", sa.String()),
    sa.column("moderator_id", sa.Integer()),
    sa.column("action", sa.String()),
    sa.column("subject_kind", sa.String()),
    sa.column("subject_id", sa.String()),
    sa.column("reason", sa.String()),
    sa.column("decided_at", UtcDateTime(timezone=True)),
)
_report = sa.table(
    "report",
    sa.column("id", sa.String()),
    sa.column("subject_kind", sa.String()),
    sa.column("subject_id", sa.String()),
    sa.column("decided_at", UtcDateTime(timezone=True)),
    sa.column("decision_id", sa.String()),
)
_line = sa.table(
    "moderation_action",
    sa.column("id", sa.BigInteger()),
    sa.column("actor_id", sa.Integer()),
    sa.column("decision", sa.String()),
    sa.column("report_id", sa.String()),
    sa.column("reason", sa.String()),
)


def upgrade() -> None:
    op.create_table(
        "decision",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("moderator_id", sa.Integer(), nullable=False),
        sa.Column("action", sa.String(length=12), nullable=False),
        sa.Column("subject_kind", sa.String(length=20), nullable=False),
        sa.Column("subject_id", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("decided_at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["moderator_id"], ["member.id"], name=op.f("fk_decision_moderator_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
    )
    op.create_index(op.f("ix_decision_moderator_id"), "decision", ["moderator_id"], unique=False)
    with changed_table("report") as batch:
        batch.add_column(sa.Column("decision_id", sa.String(length=26), nullable=True))
        batch.create_foreign_key(op.f("fk_report_decision_id"), "decision", ["decision_id"], ["id"])
        batch.create_index(op.f("ix_report_decision_id"), ["decision_id"], unique=False)
    _tie()
    with changed_table("report") as batch:
        batch.drop_column("decided_at")


def downgrade() -> None:
    with changed_table("report") as batch:
        batch.add_column(sa.Column("decided_at", UtcDateTime(timezone=True), nullable=True))
    moment = sa.select(_decision.c.decided_at).where(_decision.c.id == _report.c.decision_id)
    op.execute(_report.update().values(decided_at=moment.scalar_subquery()))
    with changed_table("report") as batch:
        batch.drop_constraint(op.f("fk_report_decision_id"), type_="foreignkey")
        batch.drop_index(op.f("ix_report_decision_id"))
        batch.drop_column("decision_id")
    op.drop_table("decision")


def _tie() -> None:
    run = op.get_bind().execute
    lines = (
        sa.select(
            _line.c.actor_id,
            _line.c.decision,
            _line.c.reason,
            _report.c.subject_kind,
            _report.c.subject_id,
            _report.c.decided_at,
        )
        .join(_report, _report.c.id == _line.c.report_id)
        .where(_report.c.decided_at.is_not(None))
        .order_by(_line.c.id)
    )
    # The last line of a report is the one in force.
    for (kind, ident, at), line in {
        (one.subject_kind, one.subject_id, one.decided_at): one for one in run(lines)
    }.items():
        decision_id = new_id()
        run(
            _decision.insert().values(
                id=decision_id,
                moderator_id=line.actor_id,
                action=line.decision,
                subject_kind=kind,
                subject_id=ident,
                reason=line.reason,
                decided_at=at,
            )
        )
        together = sa.and_(_report.c.subject_kind == kind, _report.c.subject_id == ident, _report.c.decided_at == at)
        run(_report.update().where(together).values(decision_id=decision_id))

"""Recommendations in depth: photos, revisions, comments, evidence, consents."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.platform.database import UtcDateTime
from app.platform.migrations.tables import changed_table

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_ID = sa.String(length=26)
_COUNTS = ("helpful_count", "comment_count", "revision_count")


def upgrade() -> None:
    """Columns are added in place: on a large community a copy of the table would take minutes."""
    op.add_column(
        "recommendation",
        sa.Column("removed_by_moderator", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    for name in _COUNTS:
        op.add_column("recommendation", sa.Column(name, sa.Integer(), nullable=False, server_default="0"))
    _words()
    _ties()
    _consents()


def _words() -> None:
    op.create_table(
        "recommendation_photo",
        _to("recommendation"),
        _to("photo"),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("alt", sa.String(length=200), nullable=False),
        *_keys("recommendation_photo", "recommendation", "photo"),
        sa.PrimaryKeyConstraint("recommendation_id", "photo_id", name=op.f("pk_recommendation_photo")),
    )
    _index("recommendation_photo", "photo_id")
    op.create_table(
        "recommendation_revision",
        _to("recommendation"),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("stance", sa.String(length=10), nullable=False),
        sa.Column("rating", sa.Double(), nullable=True),
        sa.Column("rating_high", sa.Double(), nullable=True),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("disclosure", sa.String(length=10), nullable=False),
        sa.Column("said_at", UtcDateTime(timezone=True), nullable=False),
        *_keys("recommendation_revision", "recommendation"),
        sa.PrimaryKeyConstraint("recommendation_id", "number", name=op.f("pk_recommendation_revision")),
    )
    op.create_table(
        "helpful_vote",
        _to("recommendation"),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        *_keys("helpful_vote", "recommendation", "member"),
        sa.PrimaryKeyConstraint("recommendation_id", "member_id", name=op.f("pk_helpful_vote")),
    )
    _index("helpful_vote", "member_id")
    op.create_table(
        "saved_recommendation",
        sa.Column("member_id", sa.Integer(), nullable=False),
        _to("recommendation"),
        sa.Column("saved_at", UtcDateTime(timezone=True), nullable=False),
        *_keys("saved_recommendation", "member", "recommendation"),
        sa.PrimaryKeyConstraint("member_id", "recommendation_id", name=op.f("pk_saved_recommendation")),
    )
    _index("saved_recommendation", "recommendation_id")
    op.create_table(
        "recommendation_comment",
        sa.Column("id", _ID, nullable=False),
        _to("recommendation"),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("removed_at", UtcDateTime(timezone=True), nullable=True),
        *_keys("recommendation_comment", "recommendation"),
        _key("recommendation_comment", "author_id", "member"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recommendation_comment")),
    )
    _index("recommendation_comment", "author_id")
    _index("recommendation_comment", "recommendation_id", "id")


def _ties() -> None:
    op.create_table(
        "material_tie",
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("party_kind", sa.String(length=20), nullable=False),
        sa.Column("party_id", sa.String(length=40), nullable=False),
        sa.Column("role", sa.String(length=10), nullable=False),
        sa.Column("since", UtcDateTime(timezone=True), nullable=False),
        *_keys("material_tie", "member"),
        sa.PrimaryKeyConstraint("member_id", "party_kind", "party_id", "role", name=op.f("pk_material_tie")),
    )
    _index("material_tie", "party_kind", "party_id")
    op.create_table(
        "item_party",
        _to("item"),
        sa.Column("party_kind", sa.String(length=20), nullable=False),
        sa.Column("party_id", sa.String(length=40), nullable=False),
        *_keys("item_party", "item"),
        sa.PrimaryKeyConstraint("item_id", "party_kind", "party_id", name=op.f("pk_item_party")),
    )
    _index("item_party", "party_kind", "party_id")
    op.create_table(
        "stand_in",
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("subject_id", sa.String(length=40), nullable=False),
        _to("item"),
        *_keys("stand_in", "item"),
        sa.PrimaryKeyConstraint("kind", "subject_id", name=op.f("pk_stand_in")),
        sa.UniqueConstraint("item_id", name=op.f("uq_stand_in_item_id")),
    )
    op.create_table(
        "purchase_evidence",
        sa.Column("id", _ID, nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        _to("item"),
        sa.Column("occasion", sa.String(length=60), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.Column("recorded_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", UtcDateTime(timezone=True), nullable=True),
        *_keys("purchase_evidence", "member", "item"),
        _key("purchase_evidence", "recorded_by", "member", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_purchase_evidence")),
        sa.UniqueConstraint(
            "member_id", "item_id", "occasion", name=op.f("uq_purchase_evidence_member_id_item_id_occasion")
        ),
    )
    _index("purchase_evidence", "item_id")
    _index("purchase_evidence", "recorded_by")


def _consents() -> None:
    op.create_table(
        "testimonial",
        sa.Column("id", _ID, nullable=False),
        _to("store"),
        _to("recommendation"),
        sa.Column("use", sa.String(length=120), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("asked_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("answered_at", UtcDateTime(timezone=True), nullable=True),
        *_keys("testimonial", "store", "recommendation"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_testimonial")),
        sa.UniqueConstraint(
            "store_id", "recommendation_id", "use", name=op.f("uq_testimonial_store_id_recommendation_id_use")
        ),
    )
    _index("testimonial", "recommendation_id")


def _to(table: str) -> sa.Column[str]:
    return sa.Column(f"{table}_id", _ID, nullable=False)


def _keys(table: str, *targets: str) -> list[sa.ForeignKeyConstraint]:
    return [_key(table, f"{target}_id", target) for target in targets]


def _key(table: str, column: str, target: str, ondelete: str = "CASCADE") -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}")
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=name, ondelete=ondelete)


def _index(table: str, *columns: str) -> None:
    op.create_index(op.f(f"ix_{table}_{'_'.join(columns)}"), table, list(columns), unique=False)


def downgrade() -> None:
    for table in (
        "testimonial",
        "purchase_evidence",
        "stand_in",
        "item_party",
        "material_tie",
        "recommendation_comment",
        "saved_recommendation",
        "helpful_vote",
        "recommendation_revision",
        "recommendation_photo",
    ):
        op.drop_table(table)
    with changed_table("recommendation") as batch:
        for name in (*_COUNTS, "removed_by_moderator"):
            batch.drop_column(name)

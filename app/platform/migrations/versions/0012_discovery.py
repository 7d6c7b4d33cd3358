"""Facets and spelling for the search, saved searches, muted and suggested people."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.platform.database import Json, UtcDateTime
from app.platform.search.tables import create_search_tables

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def _member(table: str, column: str = "member_id") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], ["member.id"], name=op.f(f"fk_{table}_{column}"), ondelete="CASCADE")


def upgrade() -> None:
    _facets()
    op.create_table(
        "search_word",
        sa.Column("word", sa.String(length=40), nullable=False),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.Column("head", sa.String(length=3), nullable=False),
        sa.Column("tail", sa.String(length=3), nullable=False),
        sa.PrimaryKeyConstraint("word", name=op.f("pk_search_word")),
    )
    op.create_index("ix_search_word_head_length", "search_word", ["head", "length"], unique=False)
    op.create_index("ix_search_word_tail_length", "search_word", ["tail", "length"], unique=False)
    _saved_searches()
    _people()


def _facets() -> None:
    # Added in place: a copied table would lose the triggers of the full-text index.
    op.add_column("search_document", sa.Column("title", sa.String(length=120), server_default="", nullable=False))
    op.add_column("search_document", sa.Column("owner_id", sa.Integer(), nullable=True))
    op.add_column(
        "search_document", sa.Column("cents", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True)
    )
    op.add_column("search_document", sa.Column("hidden_until", UtcDateTime(timezone=True), nullable=True))
    op.create_index(op.f("ix_search_document_owner_id"), "search_document", ["owner_id"], unique=False)
    # Made anew: on SQLite more beginnings of words have an index of their own, on PostgreSQL the vector
    # has a function with its true price.
    lite = op.get_bind().dialect.name == "sqlite"
    op.execute("DROP TABLE search_fts" if lite else "DROP INDEX search_document_tokens_gin")
    create_search_tables(op.get_bind())
    if lite:
        op.execute("INSERT INTO search_fts(search_fts) VALUES ('rebuild')")
    # What is there is found as before; `kinmarket rebuild search` adds filters and spelling.
    op.execute("UPDATE search_document SET tokens = tokens || ' ¤is¤' || kind")


def _saved_searches() -> None:
    op.create_table(
        "saved_search",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(length=400), nullable=False),
        sa.Column("asked", Json, nullable=False),
        sa.Column("anchor", sa.String(length=60), nullable=False),
        sa.Column("cadence", sa.String(length=10), nullable=False),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("told_at", UtcDateTime(timezone=True), nullable=False),
        _member("saved_search"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_search")),
        sa.UniqueConstraint("member_id", "address", name=op.f("uq_saved_search_member_id_address")),
    )
    op.create_index(op.f("ix_saved_search_anchor"), "saved_search", ["anchor"], unique=False)
    op.create_index("ix_saved_search_cadence_told_at", "saved_search", ["cadence", "told_at"], unique=False)
    op.create_table(
        "saved_search_hit",
        sa.Column("saved_search_id", sa.String(length=26), nullable=False),
        sa.Column("subject_kind", sa.String(length=20), nullable=False),
        sa.Column("subject_id", sa.String(length=40), nullable=False),
        sa.Column("found_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("told_at", UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["saved_search_id"],
            ["saved_search.id"],
            name=op.f("fk_saved_search_hit_saved_search_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("saved_search_id", "subject_kind", "subject_id", name=op.f("pk_saved_search_hit")),
    )


def _people() -> None:
    for table, other in (("muted_member", "muted_id"), ("put_off_member", "other_id")):
        op.create_table(
            table,
            sa.Column("member_id", sa.Integer(), autoincrement=False, nullable=False),
            sa.Column(other, sa.Integer(), autoincrement=False, nullable=False),
            sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
            sa.CheckConstraint(f"member_id <> {other}", name=op.f(f"ck_{table}_not_self")),
            _member(table),
            _member(table, other),
            sa.PrimaryKeyConstraint("member_id", other, name=op.f(f"pk_{table}")),
        )
        op.create_index(op.f(f"ix_{table}_{other}"), table, [other], unique=False)
    op.create_table(
        "suggestion_wish",
        sa.Column("member_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("allowed", sa.Boolean(), nullable=False),
        _member("suggestion_wish"),
        sa.PrimaryKeyConstraint("member_id", name=op.f("pk_suggestion_wish")),
    )


def downgrade() -> None:
    for table in (
        "suggestion_wish",
        "put_off_member",
        "muted_member",
        "saved_search_hit",
        "saved_search",
        "search_word",
    ):
        op.drop_table(table)
    op.drop_index(op.f("ix_search_document_owner_id"), "search_document")
    for column in ("hidden_until", "cents", "owner_id", "title"):
        op.drop_column("search_document", column)

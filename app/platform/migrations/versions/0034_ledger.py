"""Accounts, the postings between them, and what of it is set aside."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.platform.database import UtcDateTime

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_SQLITE = tuple(
    f"CREATE TRIGGER ledger_posting_no_{what} BEFORE {what.upper()} ON ledger_posting "
    "BEGIN SELECT RAISE(ABORT, 'ledger_posting is append-only'); END"
    for what in ("update", "delete")
)
_POSTGRESQL = (
    """CREATE FUNCTION ledger_posting_append_only() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'ledger_posting is append-only'; END $$""",
    """CREATE TRIGGER ledger_posting_append_only BEFORE UPDATE OR DELETE OR TRUNCATE
    ON ledger_posting FOR EACH STATEMENT EXECUTE FUNCTION ledger_posting_append_only()""",
)


def upgrade() -> None:
    op.create_table(
        "ledger_account",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("balance_minor", sa.BigInteger(), nullable=False),
        sa.Column("held_minor", sa.BigInteger(), nullable=False),
        sa.Column("coming_minor", sa.BigInteger(), nullable=False),
        sa.Column("overdraft_minor", sa.BigInteger(), nullable=False),
        sa.Column("opened_at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["member.id"], name=op.f("fk_ledger_account_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_account")),
        sa.UniqueConstraint("code", name=op.f("uq_ledger_account_code")),
    )
    op.create_index(op.f("ix_ledger_account_owner_id"), "ledger_account", ["owner_id"])
    op.create_table(
        "ledger_posting",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("leg", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("phase", sa.String(length=10), nullable=False),
        sa.Column("debit_id", _ID, nullable=False),
        sa.Column("credit_id", _ID, nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("debit_balance", sa.BigInteger(), nullable=False),
        sa.Column("credit_balance", sa.BigInteger(), nullable=False),
        sa.Column("subject_kind", sa.String(length=20), nullable=False),
        sa.Column("subject_id", sa.String(length=40), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=True),
        sa.Column("rate_ppm", sa.Integer(), nullable=True),
        sa.Column("settles_id", _ID, nullable=True),
        sa.Column("reverses_id", _ID, nullable=True),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_ledger_posting_positive")),
        sa.CheckConstraint("debit_id <> credit_id", name=op.f("ck_ledger_posting_two_accounts")),
        sa.ForeignKeyConstraint(["credit_id"], ["ledger_account.id"], name=op.f("fk_ledger_posting_credit_id")),
        sa.ForeignKeyConstraint(["debit_id"], ["ledger_account.id"], name=op.f("fk_ledger_posting_debit_id")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_ledger_posting_member_id")),
        sa.ForeignKeyConstraint(["reverses_id"], ["ledger_posting.id"], name=op.f("fk_ledger_posting_reverses_id")),
        sa.ForeignKeyConstraint(["settles_id"], ["ledger_posting.id"], name=op.f("fk_ledger_posting_settles_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_posting")),
        sa.UniqueConstraint("settles_id", name=op.f("uq_ledger_posting_settles_id")),
    )
    op.create_index("uq_ledger_posting_key_leg", "ledger_posting", ["key", "leg"], unique=True)
    op.create_index("ix_ledger_posting_debit_id_at", "ledger_posting", ["debit_id", "at", "id"])
    op.create_index("ix_ledger_posting_credit_id_at", "ledger_posting", ["credit_id", "at", "id"])
    op.create_index("ix_ledger_posting_subject", "ledger_posting", ["subject_kind", "subject_id"])
    op.create_index(op.f("ix_ledger_posting_member_id"), "ledger_posting", ["member_id"])
    op.create_index(op.f("ix_ledger_posting_reverses_id"), "ledger_posting", ["reverses_id"])
    for statement in _POSTGRESQL if op.get_bind().dialect.name == "postgresql" else _SQLITE:
        op.execute(statement)
    op.create_table(
        "ledger_open_hold",
        sa.Column("posting_id", _ID, autoincrement=False, nullable=False),
        sa.Column("until", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["posting_id"], ["ledger_posting.id"], name=op.f("fk_ledger_open_hold_posting_id")),
        sa.PrimaryKeyConstraint("posting_id", name=op.f("pk_ledger_open_hold")),
    )
    op.create_index(op.f("ix_ledger_open_hold_until"), "ledger_open_hold", ["until"])


def downgrade() -> None:
    op.drop_table("ledger_open_hold")
    op.drop_table("ledger_posting")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION ledger_posting_append_only()")
    op.drop_table("ledger_account")

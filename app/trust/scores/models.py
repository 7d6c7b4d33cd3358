"""Standing in the whole community: whom the operator trusts to begin with, and what follows."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, Float, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.clock import clock
from app.kernel.ids import MemberId, RunId
from app.platform.database import BigId, Model, UtcDateTime


class ReputationScore(Model):
    """The share of the seeds' trust that arrives at a member; who has no row has none."""

    __tablename__ = "standing"

    member_id: Mapped[MemberId] = mapped_column(
        ForeignKey("member.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    score: Mapped[float] = mapped_column(Float)
    computed_at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (CheckConstraint("score > 0 AND score <= 1", name="score_range"),)


class TrustSeed(Model):
    """A member from whom reputation flows; named by the operator, never guessed."""

    __tablename__ = "trust_seed"

    member_id: Mapped[MemberId] = mapped_column(
        ForeignKey("member.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    named_by: Mapped[MemberId | None] = mapped_column(ForeignKey("member.id", ondelete="SET NULL"), index=True)
    named_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)


class ReputationRun(Model):
    """One computation: who asked for it, how far it is, what came out."""

    __tablename__ = "reputation_run"

    id: Mapped[RunId] = mapped_column(BigId, primary_key=True, autoincrement=True)
    # 1 while it runs, else NULL: the unique index lets one run at a time.
    running: Mapped[int | None] = mapped_column(unique=True)
    asked_by: Mapped[MemberId | None] = mapped_column(ForeignKey("member.id", ondelete="SET NULL"), index=True)
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    beat_at: Mapped[datetime] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    percent: Mapped[int] = mapped_column(default=0)
    members: Mapped[int] = mapped_column(default=0)
    certified: Mapped[int] = mapped_column(default=0)
    problem: Mapped[str | None] = mapped_column(String(200))

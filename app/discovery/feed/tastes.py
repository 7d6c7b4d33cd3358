"""The taste model of this process: what goes with what the community recommends.

It is built aside and replaced as a whole; until the first one stands the feed does without. It need
not be of the minute: what somebody said just now reaches their friends through the circle.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import structlog
from flask import Flask, current_app
from sqlalchemy import select

from app.community.items.models import Item
from app.community.recommendations.models import Recommendation
from app.discovery.feed.values import Near, Reason, Tastes
from app.kernel.clock import clock
from app.kernel.ids import ItemId, new_id
from app.platform.database import db
from app.trust.circle.values import CircleView
from app.trust.scores.queries import all_scores
from graph import ranking
from graph.ranking import TASTE, TRUST, hearing

if TYPE_CHECKING:
    from graph.ranking import TasteModel

log = structlog.get_logger()

FRESH = timedelta(minutes=30)
SUGGESTED = 60
_EXTENSION = "kin_taste"
_Asked = tuple[str, tuple[int, ...]]  # the model, and the reader's own things in it
_WORTH = {"recommend": 1.0, "neutral": 0.0, "avoid": -1.0}


@dataclass(frozen=True, slots=True)
class _Built:
    stamp: str  # names it in a cursor: the pages of one reading come from one model
    model: TasteModel
    items: list[ItemId]
    places: dict[str, int]
    at: datetime


class Taste:
    """One for each application; threads share it."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._lock = threading.Lock()
        self._built: _Built | None = None
        self._before: _Built | None = None
        self._builder: threading.Thread | None = None
        # What was asked for and found last, for each circle as long as that is kept.
        self.suggested: WeakKeyDictionary[CircleView, tuple[_Asked, Tastes]] = WeakKeyDictionary()

    def get(self, stamp: str | None) -> _Built | None:
        """The named one while it is kept, else what stands; "" names the time before the first.

        A new one is begun aside when it has grown old.
        """
        built = self._built
        if built is None or clock.now() - built.at > FRESH:
            self._build_aside()
        if stamp is None or stamp == "":
            return built if stamp is None else None
        before = self._before
        return before if before is not None and before.stamp == stamp else built

    def build(self) -> None:
        """Read all that is recommended and learn from it; two statements.

        Members are heard by their standing. Until the operator has named seeds nobody has any, and
        only the circle counts: else a crowd of new accounts could push whatever it likes.
        """
        rows = db.session.execute(
            select(
                Recommendation.member_id,
                Recommendation.item_id,
                Recommendation.stance,
                Recommendation.updated_at,
            )
            .join(Item, Item.id == Recommendation.item_id)
            .where(
                Recommendation.removed_at.is_(None),
                Item.removed_at.is_(None),
                # What was paid for teaches no taste.
                Recommendation.disclosure == "none",
            )
        ).all()
        items = sorted({row.item_id for row in rows})
        places = {one: place for place, one in enumerate(items)}
        model = ranking.TasteModel(
            [row.member_id for row in rows],
            [places[row.item_id] for row in rows],
            [_WORTH.get(row.stance, 0.0) for row in rows],
            [row.updated_at.timestamp() for row in rows],
            heard=hearing(all_scores()),
            now=clock.now().timestamp(),
        )
        self._before, self._built = self._built, _Built(new_id(), model, items, places, clock.now())

    def settle(self) -> None:
        """Wait for the one that is being built."""
        thread = self._builder
        if thread is not None:
            thread.join()

    def _build_aside(self) -> None:
        with self._lock:
            if self._builder is None or not self._builder.is_alive():
                self._builder = threading.Thread(target=self._run, name="taste", daemon=True)
                self._builder.start()

    def _run(self) -> None:
        with self._app.app_context():
            try:
                self.build()
            except Exception:  # the old model goes on; the operator sees the log
                log.exception("taste_failed")
            finally:
                db.session.remove()


def taste() -> Taste:
    """The one of the current application."""
    extensions = current_app.extensions
    if _EXTENSION not in extensions:
        extensions[_EXTENSION] = Taste(current_app._get_current_object())  # type: ignore[attr-defined] # noqa: SLF001 - the documented way to what the proxy stands for
    found: Taste = extensions[_EXTENSION]
    return found


def suggestions(liked: Mapping[str, str], circle: CircleView, stamp: str | None = None) -> Tastes:
    """Things for a member from the three sides of `graph.ranking`, the best 1.0.

    `liked`: id to title of what the member recommends; `stamp`: the model that an earlier page was made
    with. Kept with the circle, which another takes the place of when somebody's trust changes.
    """
    here = taste()
    built = here.get(stamp)
    if built is None:
        return Tastes()
    own = [built.places[one] for one in liked if one in built.places]
    asked = (built.stamp, tuple(own))
    kept = here.suggested.get(circle)
    if kept is not None and kept[0] == asked:
        return kept[1]
    found = _suggestions(built, own, circle)
    here.suggested[circle] = (asked, found)
    return found


def _suggestions(built: _Built, own: Sequence[int], circle: CircleView) -> Tastes:
    found = built.model.recommend(own, circle.scores, SUGGESTED)
    if not found:
        return Tastes(stamp=built.stamp)
    best = found[0].score
    reasons = {TRUST: Reason.CIRCLE, TASTE: Reason.TASTE}
    return Tastes(
        {built.items[one.item]: Near(one.score / best, reasons.get(one.side, Reason.POPULAR)) for one in found},
        built.stamp,
    )

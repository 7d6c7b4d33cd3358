"""The trust graph of this process, kept up to date by the event log.

While a server still loads a large one, requests are answered as for members without a circle:
everybody is a stranger, so nothing opens that trust would open.

The tables are the truth. An event only says which pairs or members to read again, so it does
no harm to hear of the same thing twice, and a graph that was built while others wrote converges.
A start begins with the snapshot in the data directory and reads what came behind it.
"""

from __future__ import annotations

import heapq
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

import structlog
from flask import Flask, current_app, g, has_request_context
from sqlalchemy import Connection

from app.kernel.clock import clock
from app.kernel.ids import MemberId
from app.platform.database import UnitOfWork, aside, db, in_unit_of_work, let_go
from app.trust.circle.discretion import Discretion
from app.trust.circle.edge_reader import (
    all_ties,
    discreet_among,
    member_ids,
    suspensions,
    ties_of_member,
    ties_of_pairs,
)
from app.trust.circle.graph_builder import reshape, shape_new
from app.trust.circle.loading import LOADED, Aside, Elsewhere, NotLoaded, few_ties
from app.trust.circle.log_changes import LogChanges, LogPosition, Reader, far_behind, newest, read_news, stands
from app.trust.circle.rules import REFERRAL, Pair, Tie, Ties, weigh
from app.trust.circle.snapshots import Snapshots
from app.trust.circle.values import CircleView, GraphStats

if TYPE_CHECKING:
    from graph import TrustGraph

log = structlog.get_logger()

TOP = 1000  # how many people a circle holds at most
KEPT_CIRCLES = 500
MAX_BEHIND = 100_000  # events: whoever is further behind builds anew
PATIENCE = 60.0  # seconds that a job waits for the graph of a server that loads it
FRESH = 0.5  # seconds that a long request or socket may go on without looking at the log
_EXTENSION = "kin_trust_graph"
_CAUGHT_UP = "kin_trust_caught_up"

Progress = Callable[[int, int], None]


@dataclass(slots=True)
class _Built:
    """A graph, the place in the event log that it stands for, and when it changes by itself."""

    trust: TrustGraph
    place: LogPosition
    ends: list[tuple[datetime, MemberId, MemberId]] = field(default_factory=list)  # a heap
    discreet: frozenset[MemberId] = frozenset()

    def due(self, now: datetime) -> set[Pair]:
        if not self.ends or self.ends[0][0] > now:
            return set()
        return {(a, b) for at, a, b in self.ends if at <= now}


class LiveGraph:
    """One for each application, which is: for each process and database."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._lock = threading.Lock()  # around changes of what is below; never held while SQL runs
        self._first = threading.Lock()
        self._built: _Built | None = None
        self._circles: OrderedDict[tuple[MemberId, str | None], tuple[TrustGraph, int, CircleView]] = OrderedDict()
        self._snapshots = Snapshots(app.config["KIN"].data_dir)
        # A newcomer's referral counts at once, though its row is written by a reaction.
        self._joined: set[Pair] = set()
        self._aside = Aside(app, self._build_aside)
        # Set for a server: how another process builds a snapshot, so that requests go on meanwhile.
        self._elsewhere: Elsewhere | None = None
        self._loaded = threading.Event()
        self._nobody: _Built | None = None

    # -- asking -------------------------------------------------------------

    def trust(self) -> TrustGraph:
        """The graph as of now: caught up once in a request, each time elsewhere."""
        return self._now().trust

    def circle(self, viewer_id: MemberId, topic: str | None = None) -> CircleView:
        """The viewer's circle, computed once for each state of the graph.

        Vouches for a topic count fully when it is asked for, and half elsewhere.
        """
        built = self._now()
        trust, discreet = built.trust, built.discreet
        key = (viewer_id, topic)
        with self._lock:
            kept = self._circles.get(key)
            same = kept is not None and kept[0] is trust and kept[1] == trust.version
            if kept is not None and same and kept[2].discretion.of is discreet:
                self._circles.move_to_end(key)
                return kept[2]
        found = trust.circle(viewer_id, TOP, topic=topic)
        discretion = Discretion(trust, viewer_id, discreet, topic)
        circle = CircleView(viewer_id, found, discretion, _lender(trust, viewer_id) if found.borrowed else None)
        with self._lock:
            self._circles[key] = (trust, found.version, circle)
            self._circles.move_to_end(key)
            while len(self._circles) > KEPT_CIRCLES:
                self._circles.popitem(last=False)
        return circle

    def stats(self) -> GraphStats:
        """Sizes, and the last event that is in."""
        built = self._now()
        trust = built.trust
        return GraphStats(trust.nodes, trust.edges, trust.nbytes, built.place.id)

    def _now(self) -> _Built:
        built = self._built
        if built is None:
            if self._elsewhere is not None and has_request_context():
                return self._without_anybody()
            built = self._awaited()
        elif not _has_looked():
            built = self._catch_up()
        else:
            return built
        if has_request_context():
            setattr(g, _CAUGHT_UP, time.monotonic())
        return built

    @property
    def loading(self) -> bool:
        """Whether requests are answered without the graph, because it is still being loaded."""
        return self._built is None and self._elsewhere is not None

    def _without_anybody(self) -> _Built:
        nobody = self._nobody = self._nobody or _Built(shape_new((), weigh((), clock.now())), LogPosition())
        return nobody

    def _awaited(self) -> _Built:
        """For jobs, reactions and commands, which would rather wait than act on less than there is."""
        # Whoever builds needs a connection, and those who wait would hold all of them.
        if not in_unit_of_work():
            let_go()
        if self._elsewhere is not None:
            self._loaded.wait(PATIENCE)
            if self._built is None:
                raise NotLoaded
            return self._built
        with self._first:
            return self._built or self._start()

    # -- following the log --------------------------------------------------

    def _catch_up(self) -> _Built:
        """Take in what has happened; one statement when nothing has."""
        if not in_unit_of_work():
            return self._follow(db.session)
        # What this transaction has written may yet be rolled back: look at what stands.
        with aside() as connection:
            return self._follow(connection)

    def _follow(self, reader: Reader) -> _Built:
        while True:
            built = self._built or self.rebuild()
            since = built.place
            more = self._advance(reader, built)
            if more is None:
                return self._recover(built, since)
            if not more and self._built is built:
                return built

    def _advance(self, reader: Reader, built: _Built) -> bool | None:
        """Take in one batch of the log; whether there may be more, None when its place is not in this log."""
        since = built.place
        news = read_news(reader, since)
        if news is None:
            return None
        now = clock.now()
        pairs = news.pairs | built.due(now)
        ties = _read_again(reader, pairs) if pairs else []
        asked = news.faces.union(*pairs)
        discreet = discreet_among(reader, asked) if asked else set[MemberId]()
        if not self._take_in(built, since, news, pairs, ties, now):
            return True  # somebody else was faster
        if discreet != built.discreet & asked:
            built.discreet = (built.discreet - asked) | discreet
        if news.everything:
            self._aside.ask(persistent=self._elsewhere is not None)
        return news.more

    def _take_in(
        self, built: _Built, since: LogPosition, news: LogChanges, pairs: set[Pair], ties: list[Tie], now: datetime
    ) -> bool:
        if not pairs and news.place == since:
            return True
        with self._lock:
            if built.place != since:
                return False
            if pairs:
                self._joined |= news.joined
                found = self._weigh(ties, now)
                reshape(built.trust, pairs, found)
                known = {end for end in built.ends if end[0] > now}
                built.ends = list(known.union(found.ends))
                heapq.heapify(built.ends)
            built.place = news.place
            return True

    def _recover(self, built: _Built, since: LogPosition) -> _Built:
        """The session looks at an older state than the graph; or the whole log is another one."""
        with aside() as connection:
            same = stands(connection, since)
        return built if same else self.rebuild()

    def _weigh(self, ties: list[Tie], now: datetime) -> Ties:
        self._joined -= {(tie.source, tie.target) for tie in ties if tie.kind == REFERRAL}
        found = weigh([*ties, *(Tie(REFERRAL, a, b) for a, b in self._joined)], now)
        # Whoever has left again gets no row; for who is only suspended the row will tell.
        self._joined = {pair for pair in self._joined if found.absent.isdisjoint(pair)}
        return found

    # -- building -----------------------------------------------------------

    def start(self) -> None:
        """Be ready before the first question; what had to be built from the tables is kept at once."""
        with self._first:
            if self._built is None and self._from_snapshot() is None:
                self.rebuild()
                self.keep()

    def load(self, elsewhere: Elsewhere) -> None:
        """For a server: ready at once from the last snapshot or a few tables, else built by another process.

        A snapshot from before an import does until then: what single members did since is in it.
        """
        self._elsewhere = elsewhere
        with self._first:
            if self._from_snapshot(before_import=True) is not None:
                return
            with db.engine.connect() as connection:
                few = few_ties(connection) or not newest(connection).id
            if few:
                self.rebuild()
                self.keep()
                return
        log.info("trust_loading")
        self._aside.ask(persistent=self._elsewhere is not None)

    def keep(self) -> bool:
        """Write a snapshot; False when there is nothing to be kept, or not now.

        The graph may be newer than the place that the snapshot is said to stand for: what happened
        behind the place is only read again. A newcomer's edge that has no row yet is not kept.
        """
        built = self._built
        if built is None or self._joined:
            return False
        return self._snapshots.write(built.trust, built.place) is not None

    def _start(self) -> _Built:
        return self._from_snapshot() or self.rebuild()

    def _from_snapshot(self, *, before_import: bool = False) -> _Built | None:
        """The snapshot, brought up to date; None when there is none that can be trusted."""
        found = self._snapshots.newest()
        if found is None:
            return None
        path, place = found
        with aside() as connection:
            if not stands(connection, place):
                self._snapshots.refuse(path, "it belongs to another database or another past")
                return None
            if far_behind(connection, place, MAX_BEHIND, imports=not before_import):
                return None
            # Their ends are no events: whoever came back meanwhile is found by looking again.
            away = [(tie.until, tie.source, tie.source) for tie in suspensions(connection) if tie.until]
            discreet = frozenset(discreet_among(connection))
        trust = self._snapshots.read(path, place)
        if trust is None:
            return None
        built = _Built(trust, place, sorted(away), discreet)
        with aside() as connection:
            # Nobody sees it before it has heard of every block and of whatever was taken back.
            while more := self._advance(connection, built):
                pass
        return None if more is None else self._take(built)

    def _take(self, built: _Built) -> _Built:
        """Answer by this graph from now on."""
        with self._lock:
            self._built = built
            self._circles.clear()
        self._loaded.set()
        LOADED.set(1)
        return built

    def rebuild(self, progress: Progress | None = None) -> _Built:
        """Build a new graph from the tables beside the old one, then put it in its place."""
        step = progress or (lambda _done, _total: None)
        step(0, 3)
        with _snapshot() as connection:
            place = newest(connection)
            members = member_ids(connection)
            ties = all_ties(connection)
            discreet = frozenset(discreet_among(connection))
        step(1, 3)
        with self._lock:
            found = self._weigh(ties, clock.now())
        step(2, 3)
        built = _Built(shape_new(members, found), place, sorted(found.ends), discreet)
        self._take(built)
        step(3, 3)
        return built

    def joined(self) -> list[Tie]:
        """Referrals that count already, though their rows are still to be written."""
        with self._lock:
            return [Tie(REFERRAL, a, b) for a, b in sorted(self._joined)]

    def settle(self) -> None:
        """Wait for a rebuild that runs aside."""
        self._aside.settle()

    def _build_aside(self) -> None:
        if self._elsewhere is None:
            self.rebuild()
            return
        self._elsewhere()
        if self._from_snapshot(before_import=True) is None:
            raise RuntimeError("the graph was built elsewhere, and its snapshot cannot be used")


def live_graph() -> LiveGraph:
    """The one of the current application."""
    extensions = current_app.extensions
    if _EXTENSION not in extensions:
        open_graph(current_app._get_current_object())  # type: ignore[attr-defined] # noqa: SLF001 - the documented way to what the proxy stands for
    found: LiveGraph = extensions[_EXTENSION]
    return found


def open_graph(app: Flask) -> LiveGraph:
    """Give the application its graph; it is built at the first use, or by `rebuild`."""
    found: LiveGraph = app.extensions.setdefault(_EXTENSION, LiveGraph(app))
    return found


def look_again(unit: UnitOfWork) -> None:
    """After a commit: what this request wrote must be seen by what it reads next."""
    if unit.events and has_request_context():
        g.pop(_CAUGHT_UP, None)


def _has_looked() -> bool:
    """Once for each request is enough, unless it goes on for long."""
    if not has_request_context():
        return False
    looked: float | None = g.get(_CAUGHT_UP)
    return looked is not None and time.monotonic() - looked < FRESH


def _lender(trust: TrustGraph, viewer_id: MemberId) -> MemberId | None:
    """Whose circle a newcomer borrows: the inviter, while nothing but the invitation ties them."""
    for other in trust.neighbours(viewer_id):
        ties = trust.ties(viewer_id, other)
        if ties and all(tie.kind == REFERRAL for tie in ties):
            return MemberId(int(other))
    return None


@contextmanager
def _snapshot() -> Iterator[Connection]:
    """A connection whose reads all see one state; one beside those that whoever waits for the graph may hold."""
    with aside() as connection:
        if connection.dialect.name == "postgresql":
            connection.execution_options(isolation_level="REPEATABLE READ")
        yield connection


def _read_again(reader: Reader, pairs: set[Pair]) -> list[Tie]:
    two = [pair for pair in pairs if pair[0] != pair[1]]
    ties = ties_of_pairs(reader, two) if two else []
    for member_id in sorted(a for a, b in pairs if a == b):
        ties += ties_of_member(reader, member_id)
    return ties

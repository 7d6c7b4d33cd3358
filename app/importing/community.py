"""Bulk import of a community: members, trust, items and ratings, in batches that stand alone.

A run that breaks off leaves whole batches behind; the next run goes over them and adds nothing
twice. The one event is written at the end, also when it comes early (`runs`).
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack, contextmanager
from itertools import chain, islice
from pathlib import Path
from typing import TypeVar

from flask import current_app

from app.discovery.search.service import begin_index
from app.importing import runs
from app.importing.reading import Line, read_blocks
from app.importing.rejects import Rejects
from app.importing.rules import BadLine, RatingLine, Scale, Spellings, parse_item, parse_trust
from app.importing.values import Files, Progress, Summary
from app.importing.writing import (
    ItemIds,
    MemberIds,
    nothing_here,
    room_for_many,
    write_items,
    write_ratings,
    write_trust,
)
from app.kernel.ids import ImportRunId
from app.platform.database import unit_of_work
from app.platform.settings import Settings

BATCH = 10_000
FIRST_BATCH = 50_000  # of a community that is not there yet: indexes are gone through less often
_MEMBERS_IN = {"trust": 2, "ratings": 1, "items": 0}  # so many fields of a line name members
NOT_IMPORTED = "the handle belongs to a member who was not imported"

T = TypeVar("T")


class Import:
    """One run over the files."""

    def __init__(self, files: Files, scale: Scale, progress: Progress | None = None) -> None:
        self._files = files
        self._scale = scale
        self._progress = progress or (lambda _file, _done, _total: None)
        self._member_ids = MemberIds()
        self._item_ids = ItemIds()
        self._spellings = Spellings()
        self._run = ImportRunId("")
        self._members: set[int] = set()
        self._items: set[str] = set()
        self._trust: set[int] = set()
        self._ratings: set[int] = set()
        self._item_numbers: dict[str, int] = {}
        self._batch = BATCH
        self.rejects: list[Rejects] = []

    def run(self) -> Summary:
        """Read all files; answers what was found in them.

        Whatever ends it early, graph and search see what has arrived by then.
        """
        begin_index()
        self._batch = FIRST_BATCH if nothing_here() else BATCH
        with room_for_many(), _no_cycles():
            self._run = runs.begin()
            try:
                with ExitStack() as open_files:
                    self._take_all(open_files)
            finally:
                summary = self._summary()
                runs.finish(self._run, summary)
        return summary

    def _take_all(self, open_files: ExitStack) -> None:
        files = self._files
        if files.items is not None:
            self._take_items(files.items, self._rejects(files.items, open_files))
        self._take_trust(files.trust, self._rejects(files.trust, open_files))
        if files.ratings is not None:
            self._take_ratings(files.ratings, self._rejects(files.ratings, open_files))

    def _summary(self) -> Summary:
        return Summary(
            members=len(self._members),
            items=len(self._items),
            recommendations=len(self._ratings),
            trust=len(self._trust),
            rejected=sum(one.count for one in self.rejects),
        )

    def _rejects(self, path: Path, open_files: ExitStack) -> Rejects:
        settings: Settings = current_app.config["KIN"]
        found = open_files.enter_context(Rejects(path, settings.data_dir / "rejects"))
        self.rejects.append(found)
        return found

    def _take_items(self, path: Path, rejects: Rejects) -> None:
        for batch in self._batches(self._parsed(path, "items", parse_item, rejects)):
            lines = [line for _, line in batch]
            with unit_of_work():
                runs.go_on(self._run)
                write_items(lines)
            self._items.update(line.external_id for line in lines)

    def _take_trust(self, path: Path, rejects: Rejects) -> None:
        for batch in self._batches(self._parsed(path, "trust", parse_trust, rejects)):
            with unit_of_work():
                runs.go_on(self._run)
                known = self._member_ids.resolve(
                    {name for _, parsed in batch for name in (parsed.truster, parsed.trustee)}
                )
                weights: dict[tuple[int, int], float] = {}
                for line, parsed in batch:
                    pair = known.get(parsed.truster), known.get(parsed.trustee)
                    if pair[0] is None or pair[1] is None:
                        rejects.add(line.number, NOT_IMPORTED, line.raw)
                        continue
                    weights[pair[0], pair[1]] = parsed.weight
                write_trust(weights)
            for a, b in weights:
                self._members.update((a, b))
                self._trust.add(a << 32 | b)

    def _take_ratings(self, path: Path, rejects: Rejects) -> None:
        low, high = float(self._scale.low), float(self._scale.high)
        for batch in self._batches(self._parsed(path, "ratings", self._scale.parse_rating, rejects)):
            with unit_of_work():
                runs.go_on(self._run)
                known = self._member_ids.resolve({parsed.member for _, parsed in batch})
                items = self._item_ids.resolve({parsed.item for _, parsed in batch if parsed.member in known})
                found: dict[tuple[int, str], RatingLine] = {}
                since: dict[tuple[int, str], int | None] = {}
                for line, parsed in batch:
                    member_id = known.get(parsed.member)
                    if member_id is None:
                        rejects.add(line.number, NOT_IMPORTED, line.raw)
                        continue
                    pair = member_id, parsed.item
                    before = found.setdefault(pair, parsed)
                    # Said once more is not said anew; what is said anew has been there since the first time.
                    if before is not parsed and (before.rating, before.stance) != (parsed.rating, parsed.stance):
                        since.setdefault(pair, before.unix_time)
                        found[pair] = parsed
                rows = [
                    (who, items[what], parsed, since.get((who, what), parsed.unix_time) if since else parsed.unix_time)
                    for (who, what), parsed in found.items()
                ]
                if self._item_ids.merged:
                    # Of two entries that became one the last line holds, as for the same pair twice.
                    rows = list({row[:2]: row for row in rows}.values())
                write_ratings(rows, low, high)
            self._count_ratings(found)

    def _count_ratings(self, found: Collection[tuple[int, str]]) -> None:
        numbers = self._item_numbers
        self._ratings.update([who << 32 | numbers.setdefault(what, len(numbers)) for who, what in found])
        self._members.update([who for who, _ in found])
        self._items.update([what for _, what in found])

    def _batches(self, blocks: Iterator[list[tuple[Line, T]]]) -> Iterator[list[tuple[Line, T]]]:
        lines = chain.from_iterable(blocks)
        while batch := list(islice(lines, self._batch)):
            yield batch

    def _parsed(
        self, path: Path, kind: str, parse: Callable[[list[str]], T], rejects: Rejects
    ) -> Iterator[list[tuple[Line, T]]]:
        def report(done: int, total: int) -> None:
            self._progress(path, done, total)

        members = _MEMBERS_IN[kind]
        for block in read_blocks(path, kind, report):
            try:
                yield self._all_good(block, parse, members)
            except BadLine:
                yield list(self._one_by_one(block, parse, members, rejects))

    def _all_good(self, block: list[Line], parse: Callable[[list[str]], T], members: int) -> list[tuple[Line, T]]:
        """Raises `BadLine` where any line is bad, without a word about which."""
        found = [(line, parse(line.fields)) for line in block if line.bad is None]
        if len(found) != len(block):
            raise BadLine
        for name in [name for line in block for name in line.fields[:members] if not name.isdigit()]:
            self._spellings.check(name)
        return found

    def _one_by_one(
        self, block: list[Line], parse: Callable[[list[str]], T], members: int, rejects: Rejects
    ) -> Iterator[tuple[Line, T]]:
        for line in block:
            if line.bad is not None:
                rejects.add(line.number, line.bad, line.raw)
                continue
            try:
                parsed = parse(line.fields)
                for member in line.fields[:members]:
                    self._spellings.check(member)
            except BadLine as problem:
                rejects.add(line.number, str(problem), line.raw)
            else:
                yield line, parsed


@contextmanager
def _no_cycles() -> Iterator[None]:
    """Millions of tuples come and go, and none points back: looking for cycles among them is a fifth of the time."""
    before = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if before:
            gc.enable()


def import_community(files: Files, scale: Scale, progress: Progress | None = None) -> tuple[Summary, list[Path]]:
    """Import the files; answers the summary and the files of rejected lines."""
    run = Import(files, scale, progress)
    summary = run.run()
    return summary, [one.path for one in run.rejects if one.count]

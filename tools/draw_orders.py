"""Draws an order's stages and deadlines into docs/orders.md, from the table in the code (`make architecture`)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Final

from app.market.orders.rules import DEADLINES, ELSEWHERE, MOVES

PAGE: Final = Path(__file__).resolve().parent.parent / "docs" / "orders.md"
MARKS: Final = {
    "stages": ("<!-- the stages, drawn by `make architecture` -->", "<!-- end of the stages -->"),
    "times": ("<!-- the deadlines, drawn by `make architecture` -->", "<!-- end of the deadlines -->"),
}


def main() -> None:
    PAGE.write_text(drawn(PAGE.read_text(encoding="utf-8")), encoding="utf-8")


def drawn(page: str) -> str:
    """The page with both, and all else as it is."""
    for name, block in (("stages", "\n".join(stages())), ("times", "\n".join(times()))):
        begin, end = MARKS[name]
        before, there, rest = page.partition(begin)
        _old, closed, after = rest.partition(end)
        if not there or not closed:
            raise SystemExit(f"{PAGE} has lost its markers of the {name}")
        page = f"{before}{begin}\n{block}\n{end}{after}"
    return page


def stages() -> Iterator[str]:
    """Every line of the table: by whom, what, and which fields come along."""
    yield "```mermaid"
    yield "stateDiagram-v2"
    yield "    [*] --> placed"
    for move in MOVES:
        to = move.to or move.stage
        who, needs = "/".join(move.who), f" ({', '.join(move.needs)})" if move.needs else ""
        beside = " …" if move.action in ELSEWHERE else ""
        yield f"    {move.stage} --> {to}: {who} {move.action}{needs}{beside}"
    yield "    completed --> [*]"
    yield "    cancelled --> [*]"
    yield "```"


def times() -> Iterator[str]:
    """One row for each thing that an order waits for."""
    yield "| name | waits for | how long | reminder before the end | then |"
    yield "| --- | --- | --- | --- | --- |"
    for due, one in DEADLINES.items():
        what = f"{one.waits_for or 'either'}: {' or '.join(one.expects)}"
        yield f"| `{due}` | {what} | {_span(one.after)} | {_span(one.remind)} | {one.ends or 'the question is asked'} |"


def _span(time: timedelta) -> str:
    minutes = int(time.total_seconds()) // 60
    if not minutes:
        return "none"
    for unit, length in (("d", 24 * 60), ("h", 60)):
        if minutes % length == 0 and minutes > 2 * length:
            return f"{minutes // length} {unit}"
    return f"{minutes // 60} h" if minutes % 60 == 0 else f"{minutes} min"


if __name__ == "__main__":
    main()

"""Draws the wings into docs/architecture.md from the contracts of `.importlinter` (`make architecture`).

What the picture says is what `make lint` holds: it cannot promise anything else.
"""

from __future__ import annotations

import re
from configparser import ConfigParser
from itertools import pairwise
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "architecture.md"
BEGIN, END = "<!-- the wings, drawn by `make architecture` -->", "<!-- end of the wings -->"

Row = tuple[str, ...]


def main() -> None:
    PAGE.write_text(with_picture(PAGE.read_text(encoding="utf-8"), picture()), encoding="utf-8")


def layers(contracts: ConfigParser, name: str) -> list[Row]:
    """Rows of a layers contract, from above; what stands in one row does not stand above its neighbour."""
    lines = contracts[f"importlinter:contract:{name}"]["layers"].split("\n")
    return [tuple(re.findall(r"[\w()]+", line)) for line in lines if line.strip()]


def folded(rows: list[Row]) -> list[Row]:
    """Put optional layers that follow each other, such as `(cli)`, into one row: they only put the house together."""
    found: list[Row] = []
    open_row: list[str] = []
    for row in rows:
        if all(one.startswith("(") for one in row):
            open_row += [one.strip("()") for one in row]
            continue
        if open_row:
            found.append((" › ".join(open_row),))
            open_row = []
        found.append(row)
    return [*found, *([(" › ".join(open_row),)] if open_row else [])]


def picture() -> str:
    """Give the mermaid block of the wings of `app` and the parts of `graph`."""
    contracts = ConfigParser()
    contracts.read(ROOT / ".importlinter", encoding="utf-8")
    lines = ["```mermaid", "flowchart TB"]
    lines += drawn("app", "app: inner files import only from rows below", folded(layers(contracts, "layers")))
    lines += drawn("graph", "graph: knows no app", layers(contracts, "graph-layers"))
    return "\n".join([*lines, "```"])


def drawn(name: str, title: str, rows: list[Row]) -> list[str]:
    """Draw one box with its rows, each leading to the next."""
    lines = [f'  subgraph {name}["{title}"]']
    names = [[f"{name}{number}_{place}" for place, _ in enumerate(row)] for number, row in enumerate(rows)]
    for row, here in zip(rows, names, strict=True):
        lines += [f'    {node}["{label.strip("()")}"]' for node, label in zip(here, row, strict=True)]
    for above, below in pairwise(names):
        lines.append(f"    {' & '.join(above)} --> {' & '.join(below)}")
    return [*lines, "  end"]


def with_picture(page: str, block: str) -> str:
    """Put the block between the markers of the page, and leave all else as it is."""
    before, begin, rest = page.partition(BEGIN)
    _old, end, after = rest.partition(END)
    if not begin or not end:
        raise SystemExit(f"{PAGE} has lost its markers")
    return f"{before}{BEGIN}\n{block}\n{END}{after}"


if __name__ == "__main__":
    main()

"""The picture in docs/architecture.md is the one of the contracts."""

from __future__ import annotations

import pytest

from tools import draw_wings


def test_the_committed_picture_is_drawn_from_the_contracts() -> None:
    page = draw_wings.PAGE.read_text(encoding="utf-8")
    assert draw_wings.with_picture(page, draw_wings.picture()) == page, "run `make architecture`"


def test_every_wing_is_in_the_picture() -> None:
    drawn = draw_wings.picture()
    wings = {path.parent.name for path in (draw_wings.ROOT / "app").glob("*/__init__.py")} - {"translations"}
    assert not {wing for wing in wings if wing not in drawn}


def test_rows_that_only_assemble_are_folded_and_others_keep_their_neighbours() -> None:
    rows = [("(cli)",), ("(wiring)",), ("discovery", "reporting"), ("kernel",)]
    assert draw_wings.folded(rows) == [("cli › wiring",), ("discovery", "reporting"), ("kernel",)]


def test_a_page_without_its_markers_is_left_alone() -> None:
    with pytest.raises(SystemExit):
        draw_wings.with_picture("nothing here", "block")

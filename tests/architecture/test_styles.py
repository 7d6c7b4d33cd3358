"""Where a style is found: one class, one file."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

STYLES = Path(__file__).parents[2] / "static" / "src" / "css"
LAYERS = dict(re.findall(r'@import "\./([\w-]+\.css)" layer\((\w+)\)', (STYLES / "app.css").read_text()))
INNERMOST = re.compile(r"\([^()]*\)")


def selectors(css: str) -> Iterator[str]:
    """Give each selector of a list by itself, without what stands in the brackets of `:is(…)` and its like."""
    plain = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    for prelude in re.findall(r"([^{};]+)\{", plain):
        text = prelude.strip()
        if text.startswith("@"):
            continue
        while INNERMOST.search(text):
            text = INNERMOST.sub("", text)
        yield from (one.strip() for one in text.split(","))


def styled(selector: str) -> set[str]:
    """Give the classes of what a selector draws: its last part. Those before only say where."""
    return set(re.findall(r"\.([A-Za-z][\w-]*)", re.split(r"[\s>+~]+", selector)[-1]))


def test_what_a_selector_draws_is_its_last_part() -> None:
    css = "/* .no {} */ a.b, .c > .d:is(.e, .f .g)[x] { } @media (min-width: 1px) { .h .i.j:not(.k) { top: 0; } }"
    assert [styled(one) for one in selectors(css)] == [{"b"}, {"d"}, {"i", "j"}]


def test_every_file_of_styles_stands_in_a_layer() -> None:
    assert set(LAYERS) == {path.name for path in STYLES.glob("*.css")} - {"app.css"}


def test_a_class_is_styled_in_one_file_of_a_layer() -> None:
    """A class that two files style looks as the order of imports has it, and nobody sees why."""
    homes: dict[tuple[str, str], set[str]] = defaultdict(set)
    for name, layer in LAYERS.items():
        for selector in selectors((STYLES / name).read_text()):
            for one in styled(selector):
                homes[layer, one].add(name)
    assert not {f"{layer}: .{one}": sorted(files) for (layer, one), files in homes.items() if len(files) > 1}

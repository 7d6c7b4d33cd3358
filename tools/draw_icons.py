"""Draws the app's icons from the mark's own shapes: `python tools/draw_icons.py`, when the mark changes."""

from __future__ import annotations

from pathlib import Path

from PIL import Image, ImageDraw

HERE = Path(__file__).parents[1] / "static" / "src" / "img"
GREEN, LIGHT, PAPER, WARM = "#1f6b52", "#dcebe3", "#faf7f1", "#ee8a62"
FINE = 4  # drawn larger and made small: smooth edges


def draw(size: int, *, maskable: bool) -> Image.Image:
    """The mark on a square of 32; a maskable one fills the square and keeps to its middle."""
    unit = size * FINE / 32
    picture = Image.new("RGBA", (size * FINE, size * FINE), GREEN if maskable else (0, 0, 0, 0))
    pen = ImageDraw.Draw(picture)
    if not maskable:
        pen.rounded_rectangle((0, 0, size * FINE - 1, size * FINE - 1), radius=9 * unit, fill=GREEN)
    shrink = 0.78 if maskable else 1.0

    def at(x: float, y: float) -> tuple[float, float]:
        return (16 + (x - 16) * shrink) * unit, (16 + (y - 16) * shrink) * unit

    def dot(x: float, y: float, radius: float, colour: str) -> None:
        (left, top), reach = at(x, y), radius * shrink * unit
        pen.ellipse((left - reach, top - reach, left + reach, top + reach), fill=colour)

    pen.line([at(8, 21), at(16, 10), at(24, 21)], fill=LIGHT, width=round(2.4 * shrink * unit), joint="curve")
    dot(8, 21, 4, PAPER)
    dot(24, 21, 4, PAPER)
    dot(16, 10, 4.4, WARM)
    return picture.resize((size, size), Image.Resampling.LANCZOS)


def main() -> None:
    for name, size, maskable in (
        ("mark-192.png", 192, False),
        ("mark-512.png", 512, False),
        ("mark-maskable-512.png", 512, True),
        ("mark-touch-180.png", 180, True),
    ):
        draw(size, maskable=maskable).save(HERE / name, optimize=True)


if __name__ == "__main__":
    main()

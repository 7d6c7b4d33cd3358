"""A small antialiased canvas for the demo's pictures: shapes with soft shading and shadows.

Coordinates are 0…100 from left to right and 0…125 from top to bottom, whatever the size in pixels.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageDraw, ImageFilter

Colour = tuple[int, int, int]
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Shade:
    """A fill that goes from one colour to another: across (light from the left) or down."""

    start: Colour
    end: Colour
    across: bool = True


Fill = Colour | Shade


def mix(one: Colour, other: Colour, part: float) -> Colour:
    """`part` of the way from one colour to the other."""
    red, green, blue = (round(a + (b - a) * part) for a, b in zip(one, other, strict=True))
    return red, green, blue


def lighter(colour: Colour, part: float = 0.25) -> Colour:
    return mix(colour, (255, 250, 240), part)


def darker(colour: Colour, part: float = 0.25) -> Colour:
    return mix(colour, (34, 24, 22), part)


def lit(colour: Colour, strength: float = 0.18) -> Shade:
    """Light from the left, shade on the right."""
    return Shade(lighter(colour, strength), darker(colour, strength))


def hanging(colour: Colour, strength: float = 0.18) -> Shade:
    """Light from above."""
    return Shade(lighter(colour, strength), darker(colour, strength), across=False)


def smooth(points: Sequence[Point], steps: int = 10, *, closed: bool = True) -> list[Point]:
    """A soft curve through the points (Catmull-Rom)."""
    count = len(points)
    found: list[Point] = []
    for place in range(count if closed else count - 1):
        if closed:
            before, here, then, after = (points[(place + shift) % count] for shift in (-1, 0, 1, 2))
        else:
            before, here = points[max(place - 1, 0)], points[place]
            then, after = points[place + 1], points[min(place + 2, count - 1)]
        found += [_between(before, here, then, after, step / steps) for step in range(steps)]
    return found if closed else [*found, points[-1]]


def _between(before: Point, here: Point, then: Point, after: Point, t: float) -> Point:
    def along(a: float, b: float, c: float, d: float) -> float:
        bend = (2 * a - 5 * b + 4 * c - d) * t * t + (3 * b - a - 3 * c + d) * t**3
        return 0.5 * (2 * b + (c - a) * t + bend)

    return along(before[0], here[0], then[0], after[0]), along(before[1], here[1], then[1], after[1])


class Canvas:
    """Draws at twice the size and halves at the end, which makes edges smooth."""

    def __init__(
        self,
        width: int,
        height: int,
        top: Colour,
        bottom: Colour,
        backdrop: Callable[[Canvas], None] | None = None,
    ) -> None:
        """`backdrop` draws what lies behind: a little out of focus, and with few pixels."""
        big = (width * 2, height * 2)
        self._scale, self._shift, self._flip = 1.0, (0.0, 0.0), False
        self._unit, self._coarse = big[0] / 100 / 4, 2
        self._image = _gradient((big[0] // 4, big[1] // 4), Shade(top, bottom, across=False))
        if backdrop is not None:
            backdrop(self)
        self._image = self._image.resize(big, Image.Resampling.BILINEAR)
        self._unit, self._coarse = big[0] / 100, 8

    def place(self, scale: float, shift: Point, *, flip: bool) -> None:
        """Where what is drawn from now on stands: scaled around (50, 95), moved, perhaps mirrored."""
        self._scale, self._shift, self._flip = scale, shift, flip

    def _px(self, point: Point) -> Point:
        x, y = point
        if self._flip:
            x = 100 - x
        x, y = 50 + (x - 50) * self._scale + self._shift[0], 95 + (y - 95) * self._scale + self._shift[1]
        return x * self._unit, y * self._unit

    def _length(self, units: float) -> float:
        return units * self._scale * self._unit

    def polygon(self, points: Iterable[Point], fill: Fill) -> None:
        spots = [self._px(point) for point in points]
        if not isinstance(fill, Shade):
            ImageDraw.Draw(self._image).polygon(spots, fill)
            return
        box = _box(spots)
        mask = Image.new("L", (box[2] - box[0], box[3] - box[1]), 0)
        ImageDraw.Draw(mask).polygon([(x - box[0], y - box[1]) for x, y in spots], 255)
        self._paste(mask, box, fill)

    def blob(self, points: Sequence[Point], fill: Fill) -> None:
        """A soft closed shape through the points."""
        self.polygon(smooth(points), fill)

    def rect(self, x: float, y: float, width: float, height: float, fill: Fill, radius: float = 0) -> None:
        (x0, y0), (x1, y1) = self._px((x, y)), self._px((x + width, y + height))
        left, right = min(x0, x1), max(x0, x1)
        self._ink([left, y0, right, y1], fill, self._length(radius), oval=False)

    def oval(self, x: float, y: float, rx: float, ry: float, fill: Fill) -> None:
        """An ellipse around (x, y)."""
        (cx, cy), wide, high = self._px((x, y)), self._length(rx), self._length(ry)
        self._ink([cx - wide, cy - high, cx + wide, cy + high], fill, 0, oval=True)

    def _ink(self, spot: list[float], fill: Fill, radius: float, *, oval: bool) -> None:
        if isinstance(fill, Shade):
            box = _box([(spot[0], spot[1]), (spot[2], spot[3])])
            mask = Image.new("L", (box[2] - box[0], box[3] - box[1]), 0)
            pen, ink = ImageDraw.Draw(mask), 255
            spot = [spot[0] - box[0], spot[1] - box[1], spot[2] - box[0], spot[3] - box[1]]
            self._figure(pen, spot, ink, radius, oval=oval)
            self._paste(mask, box, fill)
        else:
            self._figure(ImageDraw.Draw(self._image), spot, fill, radius, oval=oval)

    @staticmethod
    def _figure(pen: ImageDraw.ImageDraw, spot: list[float], ink: int | Colour, radius: float, *, oval: bool) -> None:
        if oval:
            pen.ellipse(spot, ink)
        else:
            pen.rounded_rectangle(spot, radius, ink)

    def line(self, points: Sequence[Point], width: float, colour: Colour) -> None:
        """Round ends and joints."""
        pen = ImageDraw.Draw(self._image)
        spots = [self._px(point) for point in points]
        thick = max(self._length(width), 1.0)
        pen.line(spots, colour, round(thick), joint="curve")
        for x, y in (spots[0], spots[-1]):
            pen.ellipse([x - thick / 2, y - thick / 2, x + thick / 2, y + thick / 2], colour)

    def curve(self, points: Sequence[Point], width: float, colour: Colour) -> None:
        """A soft line through the points."""
        self.line(smooth(points, closed=False), width, colour)

    def ring(self, x: float, y: float, rx: float, ry: float, width: float, colour: Colour) -> None:
        """An ellipse's outline; the line lies inside."""
        (cx, cy), wide, high = self._px((x, y)), self._length(rx), self._length(ry)
        ImageDraw.Draw(self._image).ellipse(
            [cx - wide, cy - high, cx + wide, cy + high], outline=colour, width=round(self._length(width))
        )

    def spokes(self, x: float, y: float, radius: float, count: int, width: float, colour: Colour) -> None:
        for turn in range(count):
            angle = math.tau * turn / count
            self.line([(x, y), (x + radius * math.cos(angle), y + radius * math.sin(angle))], width, colour)

    def glow(self, x: float, y: float, rx: float, ry: float, colour: Colour, strength: float) -> None:
        """A patch of light or shadow with soft edges."""
        self._soft([(x - rx, y - ry), (x + rx, y + ry)], colour, strength, min(rx, ry) * 0.9, oval=True)

    def beam(self, points: Sequence[Point], colour: Colour, strength: float, softness: float = 2) -> None:
        """Light that falls through a window."""
        self._soft(points, colour, strength, softness, oval=False)

    def _soft(self, points: Sequence[Point], colour: Colour, strength: float, softness: float, *, oval: bool) -> None:
        # Soft things need no detail: drawn at a part of the size, blurred there, stretched.
        small = self._coarse
        spots = [self._px(point) for point in points]
        margin = self._length(softness) * 2
        left, top, right, bottom = _box(spots)
        reach = math.ceil(margin)
        box = (left - reach, top - reach, right + reach, bottom + reach)
        size = (box[2] - box[0], box[3] - box[1])
        mask = Image.new("L", (max(size[0] // small, 2), max(size[1] // small, 2)), 0)
        inner = [((x - box[0]) / small, (y - box[1]) / small) for x, y in spots]
        pen, ink = ImageDraw.Draw(mask), round(255 * strength)
        if oval:
            (x0, y0), (x1, y1) = inner
            pen.ellipse([min(x0, x1), y0, max(x0, x1), y1], ink)
        else:
            pen.polygon(inner, ink)
        mask = mask.filter(ImageFilter.GaussianBlur(self._length(softness) / small / 1.6))
        self._image.paste(colour, box, mask.resize(size, Image.Resampling.BILINEAR))

    def _paste(self, mask: Image.Image, box: tuple[int, int, int, int], fill: Shade) -> None:
        self._image.paste(_gradient(mask.size, fill), box, mask)

    def jpeg(self, quality: int = 88) -> bytes:
        out = BytesIO()
        self._image.reduce(2).save(out, "JPEG", quality=quality)
        return out.getvalue()


def _gradient(size: tuple[int, int], shade: Shade) -> Image.Image:
    steps = Image.new("RGB", (3, 1) if shade.across else (1, 3))
    steps.putdata([shade.start, mix(shade.start, shade.end, 0.5), shade.end])
    return steps.resize(size, Image.Resampling.BILINEAR)


def _box(points: Sequence[Point]) -> tuple[int, int, int, int]:
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return math.floor(min(xs)), math.floor(min(ys)), math.ceil(max(xs)) + 1, math.ceil(max(ys)) + 1

"""Things of the house for the demo's pictures, drawn around x = 50 and standing on y = 95."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from app.demo.canvas import Canvas, Colour, Shade, darker, hanging, lighter, lit, mix

INK: Colour = (48, 42, 40)
STEEL: Colour = (176, 180, 184)
WOOD: Colour = (176, 124, 78)
CREAM: Colour = (246, 238, 224)


@dataclass(frozen=True, slots=True)
class Kit:
    """The colours of one picture."""

    main: Colour
    second: Colour
    accent: Colour
    random: Random


def mug(c: Canvas, k: Kit) -> None:
    c.ring(71, 72, 12, 13, 4.2, darker(k.main, 0.12))
    body = [(30, 52), (70, 52), (68.5, 86), (64, 94.5), (50, 96), (36, 94.5), (31.5, 86)]
    c.polygon([*body[:2], (69, 82), (66.5, 91), (60, 95.5), (40, 95.5), (33.5, 91), (31, 82)], lit(k.main))
    c.oval(50, 52, 20, 4.6, lighter(k.main, 0.3))
    c.oval(50, 52.6, 18, 3.6, (84, 54, 38))
    c.oval(46, 52.2, 9, 1.4, (122, 82, 56))
    c.rect(31, 70, 38, 5, lit(k.accent))
    c.glow(38, 66, 2.2, 12, CREAM, 0.45)
    for x in (44, 52, 58):
        c.curve([(x, 46), (x + 3, 41), (x - 1, 36), (x + 2, 30)], 0.9, lighter(k.second, 0.55))


def kettle(c: Canvas, k: Kit) -> None:
    c.polygon([(68, 72), (86, 52), (90, 54), (74, 84)], lit(darker(k.main, 0.1)))
    c.ring(50, 54, 22, 21, 3.4, INK)
    c.blob([(50, 55), (68, 60), (76, 78), (72, 94), (50, 96), (28, 94), (24, 78), (32, 60)], lit(k.main, 0.24))
    c.rect(28, 92, 44, 3.4, darker(k.main, 0.4), 1.5)
    c.oval(50, 59, 13, 3, darker(k.main, 0.2))
    c.oval(50, 57.6, 12, 2.8, lighter(k.main, 0.2))
    c.oval(50, 54, 3, 3, INK)
    c.glow(37, 74, 3, 10, CREAM, 0.55)


def pan(c: Canvas, k: Kit) -> None:
    c.line([(70, 76), (96, 66)], 4.4, WOOD)
    c.line([(70, 76), (78, 73)], 3, STEEL)
    c.polygon([(16, 72), (74, 72), (71, 88), (66, 94), (24, 94), (19, 88)], lit(k.main, 0.22))
    c.oval(45, 72, 29, 6.4, lighter(k.main, 0.35))
    c.oval(45, 72.6, 26.5, 5.2, darker(k.main, 0.55))
    for x, y, r in ((36, 71, 4), (50, 73, 5), (58, 70.5, 3.4), (43, 74, 3)):
        c.oval(x, y, r, r * 0.55, lit(k.accent, 0.2))
        c.oval(x - 0.8, y - 0.6, r * 0.3, r * 0.16, lighter(k.accent, 0.6))
    c.curve([(40, 62), (43, 56), (39, 50), (42, 44)], 1, lighter(k.second, 0.6))
    c.curve([(52, 62), (55, 57), (51, 52), (54, 47)], 1, lighter(k.second, 0.6))


def teapot(c: Canvas, k: Kit) -> None:
    c.ring(26, 74, 12, 14, 4, darker(k.main, 0.1))
    c.blob([(66, 80), (78, 74), (84, 60), (90, 60), (84, 80), (70, 90)], lit(k.main, 0.16))
    c.blob([(50, 56), (67, 62), (74, 78), (67, 93), (50, 96), (33, 93), (26, 78), (33, 62)], lit(k.main, 0.22))
    c.blob([(28, 80), (50, 84), (72, 80), (70, 86), (50, 90), (30, 86)], k.accent)
    c.oval(50, 59, 14, 4, lighter(k.main, 0.22))
    c.oval(50, 53.5, 3.4, 3.4, lit(k.accent))
    c.glow(39, 72, 3, 9, CREAM, 0.5)


def lamp(c: Canvas, k: Kit) -> None:
    c.glow(50, 64, 36, 30, (255, 232, 170), 0.6)
    c.oval(50, 93.5, 15, 3.4, darker(k.second, 0.25))
    c.oval(50, 92.4, 15, 3, lit(k.second))
    c.rect(48.6, 52, 2.8, 41, lit(k.second, 0.3))
    c.polygon([(36, 22), (64, 22), (76, 56), (24, 56)], Shade(lighter(k.main, 0.5), darker(k.main, 0.08)))
    c.oval(50, 56, 26, 4.6, (255, 240, 196))
    c.oval(50, 22, 14, 2.4, lighter(k.main, 0.45))
    c.line([(60, 57), (60, 70)], 0.5, INK)
    c.oval(60, 71, 1.2, 1.2, k.accent)


def chair(c: Canvas, k: Kit) -> None:
    wood = mix(WOOD, k.second, 0.2)
    for x, foot in ((33, 27), (67, 73)):
        c.line([(x, 66), (foot, 95)], 3, darker(wood, 0.15))
    c.line([(38, 66), (36, 91)], 2.6, darker(wood, 0.32))
    c.line([(62, 66), (64, 91)], 2.6, darker(wood, 0.32))
    c.line([(31, 30), (33, 64)], 2.8, wood)
    c.line([(69, 30), (67, 64)], 2.8, wood)
    c.blob([(29, 26), (50, 22), (71, 26), (71, 44), (50, 48), (29, 44)], lit(k.main, 0.2))
    c.polygon([(27, 62), (73, 62), (76, 68), (24, 68)], lit(k.main, 0.2))
    c.rect(24, 67.4, 52, 3.4, lit(darker(k.main, 0.25)), 1.7)
    c.glow(41, 33, 7, 4, CREAM, 0.3)


def armchair(c: Canvas, k: Kit) -> None:
    for x in (28, 70):
        c.line([(x, 86), (x - 1 if x < 50 else x + 1, 95)], 2.4, WOOD)
    c.blob([(30, 36), (50, 32), (70, 36), (73, 62), (50, 70), (27, 62)], lit(k.main, 0.2))
    c.rect(30, 62, 40, 14, hanging(lighter(k.main, 0.18)), 5)
    c.rect(26, 74, 48, 13, lit(darker(k.main, 0.12)), 4)
    c.rect(18, 54, 14, 34, lit(k.main, 0.22), 6.5)
    c.rect(68, 54, 14, 34, lit(darker(k.main, 0.1), 0.22), 6.5)
    c.polygon([(42, 46), (58, 43), (61, 58), (45, 61)], lit(k.accent, 0.15))


def table(c: Canvas, k: Kit) -> None:
    wood = mix(WOOD, k.main, 0.25)
    for x, foot in ((22, 16), (78, 84)):
        c.polygon([(x - 2, 66), (x + 2, 66), (foot + 1.2, 95), (foot - 1.2, 95)], lit(wood))
    c.line([(33, 66), (30, 90)], 2.4, darker(wood, 0.35))
    c.line([(67, 66), (70, 90)], 2.4, darker(wood, 0.35))
    c.rect(14, 62.5, 72, 5.4, lit(darker(wood, 0.2)), 1)
    c.polygon([(16, 57), (84, 57), (90, 63), (10, 63)], Shade(lighter(wood, 0.35), wood))
    c.rect(10, 62.6, 80, 2, lit(darker(wood, 0.08)), 1)
    vase(_Moved(c, -10, -35.5, 0.46), k)


def vase(c: Canvas | _Moved, k: Kit) -> None:
    stems = [((50, 56), (46, 44), (38, 32)), ((50, 56), (51, 40), (52, 22)), ((50, 56), (55, 44), (64, 30))]
    leaf = mix((96, 128, 88), k.second, 0.15)
    for stem in stems:
        c.curve(list(stem), 1.1, leaf)
    for (x, y), colour in zip(((38, 31), (52, 21), (64, 29)), (k.accent, lighter(k.accent, 0.3), k.main), strict=True):
        for dx, dy in ((-4, 0), (4, 0), (0, -4), (0, 4), (-3, -3), (3, 3), (3, -3), (-3, 3)):
            c.oval(x + dx, y + dy, 3.2, 3.2, mix(colour, CREAM, 0.12 if dx < 0 else 0))
        c.oval(x, y, 2.6, 2.6, (232, 186, 84))
    for x, y, side in ((44, 44, -1), (57, 46, 1)):
        c.blob([(x, y), (x + 7 * side, y - 5), (x + 12 * side, y - 2), (x + 6 * side, y + 2)], leaf)
    c.blob(
        [(44, 56), (56, 56), (55, 62), (64, 76), (60, 93), (50, 96), (40, 93), (36, 76), (45, 62)],
        lit(k.main, 0.24),
    )
    c.oval(50, 56.4, 6.4, 1.6, darker(k.main, 0.3))
    c.glow(43, 78, 2, 8, CREAM, 0.5)


def plant(c: Canvas, k: Kit) -> None:
    green = mix((74, 124, 84), k.second, 0.12)
    leaves = [
        (50, 70, 20, 40),
        (50, 70, 80, 38),
        (50, 70, 32, 22),
        (50, 70, 68, 20),
        (50, 70, 50, 12),
        (50, 72, 14, 60),
        (50, 72, 86, 58),
    ]
    for place, (x, y, tx, ty) in enumerate(leaves):
        tone = mix(green, (188, 208, 140), 0.12 * (place % 3))
        mx, my = (x + tx) / 2, (y + ty) / 2
        dx, dy = (ty - y) * 0.17, (x - tx) * 0.17
        c.blob([(x, y), (mx - dx, my - dy), (tx, ty), (mx + dx, my + dy)], lit(tone, 0.2))
        c.curve([(x, y), (mx, my), (tx * 0.92 + x * 0.08, ty * 0.92 + y * 0.08)], 0.5, lighter(tone, 0.35))
    c.polygon([(34, 70), (66, 70), (62, 95), (38, 95)], lit(k.main, 0.22))
    c.rect(32, 67, 36, 7, lit(lighter(k.main, 0.1), 0.22), 1.5)
    c.glow(41, 83, 1.8, 7, CREAM, 0.35)


def books(c: Canvas, k: Kit) -> None:
    tones = [k.main, k.accent, k.second, CREAM, darker(k.main, 0.35), lighter(k.accent, 0.35)]
    top = 95.0
    for place in range(k.random.randint(4, 6)):
        high = k.random.choice((7, 8.5, 10))
        wide = 46 + k.random.randint(0, 14)
        left = 50 - wide / 2 + k.random.randint(-4, 4)
        tone = tones[place % len(tones)]
        top -= high
        c.rect(left, top, wide, high, lit(tone, 0.16), 1.4)
        c.rect(left + wide - 4.5, top + 1, 5, high - 2, (250, 244, 230), 0.6)
        c.rect(left + 7, top + 1.2, 1.4, high - 2.4, lighter(tone, 0.5))
        c.rect(left + 12, top + high / 2 - 0.7, wide * 0.42, 1.4, lighter(tone, 0.55), 0.7)
    c.oval(44, top - 4.5, 9, 1.4, darker(k.second, 0.2))
    c.polygon([(36, top - 14), (52, top - 14), (50, top - 3), (38, top - 3)], lit(k.second, 0.22))
    c.oval(44, top - 14, 8, 1.7, lighter(k.second, 0.4))


def frame(c: Canvas, k: Kit) -> None:
    c.beam([(22, 26), (84, 26), (84, 92), (22, 92)], (40, 30, 26), 0.35, 3)
    c.rect(18, 20, 64, 72, lit(mix(WOOD, k.second, 0.15), 0.3), 1)
    c.rect(21.5, 23.5, 57, 65, CREAM)
    c.rect(28, 30, 44, 52, hanging(lighter(k.second, 0.55), 0.1))
    c.oval(59, 43, 6, 6, k.accent)
    c.polygon([(28, 66), (42, 52), (52, 61), (60, 55), (72, 66), (72, 82), (28, 82)], darker(k.main, 0.05))
    c.blob([(28, 74), (42, 68), (56, 74), (72, 70), (72, 82), (28, 82)], darker(k.main, 0.35))


def radio(c: Canvas, k: Kit) -> None:
    c.line([(70, 56), (84, 28)], 0.9, STEEL)
    c.ring(50, 58, 20, 9, 2.4, darker(k.second, 0.2))
    c.rect(18, 56, 64, 39, lit(k.main, 0.18), 6)
    c.rect(22, 60, 34, 31, hanging(darker(k.main, 0.4)), 3)
    for row in range(5):
        for column in range(6):
            c.oval(26.5 + column * 5, 64.5 + row * 5.6, 1.25, 1.25, lighter(k.main, 0.3))
    c.rect(60, 61, 18, 8, CREAM, 1.5)
    c.line([(70, 62), (70, 68)], 0.7, (200, 60, 40))
    for x in (64.5, 74):
        c.oval(x, 80, 4.6, 4.6, lit(CREAM, 0.2))
        c.line([(x, 80), (x + 1.6, 77)], 0.8, INK)


def toolbox(c: Canvas, k: Kit) -> None:
    c.line([(34, 66), (38, 46)], 2.6, STEEL)
    c.blob([(34, 44), (42, 40), (46, 46), (40, 48)], STEEL)
    c.line([(56, 66), (60, 38)], 3, WOOD)
    c.rect(51, 34, 19, 7, lit((92, 94, 100)), 1.4)
    c.ring(50, 64, 15, 13, 3, INK)
    c.rect(16, 62, 68, 33, lit(k.main, 0.2), 2.5)
    c.rect(16, 62, 68, 9, lit(darker(k.main, 0.18)), 2.5)
    for x in (28, 66):
        c.rect(x, 67, 6, 8, lit(STEEL), 1)
    c.rect(42, 80, 16, 6, CREAM, 1.2)


def box(c: Canvas, k: Kit) -> None:
    card: Colour = (202, 160, 112)
    c.polygon([(20, 56), (30, 46), (72, 46), (80, 56)], darker(card, 0.5))
    for x, y, r, tone in ((38, 50, 8, k.main), (52, 46, 9, k.accent), (64, 51, 7, k.second)):
        c.oval(x, y, r, r, lit(tone, 0.22))
    c.polygon([(20, 56), (80, 56), (77, 95), (23, 95)], lit(card, 0.16))
    c.polygon([(20, 56), (8, 63), (12, 68), (23, 62)], lighter(card, 0.2))
    c.polygon([(80, 56), (92, 63), (88, 68), (77, 62)], darker(card, 0.12))
    c.rect(46, 56, 8, 39, mix(card, CREAM, 0.3))
    c.oval(50, 76, 7, 7, k.main)
    c.blob([(50, 81), (45.5, 76), (46.5, 73), (50, 74.6), (53.5, 73), (54.5, 76)], CREAM)


class _Moved:
    """Draws a small thing, moved and scaled, onto another thing's canvas."""

    def __init__(self, canvas: Canvas, dx: float, dy: float, scale: float) -> None:
        self._canvas, self._dx, self._dy, self._scale = canvas, dx, dy, scale

    def _at(self, x: float, y: float) -> tuple[float, float]:
        return 50 + (x - 50) * self._scale + self._dx, 95 + (y - 95) * self._scale + self._dy

    def curve(self, points: list[tuple[float, float]], width: float, colour: Colour) -> None:
        self._canvas.curve([self._at(*point) for point in points], width * self._scale, colour)

    def blob(self, points: list[tuple[float, float]], fill: Colour | Shade) -> None:
        self._canvas.blob([self._at(*point) for point in points], fill)

    def oval(self, x: float, y: float, rx: float, ry: float, fill: Colour | Shade) -> None:
        self._canvas.oval(*self._at(x, y), rx * self._scale, ry * self._scale, fill)

    def glow(self, x: float, y: float, rx: float, ry: float, colour: Colour, strength: float) -> None:
        self._canvas.glow(*self._at(x, y), rx * self._scale, ry * self._scale, colour, strength)

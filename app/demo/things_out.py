"""Things for hands, feet and ears, and two places, for the demo's pictures."""

from __future__ import annotations

import math
from itertools import pairwise

from app.demo.canvas import Canvas, Colour, Point, Shade, darker, hanging, lighter, lit, mix
from app.demo.things_home import CREAM, INK, STEEL, WOOD, Kit


def bicycle(c: Canvas, k: Kit) -> None:
    for x in (26, 74):
        c.spokes(x, 77, 16.5, 14, 0.28, (150, 148, 146))
        c.ring(x, 77, 18.5, 18.5, 2.4, INK)
        c.ring(x, 77, 16.6, 16.6, 0.9, mix(WOOD, CREAM, 0.4))
        c.oval(x, 77, 1.8, 1.8, STEEL)
    tube = 2.1
    for points in (
        [(26, 77), (48, 78), (68, 52)],
        [(26, 77), (40, 52), (68, 52)],
        [(40, 49), (48, 78)],
        [(74, 77), (66, 44)],
    ):
        c.line(points, tube, k.main)
    c.line([(39.4, 50), (38, 44)], 1.5, STEEL)
    c.blob([(30, 42.5), (38, 41), (46, 42), (44, 45), (36, 46)], darker(WOOD, 0.25))
    c.curve([(66, 44), (65, 40), (70, 38), (76, 40), (76, 44)], 1.6, STEEL)
    c.line([(75, 43.6), (76, 46)], 2.4, darker(WOOD, 0.25))
    c.ring(48, 78, 5, 5, 1, (90, 90, 92))
    c.line([(48, 78), (52, 86)], 1.2, INK)
    c.line([(49, 86.4), (55, 86.4)], 1.6, INK)
    c.rect(68, 46, 18, 12, lit(mix(WOOD, CREAM, 0.3)), 2)
    for slat in (72, 76.5, 81):
        c.line([(slat, 47), (slat, 57)], 0.5, darker(WOOD, 0.2))


def camera(c: Canvas, k: Kit) -> None:
    c.curve([(19, 64), (8, 78), (14, 92), (30, 96)], 1.6, darker(WOOD, 0.2))
    c.rect(36, 48, 28, 14, lit(darker(STEEL, 0.1)), 3)
    c.rect(22, 53, 9, 6, lit(STEEL), 1.2)
    c.rect(18, 57, 64, 38, lit(k.main, 0.2), 5)
    c.rect(18, 57, 64, 8, lit(STEEL, 0.25), 3)
    c.rect(66, 60.5, 9, 5, (54, 58, 66), 1)
    for radius, fill in (
        (17.5, lit(STEEL, 0.3)),
        (15, lit(INK, 0.2)),
        (11, lit((60, 70, 88), 0.25)),
        (7, lit((30, 36, 52), 0.3)),
    ):
        c.oval(50, 78, radius, radius, fill)
    c.oval(46, 74, 3, 2.2, (196, 214, 232))
    c.oval(26, 70, 1.6, 1.6, k.accent)


def guitar(c: Canvas, k: Kit) -> None:
    c.line([(58, 50), (76, 10)], 3.6, darker(WOOD, 0.4))
    c.blob([(72, 13), (75, 3), (81, 5), (79, 15)], darker(WOOD, 0.3))
    body = [
        (44, 52),
        (55, 50),
        (61, 57),
        (60, 67),
        (68, 76),
        (66, 90),
        (52, 97),
        (36, 95),
        (28, 84),
        (31, 72),
        (38, 66),
        (38, 58),
    ]
    c.blob([(x + 1.3, y + 1) for x, y in body], darker(k.main, 0.5))
    c.blob(body, lit(k.main, 0.24))
    c.oval(51, 69, 6, 6, darker(WOOD, 0.6))
    c.ring(51, 69, 7.4, 7.4, 0.9, CREAM)
    c.line([(38.5, 86), (50, 90)], 2.2, darker(WOOD, 0.5))
    for shift in (-1.0, -0.35, 0.3, 0.95):
        c.line([(44.3 + shift, 88 + shift * 0.4), (75.5 + shift * 0.8, 12)], 0.22, (240, 232, 214))
    c.blob([(56, 76), (61, 78), (62, 86), (57, 84)], darker(k.main, 0.55))
    c.glow(38, 78, 3.5, 8, CREAM, 0.32)


def jacket(c: Canvas, k: Kit) -> None:
    c.curve([(50, 24), (50, 18), (54, 15), (51, 12)], 1, STEEL)
    c.line([(30, 32), (50, 23), (70, 32)], 1.6, WOOD)
    c.blob([(33, 32), (22, 40), (14, 66), (15, 82), (24, 84), (29, 62), (34, 50)], lit(darker(k.main, 0.06)))
    c.blob([(67, 32), (78, 40), (86, 66), (85, 82), (76, 84), (71, 62), (66, 50)], lit(darker(k.main, 0.18)))
    c.polygon([(34, 30), (44, 27), (56, 27), (66, 30), (71, 46), (70, 90), (30, 90), (29, 46)], lit(k.main, 0.16))
    c.polygon([(43, 27), (57, 27), (50, 48)], darker(k.second, 0.2))
    c.polygon([(43, 27), (38, 31), (46, 46), (50, 48)], lighter(k.main, 0.14))
    c.polygon([(57, 27), (62, 31), (54, 46), (50, 48)], darker(k.main, 0.1))
    c.line([(50, 48), (50, 89)], 0.7, darker(k.main, 0.45))
    for y in (54, 63, 72, 81):
        c.oval(52.4, y, 1.25, 1.25, lighter(k.accent, 0.2))
    for x in (33, 56):
        c.rect(x, 70, 11, 1.8, darker(k.main, 0.28), 0.8)
    c.rect(30, 87, 40, 3.4, darker(k.main, 0.22), 1)


def sneakers(c: Canvas, k: Kit) -> None:
    for dx, dy, tone in ((9, -10, darker(k.main, 0.22)), (-4, 0, k.main)):

        def at(points: list[tuple[float, float]], dx: float = dx, dy: float = dy) -> list[tuple[float, float]]:
            return [(x + dx, y + dy) for x, y in points]

        c.blob(
            at([(20, 66), (32, 63), (38, 70), (52, 74), (72, 80), (80, 86), (78, 91), (22, 91), (18, 80)]),
            lit(tone),
        )
        c.blob(at([(66, 80), (77, 83), (80, 88), (68, 90), (62, 86)]), lit(CREAM, 0.1))
        c.polygon(at([(34, 86), (44, 73), (49, 74), (42, 88)]), k.accent)
        c.rect(17 + dx, 88.6 + dy, 65, 6, lit(CREAM, 0.08), 3)
        c.rect(17 + dx, 92.6 + dy, 65, 1.1, darker(k.accent, 0.1), 0.5)
        for step in range(4):
            x, y = 43 + step * 5.4 + dx, 72.6 + step * 2 + dy
            c.line([(x, y), (x + 3.6, y - 3)], 1, CREAM)
        c.oval(26 + dx, 67 + dy, 6.4, 2, darker(tone, 0.5))


def backpack(c: Canvas, k: Kit) -> None:
    c.ring(50, 32, 9, 8, 2.4, darker(k.main, 0.35))
    for x in (20, 70):
        c.rect(x, 62, 11, 28, lit(darker(k.main, 0.2)), 5)
    c.blob(
        [(50, 30), (66, 34), (74, 52), (75, 90), (66, 96), (34, 96), (25, 90), (26, 52), (34, 34)],
        lit(k.main, 0.2),
    )
    c.blob([(32, 40), (50, 35), (68, 40), (72, 56), (50, 62), (28, 56)], lit(lighter(k.main, 0.1), 0.16))
    c.rect(32, 66, 36, 24, lit(darker(k.main, 0.08), 0.2), 5)
    c.line([(34, 71), (66, 71)], 0.9, CREAM)
    for x in (39, 61):
        c.rect(x - 1.7, 50, 3.4, 22, lit(mix(WOOD, k.accent, 0.3)), 1)
        c.rect(x - 2.2, 64, 4.4, 4, lit(STEEL), 1)
    c.oval(50, 80, 4, 4, k.accent)


def headphones(c: Canvas, k: Kit) -> None:
    arc = [(50 + 25 * math.cos(math.radians(a)), 70 + 34 * math.sin(math.radians(a))) for a in range(180, 361, 6)]
    c.line(arc, 5, darker(k.main, 0.2))
    c.line([(x * 0.93 + 3.5, y + 2.4) for x, y in arc[3:-3]], 2.6, mix(WOOD, CREAM, 0.3))
    for x, side in ((25, -1), (75, 1)):
        c.rect(x - 5 - 2 * side, 65, 10, 27, lit(INK, 0.2), 5)
        c.oval(x + 2.5 * side, 78.5, 8, 15, lit(k.main, 0.24))
        c.oval(x + 4 * side, 78.5, 4.4, 9, lit(lighter(k.main, 0.15), 0.2))
    c.curve([(28, 93), (34, 99), (52, 94), (66, 100), (84, 97)], 0.9, INK)


def record_player(c: Canvas, k: Kit) -> None:
    c.polygon([(22, 32), (84, 32), (88, 62), (14, 62)], Shade((226, 232, 232), (196, 206, 208)))
    c.polygon([(24, 34), (48, 34), (40, 60), (17, 60)], (240, 244, 244))
    c.polygon([(14, 64), (86, 64), (92, 84), (8, 84)], lit(mix(WOOD, k.main, 0.25), 0.18))
    c.rect(8, 83.6, 84, 11, lit(darker(mix(WOOD, k.main, 0.25), 0.25)), 2)
    c.oval(43, 74, 28, 8.6, INK)
    for radius in (24, 20, 16, 12):
        c.ring(43, 73.6, radius, radius * 0.3, 0.35, (92, 86, 84))
    c.oval(43, 73.4, 9, 2.8, k.accent)
    c.oval(43, 73.2, 1, 0.5, CREAM)
    c.oval(80, 69, 4, 1.6, STEEL)
    c.line([(80, 68), (76, 78), (62, 78)], 1.3, (226, 226, 224))
    c.rect(58, 76.8, 6, 2.6, INK, 0.6)
    for x in (74, 81):
        c.oval(x, 89, 2, 2, lit(STEEL, 0.3))


def tent(c: Canvas, k: Kit) -> None:
    c.polygon([(50, 34), (92, 94), (8, 94)], lit(k.main, 0.22))
    c.polygon([(50, 34), (92, 94), (68, 94)], darker(k.main, 0.28))
    c.polygon([(50, 44), (62, 94), (38, 94)], (62, 48, 44))
    c.polygon([(50, 44), (38, 94), (28, 94)], lit(lighter(k.accent, 0.25)))
    c.glow(50, 88, 7, 7, (255, 214, 130), 0.7)
    c.line([(8, 94), (2, 98)], 0.6, CREAM)
    c.line([(92, 94), (98, 98)], 0.6, CREAM)
    c.line([(50, 34), (50, 29)], 1, WOOD)


def watering_can(c: Canvas, k: Kit) -> None:
    c.ring(30, 68, 15, 18, 3, darker(k.main, 0.2))
    c.polygon([(62, 82), (86, 50), (90, 53), (66, 92)], lit(k.main, 0.2))
    c.polygon([(80, 48), (92, 44), (97, 54), (88, 60)], lit(lighter(k.main, 0.1)))
    for x, y in ((88, 49), (91, 53), (93, 49)):
        c.oval(x, y, 0.8, 0.8, INK)
    c.polygon([(32, 62), (66, 62), (70, 95), (28, 95)], lit(k.main, 0.22))
    c.oval(49, 62, 17, 4, darker(k.main, 0.4))
    c.rect(29, 74, 40, 3, lit(k.accent, 0.15))
    c.glow(39, 84, 2.2, 8, CREAM, 0.35)


def board_game(c: Canvas, k: Kit) -> None:
    c.polygon([(14, 74), (50, 62), (88, 76), (52, 92)], darker(WOOD, 0.35))
    c.polygon([(14, 72), (50, 60), (88, 74), (52, 90)], CREAM)
    for row in range(6):
        for column in range(6):
            if (row + column) % 2:
                a, b, s = column / 6, row / 6, 1 / 6

                def spot(u: float, v: float) -> tuple[float, float]:
                    return 14 + 36 * u + 38 * v, 72 - 12 * u + 18 * v - 4 * u * v

                c.polygon([spot(a, b), spot(a + s, b), spot(a + s, b + s), spot(a, b + s)], k.main)
    for x, y, tone in ((36, 70, k.accent), (54, 78, k.second), (66, 74, k.accent)):
        c.polygon([(x - 2.4, y), (x + 2.4, y), (x + 1, y - 9), (x - 1, y - 9)], lit(tone, 0.25))
        c.oval(x, y, 3.4, 1.4, darker(tone, 0.2))
        c.oval(x, y - 11, 2.6, 2.6, lit(tone, 0.25))
    c.rect(20, 84, 11, 11, lit(CREAM, 0.14), 2)
    for dot in ((23.4, 87.4), (25.5, 89.5), (27.6, 91.6)):
        c.oval(*dot, 0.95, 0.95, INK)


def skateboard(c: Canvas, k: Kit) -> None:
    c.blob([(8, 70), (20, 76), (80, 76), (92, 70), (90, 77), (78, 82), (22, 82), (10, 77)], lit(k.main, 0.2))
    c.rect(20, 76.4, 60, 1.4, lighter(k.accent, 0.2), 0.7)
    for x in (27, 73):
        c.rect(x - 5, 81.4, 10, 4, lit(STEEL, 0.3), 1)
        c.oval(x, 89, 5.6, 5.6, lit(k.accent, 0.2))
        c.oval(x, 89, 2, 2, CREAM)


def cafe(c: Canvas, k: Kit) -> None:
    c.rect(-10, -40, 120, 142, lit(lighter(k.second, 0.35), 0.1))
    c.rect(-10, 96, 120, 30, hanging((190, 178, 164), 0.12))
    for x in (-6, 18, 42, 66, 90):
        c.rect(x, 14, 16, 20, hanging((120, 140, 156), 0.3), 1)
        c.rect(x - 1, 34, 18, 2, CREAM)
    c.rect(14, 42, 72, 54, darker(k.main, 0.35), 1)
    c.rect(18, 58, 38, 30, hanging((255, 226, 160), 0.14))
    c.rect(62, 58, 18, 38, hanging(darker(k.main, 0.1), 0.1), 1)
    c.rect(65, 62, 12, 20, hanging((255, 232, 176), 0.1))
    for place in range(8):
        left = 12 + place * 9.5
        tone = CREAM if place % 2 else k.accent
        c.polygon([(left + 2, 44), (left + 11, 44), (left + 9.5, 56), (left, 56)], hanging(tone, 0.1))
        c.oval(left + 4.75, 56, 4.75, 3, tone)
    for x in (24, 46):
        c.rect(x - 0.5, 84, 1, 12, INK)
        c.oval(x, 84, 7, 1.5, WOOD)
    c.oval(82, 90, 5, 6, (88, 128, 88))
    c.rect(79, 92, 6, 5, WOOD, 1)


def hills(c: Canvas, k: Kit) -> None:
    c.oval(66, 34, 10, 10, lighter(k.accent, 0.3))
    c.glow(66, 34, 22, 22, lighter(k.accent, 0.6), 0.5)
    tones: list[Colour] = [
        mix(k.second, CREAM, 0.45),
        mix(k.main, k.second, 0.5),
        k.main,
        darker(k.main, 0.35),
    ]
    for place, tone in enumerate(tones):
        y = 50 + place * 17
        swing = -7 if place % 2 else 7
        ridge: list[Point] = [
            (-30, y + swing),
            (10, y - swing),
            (45, y + 4),
            (75, y - swing),
            (130, y + swing),
        ]
        c.polygon([*_ridge(ridge), (130, 160), (-30, 160)], hanging(tone, 0.12))
    for x, y, high in ((20, 104, 16), (27, 108, 20), (80, 106, 18)):
        c.polygon([(x, y - high), (x + 5, y), (x - 5, y)], darker(k.main, 0.6))


def _ridge(points: list[Point]) -> list[Point]:
    found = []
    for (x0, y0), (x1, y1) in pairwise(points):
        for step in range(12):
            t = step / 12
            ease = (1 - math.cos(math.pi * t)) / 2
            found.append((x0 + (x1 - x0) * t, y0 + (y1 - y0) * ease))
    return [*found, points[-1]]

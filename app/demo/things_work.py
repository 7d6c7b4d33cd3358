"""Tools of garden, sewing room and darkroom for the demo's pictures."""

from __future__ import annotations

import math

from app.demo.canvas import Canvas, Colour, darker, lighter, lit, mix
from app.demo.things_home import CREAM, INK, STEEL, WOOD, Kit

LEAF: Colour = (86, 130, 84)


def secateurs(c: Canvas, k: Kit) -> None:
    red: Colour = (188, 58, 46)
    c.curve([(48, 58), (36, 72), (24, 92)], 6.4, red)
    c.curve([(53, 58), (66, 70), (74, 92)], 6.4, darker(red, 0.14))
    c.curve([(40, 76), (50, 70), (60, 76)], 1, STEEL)
    c.blob([(46, 60), (40, 44), (42, 30), (50, 20), (53, 36), (54, 58)], lit(STEEL, 0.34))
    c.blob([(54, 60), (62, 50), (64, 36), (58, 26), (55, 40), (50, 56)], lit(darker(STEEL, 0.2), 0.3))
    c.oval(50.6, 58, 4, 4, lit(darker(STEEL, 0.3), 0.3))
    c.oval(50.6, 58, 1.5, 1.5, CREAM)
    c.curve([(72, 24), (76, 44), (86, 60)], 1, darker(LEAF, 0.2))
    for x, y, side in ((74, 34, 1), (77, 46, -1), (82, 54, 1)):
        c.blob([(x, y), (x + 6 * side, y - 5), (x + 10 * side, y - 3), (x + 5 * side, y + 2)], LEAF)


def seedlings(c: Canvas, k: Kit) -> None:
    earth: Colour = (92, 66, 50)
    for row, (y, count) in enumerate(((72, 3), (86, 3))):
        for place in range(count):
            x = 26 + place * 24 + row * 2 - 1
            c.polygon(
                [(x - 10, y - 7), (x + 10, y - 7), (x + 7.6, y + 9), (x - 7.6, y + 9)],
                lit((k.main, k.accent)[(place + row) % 2]),
            )
            c.oval(x, y - 7, 10, 2.4, earth)
            high = 16 + (place * 5 + row * 3) % 8
            c.curve([(x, y - 7), (x + 1, y - 7 - high / 2), (x - 0.6, y - 7 - high)], 0.9, LEAF)
            for up, side in ((0.5, 1), (0.62, -1), (1, 1), (1, -1)):
                lx, ly = x, y - 7 - high * up
                c.blob(
                    [(lx, ly), (lx + 4 * side, ly - 4), (lx + 8 * side, ly - 3), (lx + 4 * side, ly + 1)],
                    lighter(LEAF, 0.1),
                )


def sewing_machine(c: Canvas, k: Kit) -> None:
    c.rect(10, 86, 80, 9, lit(darker(k.main, 0.3)), 2)
    c.rect(62, 46, 20, 42, lit(k.main, 0.2), 3)
    c.rect(22, 42, 60, 16, lit(lighter(k.main, 0.1), 0.16), 5)
    c.rect(20, 44, 15, 26, lit(k.main, 0.2), 3)
    c.line([(27.5, 69), (27.5, 82)], 1.1, STEEL)
    c.rect(23, 81, 9, 2, lit(STEEL, 0.3), 0.6)
    c.rect(12, 83, 36, 3.6, lit(STEEL, 0.2), 0.8)
    c.polygon([(10, 80), (30, 82.4), (44, 82.4), (40, 88), (8, 92)], lit(k.accent, 0.14))
    c.oval(86, 56, 5, 9, lit(darker(k.main, 0.26), 0.26))
    c.rect(50, 34, 7, 8, lit(k.accent, 0.2), 1)
    c.line([(53.5, 31), (53.5, 35)], 0.9, STEEL)
    c.curve([(53, 36), (40, 34), (30, 44), (27.5, 68)], 0.4, k.accent)
    for y in (64, 72):
        c.oval(72, y, 3.2, 3.2, lit(CREAM, 0.16))


def spanners(c: Canvas, k: Kit) -> None:
    c.polygon([(10, 50), (90, 46), (92, 92), (8, 95)], lit(k.main, 0.16))
    c.polygon([(9, 76), (91, 73), (92, 92), (8, 95)], lit(darker(k.main, 0.14), 0.16))
    for place in range(6):
        x, top = 18 + place * 13, 42 - place * 2.4 + 10
        thick = 2.6 + place * 0.28
        c.line([(x, top), (x, 82)], thick, STEEL)
        c.oval(x, top - 3, thick * 1.7, thick * 1.7, lit(STEEL, 0.34))
        c.polygon(
            [
                (x - thick * 0.6, top - 9),
                (x + thick * 0.6, top - 9),
                (x + thick * 0.5, top - 2.4),
                (x - thick * 0.5, top - 2.4),
            ],
            darker(k.main, 0.3),
        )
    for place in range(6):
        x = 18 + place * 13
        c.rect(x - 5, 77 - place * 0.5, 10, 15, lit(darker(k.main, 0.06), 0.12), 0.8)
    c.curve([(8, 70), (4, 78), (10, 84)], 1.6, darker(WOOD, 0.2))


def plane(c: Canvas, k: Kit) -> None:
    """A hand plane with its curl of wood, a chisel beside it."""
    c.polygon([(14, 80), (84, 80), (88, 92), (10, 92)], lit(mix(WOOD, CREAM, 0.1), 0.22))
    c.rect(10, 90, 78, 4, darker(WOOD, 0.35))
    c.polygon([(44, 80), (54, 52), (60, 54), (54, 80)], lit(STEEL, 0.32))
    c.blob([(18, 80), (20, 68), (27, 64), (30, 72), (28, 80)], lit(darker(WOOD, 0.2), 0.22))
    c.blob([(66, 80), (68, 62), (76, 56), (80, 62), (76, 80)], lit(darker(WOOD, 0.2), 0.22))
    for radius in (6, 4.2, 2.4):
        c.ring(44, 74, radius, radius * 0.9, 0.9, lighter(WOOD, 0.45))
    c.polygon([(16, 98), (52, 101), (52, 104.6), (15, 101.6)], lit(STEEL, 0.3))
    c.blob([(52, 100), (70, 100), (82, 103), (70, 107.4), (52, 105.6)], lit(k.accent, 0.24))


def projector(c: Canvas, k: Kit) -> None:
    c.beam([(26, 66), (-4, 44), (-4, 96), (26, 76)], (255, 244, 206), 0.5, 2)
    c.rect(26, 54, 58, 34, lit(k.main, 0.2), 4)
    c.rect(15, 62, 14, 18, lit(INK, 0.24), 2)
    c.oval(15.6, 71, 3, 8, lit((160, 190, 214), 0.26))
    c.oval(60, 46, 23, 7, lit(darker(k.main, 0.34), 0.2))
    c.oval(60, 42, 23, 7, lit(darker(k.main, 0.2), 0.2))
    for turn in range(14):
        angle = math.tau * turn / 14
        x, y = 60 + 18 * math.cos(angle), 42 + 5.2 * math.sin(angle)
        c.rect(x - 1.2, y - 1.6, 2.4, 3, CREAM)
    for row in range(4):
        c.line([(56, 64 + row * 4.4), (78, 64 + row * 4.4)], 1, darker(k.main, 0.34))
    for x in (34, 74):
        c.rect(x, 88, 7, 7, lit(INK, 0.2), 1)


def enlarger(c: Canvas, k: Kit) -> None:
    c.rect(16, 89, 68, 6, lit(mix(WOOD, CREAM, 0.1), 0.2), 1)
    c.rect(34, 86, 40, 3.4, (250, 248, 240))
    c.beam([(50, 60), (56, 60), (70, 87), (37, 87)], (255, 236, 190), 0.5, 1.6)
    c.line([(26, 89), (26, 14)], 3.4, STEEL)
    c.rect(25, 40, 24, 6, lit(INK, 0.2), 1)
    c.polygon([(43, 20), (63, 20), (67, 40), (39, 40)], lit(k.main, 0.22))
    c.oval(53, 20, 10, 5, lit(darker(k.main, 0.1), 0.22))
    c.rect(38, 40, 30, 4, lit(STEEL, 0.3), 0.8)
    for row in range(4):
        c.rect(43 + row * 0.8, 44 + row * 2.6, 20 - row * 1.6, 2.2, lit(INK, 0.14), 1)
    c.rect(48, 54, 10, 6, lit(STEEL, 0.3), 1)
    c.oval(26, 50, 3.4, 3.4, lit(INK, 0.24))

"""Things of kitchen and larder for the demo's pictures, drawn around x = 50 and standing on y = 95."""

from __future__ import annotations

from app.demo.canvas import Canvas, Colour, Point, Shade, darker, hanging, lighter, lit, mix
from app.demo.things_home import CREAM, INK, STEEL, WOOD, Kit

COFFEE: Colour = (84, 54, 38)
HONEY: Colour = (222, 150, 44)
GLASS: Colour = (226, 236, 234)


def dripper(c: Canvas, k: Kit) -> None:
    """A coffee dripper on its glass server."""
    c.ring(76, 82, 9, 9, 2.6, darker(GLASS, 0.2))
    c.polygon([(36, 70), (64, 70), (74, 84), (72, 94), (28, 94), (26, 84)], lit(GLASS, 0.16))
    c.polygon([(27.5, 84), (72.5, 84), (70.5, 92.6), (29.5, 92.6)], lit(COFFEE, 0.2))
    c.rect(36, 66, 28, 4.4, lit(darker(k.main, 0.1)), 1)
    c.oval(50, 64, 21, 3.4, lit(lighter(k.main, 0.1)))
    c.ring(77, 50, 8, 8, 2.8, darker(k.main, 0.15))
    c.polygon([(24, 38), (76, 38), (56, 63), (44, 63)], lit(k.main, 0.22))
    for x in (33, 41, 50, 59, 67):
        c.line([(x, 41), (50 + (x - 50) * 0.3, 61)], 0.7, lighter(k.main, 0.28))
    c.oval(50, 38, 26, 5, lighter(k.main, 0.35))
    c.oval(50, 38.8, 23.4, 4, CREAM)
    c.oval(50, 39.6, 16, 2.6, COFFEE)
    for x in (44, 53):
        c.curve([(x, 32), (x + 3, 27), (x - 1, 22), (x + 2, 16)], 0.9, lighter(k.second, 0.55))


def coffee_maker(c: Canvas, k: Kit) -> None:
    c.rect(22, 89, 60, 6, lit(darker(k.main, 0.2)), 1.4)
    c.rect(22, 30, 15, 60, lit(k.main, 0.2), 1.6)
    c.polygon([(24, 24), (66, 24), (66, 31), (24, 31)], lit(darker(k.main, 0.12)))
    c.rect(23, 33, 13, 30, hanging(mix(GLASS, (120, 150, 170), 0.3), 0.16), 1)
    c.rect(23, 46, 13, 17, hanging((150, 182, 202), 0.14), 1)
    c.polygon([(48, 31), (74, 31), (68, 55), (54, 55)], lit(INK, 0.12))
    c.rect(46, 28, 30, 4, lit(lighter(INK, 0.1)), 1)
    c.rect(46, 86, 32, 3.6, lit(STEEL, 0.2), 1)
    c.ring(81, 73, 7, 9, 2.4, INK)
    c.polygon([(52, 59), (72, 59), (79, 72), (77, 86), (47, 86), (45, 72)], lit(GLASS, 0.16))
    c.polygon([(45.6, 71), (78.4, 71), (76, 84.8), (48, 84.8)], lit(COFFEE, 0.2))
    c.rect(51, 57, 22, 3.4, INK, 1)
    c.oval(29.5, 78, 2.4, 2.4, k.accent)
    c.glow(51, 76, 1.6, 7, CREAM, 0.5)


def grinder(c: Canvas, k: Kit) -> None:
    c.line([(50, 36), (78, 30)], 2.2, darker(STEEL, 0.25))
    c.oval(80, 26, 3.6, 4.4, lit(WOOD, 0.25))
    c.line([(79, 30), (80, 26)], 1.6, STEEL)
    c.oval(50, 37, 4, 3, lit(STEEL, 0.3))
    c.blob([(32, 58), (36, 44), (50, 39), (64, 44), (68, 58)], lit(mix(STEEL, (196, 150, 70), 0.4), 0.3))
    c.rect(26, 57, 48, 5, lit(darker(k.main, 0.3)), 1.4)
    c.rect(28, 61, 44, 29, lit(k.main, 0.2), 1)
    c.rect(24, 89, 52, 6, lit(darker(k.main, 0.3)), 1.4)
    c.rect(34, 71, 32, 15, lit(lighter(k.main, 0.14), 0.14), 1)
    c.oval(50, 78.5, 2.6, 2.6, lit((214, 178, 96), 0.3))
    for x, y in ((15, 93.6), (19, 91.4), (84, 93.4), (88, 92), (81, 91)):
        c.oval(x, y, 2.3, 1.6, lit(COFFEE, 0.25))


def coffee_bag(c: Canvas, k: Kit) -> None:
    c.polygon([(30, 36), (70, 36), (74, 95), (26, 95)], lit(k.main, 0.18))
    c.polygon([(30, 36), (36, 40), (34, 95), (26, 95)], lighter(k.main, 0.14))
    c.polygon([(70, 36), (64, 40), (67, 95), (74, 95)], darker(k.main, 0.2))
    c.rect(29, 28, 42, 9, lit(darker(k.main, 0.14)), 1)
    c.line([(30, 32.5), (70, 32.5)], 1, lighter(k.main, 0.3))
    c.rect(36, 52, 28, 30, CREAM, 1.4)
    c.oval(50, 62, 5.4, 7, lit(COFFEE, 0.24))
    c.curve([(51.6, 55.6), (48.6, 60), (51.4, 64), (48.6, 68.4)], 0.9, CREAM)
    c.rect(40, 73, 20, 1.4, k.accent, 0.7)
    c.rect(43, 76.6, 14, 1.1, darker(CREAM, 0.35), 0.5)
    for x, y in ((16, 93), (20, 90.6), (83, 93.6), (87, 91)):
        c.oval(x, y, 2.7, 1.9, lit(COFFEE, 0.25))


def filters(c: Canvas, k: Kit) -> None:
    for place in range(7):
        x = 33 + place * 2.2
        c.polygon([(x, 32 + place * 0.5), (x + 30, 32 + place * 0.5), (x + 21, 66), (x + 9, 66)], lit(CREAM, 0.05))
        c.line([(x, 32 + place * 0.5), (x + 9, 66)], 0.4, darker(CREAM, 0.25))
    c.polygon([(24, 56), (76, 56), (74, 95), (26, 95)], lit(k.main, 0.18))
    c.polygon([(34, 64), (66, 64), (57, 86), (43, 86)], CREAM)
    c.line([(39, 68), (47, 84)], 0.5, darker(CREAM, 0.2))
    c.rect(24, 56, 52, 3, darker(k.main, 0.2))
    c.rect(40, 89, 20, 1.6, lighter(k.accent, 0.2), 0.8)


def jar(c: Canvas, k: Kit) -> None:
    """A jar with dough that has risen over its rubber band."""
    _glass(c, 26, 74, 44)
    c.polygon([(28.6, 58), (71.4, 58), (71, 90), (68, 93), (32, 93), (29, 90)], lit((238, 222, 190), 0.12))
    c.blob([(28.8, 60), (38, 54), (50, 57), (62, 53), (71.2, 60), (71, 66), (29, 66)], (244, 230, 202))
    for x, y, r in (
        (36, 70, 2),
        (46, 78, 2.6),
        (57, 69, 1.7),
        (64, 80, 2.2),
        (38, 84, 1.5),
        (54, 87, 1.6),
        (60, 61, 1.4),
    ):
        c.oval(x, y, r, r * 0.85, darker((238, 222, 190), 0.12))
    c.rect(27, 73, 46, 2.4, k.accent)
    c.polygon([(24, 30), (76, 30), (80, 46), (70, 44), (60, 47), (50, 44), (40, 47), (30, 44), (20, 46)], lit(k.main))
    c.rect(27, 41, 46, 2, darker(WOOD, 0.1), 1)
    c.glow(35, 70, 1.8, 14, CREAM, 0.5)


def honey(c: Canvas, k: Kit) -> None:
    _glass(c, 26, 74, 44)
    c.polygon([(28.6, 51), (71.4, 51), (71, 90), (68, 93), (32, 93), (29, 90)], lit(HONEY, 0.24))
    c.rect(25, 34, 50, 10, lit((206, 170, 92), 0.24), 1.6)
    c.rect(33, 60, 34, 22, CREAM, 1.6)
    for x, y in ((44, 67), (50, 70.4), (56, 67), (50, 63.6)):
        hexagon = [
            (x + 3.2, y),
            (x + 1.6, y + 2.8),
            (x - 1.6, y + 2.8),
            (x - 3.2, y),
            (x - 1.6, y - 2.8),
            (x + 1.6, y - 2.8),
        ]
        c.polygon(hexagon, lit(HONEY, 0.14))
    c.rect(41, 76.4, 18, 1.5, k.main, 0.7)
    c.line([(82, 95), (92, 60)], 1.8, lighter(WOOD, 0.1))
    c.oval(82.4, 91, 3.8, 5.4, lit(WOOD, 0.2))
    for y in (88, 91, 94):
        c.line([(78.8, y), (86, y - 0.6)], 0.6, darker(WOOD, 0.35))
    c.glow(35, 72, 1.8, 14, CREAM, 0.55)


def jars(c: Canvas, k: Kit) -> None:
    for x, tone in ((30, k.main), (70, k.accent)):
        c.rect(x - 15, 36, 30, 30, lit(mix(tone, CREAM, 0.15), 0.2), 3)
        c.rect(x - 15, 34, 30, 6, lit(GLASS, 0.1), 2)
        c.rect(x - 13, 29, 26, 6, lit(GLASS, 0.14), 1.6)
        c.ring(x, 36, 16, 4, 1.4, (206, 110, 60))
    c.rect(8, 65, 84, 2.4, lit(WOOD, 0.2), 0.8)
    for x, tone in ((24, k.accent), (50, (120, 60, 74)), (76, k.main)):
        c.rect(x - 12.5, 72, 25, 23, lit(tone, 0.2), 2.6)
        c.rect(x - 12.5, 71, 25, 4.4, lit(GLASS, 0.1), 1.6)
        c.rect(x - 11, 67.4, 22, 4.6, lit(GLASS, 0.14), 1.4)
        c.rect(x - 7, 81, 14, 8, CREAM, 0.8)
        c.rect(x - 4.6, 84.4, 9.2, 1.1, darker(CREAM, 0.4), 0.5)


def knife(c: Canvas, k: Kit) -> None:
    c.polygon([(6, 80), (92, 70), (96, 92), (10, 97)], lit(WOOD, 0.2))
    c.polygon([(6, 80), (10, 97), (10, 99), (6, 83)], darker(WOOD, 0.4))
    for near, far in (((9, 85), (93, 76)), ((9.6, 91), (94.6, 84))):
        c.line([near, far], 0.4, darker(WOOD, 0.16))
    c.polygon([(12, 80), (60, 63), (65, 72), (52, 79), (34, 83.4)], Shade((238, 240, 242), (160, 166, 174)))
    c.polygon([(12, 80), (65, 72), (52, 79), (34, 83.4)], (214, 218, 224))
    c.polygon([(60, 63), (63, 62), (67, 71), (65, 72)], lit(STEEL, 0.3))
    c.blob([(63, 62.4), (74, 58), (91, 51), (94, 56), (88, 62), (76, 66), (66.6, 70.6)], lit(k.main, 0.22))
    for x, y in ((71, 63.6), (79, 60.4), (87, 57)):
        c.oval(x, y, 1, 1, (214, 190, 120))
    c.blob([(70, 88), (74, 83.6), (80, 84), (82, 88), (77, 91), (72, 91)], lit(k.accent, 0.2))
    c.blob([(79, 83), (84, 79), (86, 82), (82, 85)], (104, 142, 84))


def pot(c: Canvas, k: Kit) -> None:
    for x in (18, 82):
        c.ring(x, 68, 8, 5.4, 3, darker(k.main, 0.24))
    c.polygon([(20, 60), (80, 60), (78.6, 86), (72, 94), (28, 94), (21.4, 86)], lit(k.main, 0.24))
    c.oval(50, 94, 22, 2, darker(k.main, 0.4))
    c.rect(18.4, 58.6, 63.2, 4, lit(lighter(k.main, 0.1)), 1.8)
    c.blob(
        [(20, 58), (34, 49), (50, 46.6), (66, 49), (80, 58), (66, 60.4), (34, 60.4)], lit(darker(k.main, 0.06), 0.24)
    )
    c.rect(47.4, 41, 5.2, 6, INK, 1)
    c.oval(50, 40.6, 6, 3, lit((206, 172, 96), 0.3))
    c.glow(35, 74, 2.4, 10, CREAM, 0.42)


def basket(c: Canvas, k: Kit) -> None:
    cane: Colour = (196, 150, 92)
    for x, y, rx, ry, tilt in ((36, 60, 12, 9, 0.2), (60, 58, 15, 10, 0), (50, 62, 12, 8, 0.1)):
        c.oval(x, y, rx, ry, lit(mix((204, 140, 76), CREAM, tilt), 0.24))
        for cut in (-5, 0, 5):
            c.line([(x + cut - 1.6, y - 3.4), (x + cut + 1.8, y - 6.4)], 0.9, (244, 220, 176))
    c.polygon([(17, 66), (83, 66), (75, 95), (25, 95)], lit(cane, 0.2))
    for row in range(5):
        level = 70.6 + row * 5.2
        for column in range(9):
            left = 22 + column * 6.6 + (3.2 if row % 2 else 0)
            c.curve([(left, level), (left + 2.4, level - 1.6), (left + 5, level)], 1.3, darker(cane, 0.26))
    c.rect(14.6, 63.4, 70.8, 5.4, lit(darker(cane, 0.12), 0.2), 2.7)
    c.polygon([(60, 65), (78, 65), (74, 80), (66, 76), (62, 82)], lit(k.main, 0.16))


def thermos(c: Canvas, k: Kit) -> None:
    c.rect(37, 44, 26, 51, lit(k.main, 0.26), 4)
    c.rect(37, 86, 26, 9, lit(STEEL, 0.3), 3)
    c.rect(39, 38, 22, 7, lit(STEEL, 0.3), 1)
    c.rect(36.4, 20, 27.2, 20, lit(darker(k.main, 0.14), 0.26), 3)
    c.rect(37, 58, 26, 2, lighter(k.accent, 0.2))
    c.glow(43, 66, 1.7, 18, CREAM, 0.55)
    c.ring(81, 86, 5, 5, 1.8, STEEL)
    c.polygon([(66, 78), (80, 78), (78.6, 95), (67.4, 95)], lit(STEEL, 0.3))
    c.oval(73, 78, 7, 1.9, COFFEE)


def stove(c: Canvas, k: Kit) -> None:
    """A spirit stove in its windshield, the pot on top."""
    metal: Colour = (186, 190, 194)
    c.curve([(66, 52), (80, 47), (95, 45)], 1.9, INK)
    c.polygon([(30, 42), (70, 42), (68, 66), (32, 66)], lit(metal, 0.26))
    c.oval(50, 42, 20, 4, lighter(metal, 0.35))
    c.oval(50, 42.8, 18, 3.2, (112, 134, 146))
    c.polygon([(20, 60), (80, 60), (72, 82), (28, 82)], lit(darker(metal, 0.06), 0.28))
    c.oval(50, 60, 30, 4, darker(metal, 0.3))
    c.polygon([(32, 49), (68, 49), (67, 61), (33, 61)], lit(metal, 0.26))
    c.polygon([(28, 80), (72, 80), (78, 95), (22, 95)], lit(darker(metal, 0.14), 0.28))
    for x in (32, 41, 50, 59, 68):
        c.oval(x, 88.4, 1.7, 1.7, INK)
    c.glow(50, 86, 12, 4, (255, 190, 100), 0.55)
    c.curve([(44, 35), (47, 30), (43, 25), (46, 19)], 0.9, lighter(k.second, 0.55))
    c.curve([(55, 35), (58, 30), (54, 25), (57, 19)], 0.9, lighter(k.second, 0.55))


def tea_bowl(c: Canvas, k: Kit) -> None:
    glaze: Colour = (158, 190, 168)
    c.blob([(24, 58), (76, 58), (70, 80), (58, 91), (42, 91), (30, 80)], lit(glaze, 0.2))
    c.polygon([(40, 89), (60, 89), (58, 95), (42, 95)], lit(darker(glaze, 0.3), 0.2))
    c.oval(50, 58, 26.4, 5.6, lighter(glaze, 0.4))
    c.oval(50, 58.9, 23.6, 4.5, (132, 142, 72))
    for x, y in ((34, 70), (46, 80), (61, 72), (55, 84)):
        c.curve([(x, y), (x + 3, y + 2), (x + 2, y + 5)], 0.3, darker(glaze, 0.22))
    c.glow(36, 70, 2.2, 8, CREAM, 0.5)
    c.curve([(47, 50), (50, 45), (46, 40), (49, 34)], 0.9, lighter(k.second, 0.55))


def cups(c: Canvas, k: Kit) -> None:
    for x, y, tone in ((32, 72, k.second), (68, 72, k.accent), (50, 88, k.main)):
        c.oval(x, y + 5.6, 17, 3.2, lit(darker(CREAM, 0.1), 0.12))
        c.oval(x, y + 4.6, 11, 1.8, darker(CREAM, 0.22))
        c.ring(x + 11.6, y - 6, 5, 5.4, 2, darker(tone, 0.14))
        bowl: list[Point] = [
            (x - 11, y - 14),
            (x + 11, y - 14),
            (x + 8, y + 2),
            (x + 4, y + 5),
            (x - 4, y + 5),
            (x - 8, y + 2),
        ]
        c.polygon(bowl, lit(tone, 0.22))
        c.oval(x, y - 14, 11, 2.6, lighter(tone, 0.4))
        c.oval(x, y - 13.6, 9.4, 1.9, COFFEE)
        c.oval(x - 1.4, y - 13.8, 5, 0.9, (176, 122, 74))


def _glass(c: Canvas, left: float, right: float, top: float) -> None:
    c.polygon(
        [
            (left + 3, top),
            (right - 3, top),
            (right, top + 7),
            (right, 90),
            (right - 4, 95),
            (left + 4, 95),
            (left, 90),
            (left, top + 7),
        ],
        lit(GLASS, 0.14),
    )

"""Things for children and the road, and a town's shops and pool, for the demo's pictures."""

from __future__ import annotations

import math

from app.demo.canvas import Canvas, Shade, darker, hanging, lighter, lit, mix
from app.demo.things_home import CREAM, INK, STEEL, WOOD, Kit


def pram(c: Canvas, k: Kit) -> None:
    c.curve([(72, 60), (86, 46), (93, 43)], 2.2, INK)
    c.line([(90, 44.6), (95, 42)], 3, darker(WOOD, 0.1))
    c.line([(30, 72), (72, 88)], 1.6, STEEL)
    c.line([(70, 72), (28, 88)], 1.6, STEEL)
    c.blob([(18, 56), (76, 56), (74, 68), (62, 76), (34, 76), (22, 70)], lit(k.main, 0.22))
    c.polygon([(18, 56), (20, 42), (28, 30), (40, 25), (50, 27), (48, 56)], lit(darker(k.main, 0.1), 0.22))
    for tip in ((26, 33), (37, 26)):
        c.line([(47, 56), tip], 0.8, darker(k.main, 0.35))
    c.rect(47, 51, 29, 6.4, lit(lighter(k.main, 0.2), 0.14), 2.6)
    for x in (30, 70):
        c.spokes(x, 84, 9.6, 10, 0.4, (150, 148, 146))
        c.ring(x, 84, 11, 11, 2, INK)
        c.oval(x, 84, 1.8, 1.8, STEEL)


def stool(c: Canvas, k: Kit) -> None:
    wood = mix(WOOD, CREAM, 0.16)
    for x, foot, tone in ((44, 40, 0.34), (57, 61, 0.34), (33, 25, 0.08), (67, 75, 0.16)):
        c.polygon([(x - 2.2, 58), (x + 2.2, 58), (foot + 1.5, 95), (foot - 1.5, 95)], darker(wood, tone))
    c.line([(30, 80), (70, 80)], 1.7, darker(wood, 0.16))
    c.oval(50, 58.6, 29, 6.6, darker(wood, 0.3))
    c.oval(50, 55.6, 29, 6.6, lit(wood, 0.2))
    for radius in (21, 14, 7):
        c.ring(48, 55.4, radius, radius * 0.22, 0.3, darker(wood, 0.14))


def high_chair(c: Canvas, k: Kit) -> None:
    wood = mix(WOOD, k.main, 0.12)
    c.line([(66, 40), (76, 94)], 3.2, darker(wood, 0.2))
    c.line([(38, 40), (24, 94)], 3.2, wood)
    c.line([(60, 40), (66, 94)], 3, darker(wood, 0.3))
    c.line([(46, 40), (38, 94)], 3, darker(wood, 0.24))
    c.rect(36, 20, 29, 9, lit(wood, 0.2), 3.4)
    c.rect(37, 33, 28, 6, lit(wood, 0.2), 2.4)
    c.line([(38, 22), (40, 56)], 2.8, wood)
    c.line([(63, 22), (64, 56)], 2.8, darker(wood, 0.16))
    c.polygon([(30, 46), (74, 46), (78, 52), (26, 52)], lit(lighter(k.main, 0.3), 0.16))
    c.rect(33, 60, 37, 4.6, lit(k.accent, 0.16), 2)
    c.rect(28, 78, 46, 4, lit(wood, 0.2), 1.6)


def pannier(c: Canvas, k: Kit) -> None:
    c.ring(50, 40, 12, 8, 2.2, INK)
    for x in (34, 62):
        c.polygon([(x, 36), (x + 4, 36), (x + 4, 46), (x, 46)], lit(INK, 0.2))
    c.polygon([(26, 48), (74, 48), (78, 92), (72, 96), (28, 96), (22, 92)], lit(k.main, 0.2))
    c.rect(25, 42, 50, 13, lit(darker(k.main, 0.12), 0.2), 6)
    for x in (34, 66):
        c.rect(x - 1.6, 44, 3.2, 26, INK)
        c.rect(x - 2.6, 62, 5.2, 4.6, lit((80, 82, 86), 0.24), 1)
    c.blob([(50, 70), (58, 76), (56, 86), (44, 86), (42, 76)], lighter(k.accent, 0.2))
    c.glow(32, 76, 2.2, 12, CREAM, 0.3)


def bag(c: Canvas, k: Kit) -> None:
    """A messenger bag with its strap."""
    c.curve([(20, 60), (26, 26), (50, 14), (74, 26), (80, 60)], 3, darker(k.main, 0.34))
    c.rect(16, 54, 68, 41, lit(darker(k.main, 0.1), 0.2), 4)
    c.polygon([(16, 54), (84, 54), (86, 78), (78, 84), (22, 84), (14, 78)], lit(k.main, 0.2))
    c.rect(16, 53, 68, 4, lit(lighter(k.main, 0.14)), 2)
    for x in (32, 68):
        c.rect(x - 2.2, 70, 4.4, 18, lit(mix(WOOD, k.accent, 0.3), 0.2), 1)
        c.rect(x - 3, 82, 6, 5, lit(STEEL, 0.3), 1)


def saddle(c: Canvas, k: Kit) -> None:
    leather = mix((150, 86, 46), k.main, 0.15)
    c.rect(47.5, 70, 5, 25, lit(STEEL, 0.3), 1)
    c.curve([(28, 68), (40, 72), (60, 72), (86, 62)], 1.4, STEEL)
    for x in (24, 34):
        for turn in range(3):
            c.ring(x, 64 + turn * 3.4, 4, 2.2, 0.9, STEEL)
    c.blob(
        [(12, 56), (20, 47), (36, 48), (58, 54), (82, 54), (92, 58), (84, 63), (58, 64), (34, 66), (16, 66)],
        lit(leather, 0.26),
    )
    c.curve([(22, 52), (40, 53), (60, 57), (84, 57)], 0.7, lighter(leather, 0.3))
    for x, y in ((18, 55), (22, 58), (20, 61.6), (86, 58.4)):
        c.oval(x, y, 1.1, 1.1, (216, 180, 100))


def boots(c: Canvas, k: Kit) -> None:
    for dx, dy, tone in ((13, -8, darker(k.main, 0.24)), (-4, 0, k.main)):
        leg = [(26, 40), (48, 40), (50, 62), (62, 72), (74, 78), (78, 86), (76, 90), (24, 90), (22, 70)]
        c.polygon([(x + dx, y + dy) for x, y in leg], lit(tone, 0.22))
        c.rect(20 + dx, 88 + dy, 60, 7, lit(darker(WOOD, 0.5), 0.1), 2)
        for tread in range(7):
            c.rect(23 + tread * 8 + dx, 93 + dy, 4, 2.4, INK)
        c.rect(24 + dx, 37 + dy, 26, 6, lit(lighter(tone, 0.2), 0.14), 2.6)
        for step in range(5):
            y = 50 + step * 5 + dy
            x = 42 + step * 2.6 + dx
            c.line([(x - 6, y), (x + 4, y + 1.6)], 1, lighter(k.accent, 0.3))
        c.blob([(66 + dx, 76 + dy), (76 + dx, 80 + dy), (77 + dx, 88 + dy), (62 + dx, 88 + dy)], darker(tone, 0.2))


def sweater(c: Canvas, k: Kit) -> None:
    for points in (
        [(34, 34), (22, 42), (12, 72), (18, 84), (26, 80), (32, 60)],
        [(66, 34), (78, 42), (88, 72), (82, 84), (74, 80), (68, 60)],
    ):
        c.blob(points, lit(darker(k.main, 0.1)))
    c.polygon([(34, 32), (42, 29), (58, 29), (66, 32), (70, 50), (69, 88), (31, 88), (30, 50)], lit(k.main, 0.16))
    for radius, tone in ((26, CREAM), (20, k.accent), (14, CREAM)):
        for turn in range(9):
            angle = math.pi * (0.14 + 0.09 * turn)
            x, y = 50 + radius * math.cos(angle) * 0.82, 30 + radius * math.sin(angle)
            c.polygon([(x, y - 2.6), (x + 2, y), (x, y + 2.6), (x - 2, y)], tone)
    c.oval(50, 29.6, 9.4, 3.6, darker(k.main, 0.4))
    c.ring(50, 29.6, 10.4, 4.4, 1.8, lighter(k.main, 0.2))
    c.rect(31, 84, 38, 6, lit(darker(k.main, 0.2)), 1)
    for x in range(33, 69, 3):
        c.line([(x, 85), (x, 89)], 0.4, darker(k.main, 0.4))


def lantern(c: Canvas, k: Kit) -> None:
    c.line([(50, 0), (50, 26)], 0.6, INK)
    c.glow(50, 56, 46, 44, (255, 230, 170), 0.6)
    c.oval(50, 56, 30, 30, Shade((255, 246, 222), (240, 206, 150)))
    for row in range(-4, 5):
        half = 30 * math.sqrt(1 - (row * 6.2 / 30) ** 2) if abs(row * 6.2) < 30 else 0
        c.curve(
            [(50 - half, 56 + row * 6.2), (50, 58.4 + row * 6.2), (50 + half, 56 + row * 6.2)], 0.35, (222, 186, 130)
        )
    c.rect(42, 25, 16, 3, lit(INK, 0.2), 1)
    c.rect(43, 84.4, 14, 2.4, lit(INK, 0.2), 1)


def tooth(c: Canvas, k: Kit) -> None:
    """What hangs before a dentist's door."""
    c.line([(50, 4), (50, 24)], 1, INK)
    c.line([(20, 8), (80, 8)], 2.2, INK)
    enamel = [
        (28, 36),
        (38, 27),
        (50, 31),
        (62, 27),
        (72, 36),
        (71, 54),
        (66, 66),
        (63, 84),
        (57, 88),
        (54, 70),
        (50, 64),
        (46, 70),
        (43, 88),
        (37, 84),
        (34, 66),
        (29, 54),
    ]
    c.blob([(x + 1.4, y + 1.2) for x, y in enamel], darker(k.second, 0.3))
    c.blob(enamel, lit((250, 247, 238), 0.1))
    c.curve([(38, 36), (50, 40), (62, 36)], 1, (222, 216, 202))
    c.glow(36, 46, 2.4, 8, (255, 255, 255), 0.8)


def basin(c: Canvas, k: Kit) -> None:
    """A swimming hall: lanes under tall windows."""
    c.rect(-10, -40, 120, 100, lit(mix((232, 236, 232), k.second, 0.12), 0.06))
    for x in (4, 28, 52, 76):
        c.rect(x, 8, 20, 44, hanging((196, 222, 236), 0.18), 1)
        c.line([(x + 10, 8), (x + 10, 52)], 0.6, CREAM)
    c.polygon([(-12, 58), (112, 58), (112, 66), (-12, 66)], lit(CREAM, 0.06))
    c.polygon([(-12, 65), (112, 65), (130, 140), (-30, 140)], hanging((86, 164, 186), 0.24))
    for near, far in ((4, 30), (38, 45), (66, 57), (100, 72)):
        for step in range(12):
            t = step / 12
            c.oval(far + (near - far) * t, 66 + 60 * t, 0.7 + 1.1 * t, 0.5 + 0.8 * t, k.accent if step % 2 else CREAM)
    for x, y in ((52, 84), (22, 96), (80, 92)):
        c.curve([(x - 6, y), (x - 2, y - 1.2), (x + 2, y), (x + 6, y - 1.2)], 0.7, (222, 240, 244))
    c.oval(51, 80, 2.8, 2.8, (222, 176, 142))
    c.blob([(48, 79), (51, 76.4), (54, 79), (51, 79.8)], k.main)


def van(c: Canvas, k: Kit) -> None:
    c.rect(6, 44, 58, 42, lit(CREAM, 0.1), 2)
    c.rect(6, 66, 58, 6, k.main)
    c.blob([(62, 54), (76, 54), (86, 66), (94, 70), (94, 86), (62, 86)], lit(k.main, 0.2))
    c.polygon([(66, 57), (75, 57), (83, 67), (66, 67)], lit((176, 204, 218), 0.2))
    c.rect(6, 84, 88, 4, darker(k.main, 0.4), 1)
    c.oval(92, 77, 2, 2.6, (255, 232, 160))
    c.line([(20, 48), (20, 84)], 0.4, darker(CREAM, 0.25))
    c.rect(28, 52, 24, 10, lit((202, 160, 112), 0.12), 1)
    c.line([(40, 52), (40, 62)], 1.4, mix((202, 160, 112), CREAM, 0.4))
    for x in (24, 76):
        c.oval(x, 87, 8, 8, INK)
        c.oval(x, 87, 3.6, 3.6, lit(STEEL, 0.3))


def bookshop(c: Canvas, k: Kit) -> None:
    _front(c, k)
    for row in range(3):
        y = 58 + row * 11
        x = 20.0
        while x < 53:
            wide, high = k.random.uniform(1.6, 3), k.random.uniform(6.4, 9)
            c.rect(
                x,
                y + 9.4 - high,
                wide,
                high,
                k.random.choice((k.main, k.accent, k.second, CREAM, darker(k.accent, 0.3))),
            )
            x += wide + 0.3
        c.rect(18, y + 9.4, 38, 1.2, WOOD)
    c.rect(20, 90, 26, 6, lit(WOOD, 0.2), 1)
    for x in range(22, 44, 3):
        c.rect(x, 86 + x % 2, 2.2, 6, (k.main, k.accent, CREAM)[x % 3])


def workshop(c: Canvas, k: Kit) -> None:
    _front(c, k)
    for x, y, radius in ((30, 74, 9), (46, 68, 7)):
        c.spokes(x, y, radius, 12, 0.3, (120, 112, 100))
        c.ring(x, y, radius + 0.8, radius + 0.8, 1.2, INK)
    for x in (22, 27):
        c.line([(x, 58), (x, 66)], 1.2, STEEL)
    c.spokes(84, 88, 8, 12, 0.3, (130, 126, 122))
    c.ring(84, 88, 9, 9, 1.4, INK)


def darkroom(c: Canvas, k: Kit) -> None:
    c.rect(-10, -40, 120, 170, hanging((84, 24, 22), 0.3))
    c.glow(50, 8, 46, 30, (255, 96, 70), 0.6)
    c.rect(42, 4, 16, 8, (255, 132, 96), 3)
    c.line([(4, 34), (96, 30)], 0.6, INK)
    for x, tilt in ((16, 2), (38, -1), (60, 1), (80, -2)):
        c.polygon([(x, 34), (x + 14, 33), (x + 14 + tilt, 54), (x + tilt, 55)], (236, 168, 142))
        c.polygon([(x + 2, 50), (x + 6, 42), (x + 9, 46), (x + 12, 40), (x + 12.4, 52), (x + 2.4, 53)], (122, 48, 42))
        c.rect(x + 6, 31, 1.6, 4, WOOD)
    c.rect(-10, 78, 120, 50, hanging((70, 30, 26), 0.3))
    for x in (8, 38, 68):
        c.polygon([(x, 84), (x + 24, 84), (x + 27, 96), (x - 3, 96)], (222, 118, 92))
        c.polygon([(x + 2, 86), (x + 22, 86), (x + 24, 93), (x, 93)], (150, 50, 42))


def _front(c: Canvas, k: Kit) -> None:
    """A shop's front: sign, window, door."""
    c.rect(-10, -40, 120, 142, lit(lighter(k.second, 0.35), 0.1))
    c.rect(-10, 96, 120, 30, hanging((190, 178, 164), 0.12))
    for x in (-6, 18, 42, 66, 90):
        c.rect(x, 8, 16, 20, hanging((120, 140, 156), 0.3), 1)
        c.rect(x - 1, 28, 18, 2, CREAM)
    c.rect(14, 40, 72, 56, darker(k.main, 0.35), 1)
    c.rect(14, 40, 72, 10, lit(k.main, 0.14), 1)
    c.rect(34, 44, 32, 2.2, CREAM, 1.1)
    c.rect(18, 54, 38, 36, hanging((255, 226, 160), 0.14))
    c.rect(62, 54, 18, 42, hanging(darker(k.main, 0.1), 0.1), 1)
    c.rect(65, 58, 12, 22, hanging((255, 232, 176), 0.1))
    c.oval(64.4, 84, 1, 1, (222, 190, 110))

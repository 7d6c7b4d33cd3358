"""Instruments, and what plays music, for the demo's pictures."""

from __future__ import annotations

from app.demo.canvas import Canvas, Colour, darker, hanging, lighter, lit, mix
from app.demo.things_home import CREAM, INK, STEEL, WOOD, Kit


def violin(c: Canvas, k: Kit) -> None:
    wood: Colour = (170, 90, 42)
    c.line([(84, 24), (90, 94)], 0.9, darker(WOOD, 0.3))
    c.line([(86.4, 24), (92.4, 94)], 0.4, (240, 232, 214))
    c.line([(50, 50), (50, 12)], 4, INK)
    c.blob([(47, 12), (48, 4), (54, 4), (54, 9), (52, 13)], darker(wood, 0.2))
    for y in (9, 13):
        c.line([(44, y), (56, y)], 1.4, INK)
    body = [
        (50, 40),
        (60, 43),
        (62, 52),
        (57, 61),
        (58, 66),
        (66, 76),
        (64, 90),
        (50, 96),
        (36, 90),
        (34, 76),
        (42, 66),
        (43, 61),
        (38, 52),
        (40, 43),
    ]
    c.blob([(x + 1.2, y + 0.8) for x, y in body], darker(wood, 0.5))
    c.blob(body, lit(wood, 0.26))
    for side in (-1, 1):
        c.curve([(50 + 6 * side, 62), (50 + 8 * side, 67), (50 + 7 * side, 73), (50 + 9.4 * side, 78)], 0.9, INK)
    c.polygon([(48, 44), (52, 44), (53, 64), (47, 64)], INK)
    c.rect(43.6, 72, 12.8, 1.8, (236, 212, 160), 0.6)
    c.polygon([(47, 80), (53, 80), (51.6, 93), (48.4, 93)], INK)
    for shift in (-1.3, -0.45, 0.45, 1.3):
        c.line([(50 + shift * 0.7, 14), (50 + shift * 1.5, 82)], 0.22, (240, 232, 214))
    c.glow(41, 82, 2.6, 7, CREAM, 0.35)


def ukulele(c: Canvas, k: Kit) -> None:
    wood = mix(WOOD, k.main, 0.2)
    c.line([(50, 56), (50, 22)], 4, darker(wood, 0.4))
    c.polygon([(46, 22), (54, 22), (55, 9), (45, 9)], lit(darker(wood, 0.3)))
    for x in (43.4, 56.6):
        for y in (12, 18):
            c.oval(x, y, 1.4, 1.4, CREAM)
    body = [
        (50, 52),
        (61, 54),
        (62, 64),
        (60, 70),
        (68, 80),
        (62, 94),
        (50, 96),
        (38, 94),
        (32, 80),
        (40, 70),
        (38, 64),
        (39, 54),
    ]
    c.blob([(x + 1.2, y + 0.8) for x, y in body], darker(wood, 0.5))
    c.blob(body, lit(wood, 0.24))
    c.oval(50, 69, 5.6, 5.6, darker(wood, 0.65))
    c.ring(50, 69, 6.8, 6.8, 0.8, CREAM)
    c.rect(43, 84, 14, 2.2, darker(wood, 0.55), 0.8)
    for shift in (-1.4, -0.5, 0.5, 1.4):
        c.line([(50 + shift, 22), (50 + shift, 85)], 0.24, (244, 238, 222))


def piano(c: Canvas, k: Kit) -> None:
    c.polygon([(14, 34), (86, 34), (86, 40), (14, 40)], lit(darker(k.main, 0.2)))
    c.rect(16, 40, 68, 24, lit(k.main, 0.2))
    c.rect(36, 44, 28, 15, CREAM, 0.8)
    for row in range(4):
        c.line([(39, 47 + row * 3), (61, 47 + row * 3)], 0.35, darker(CREAM, 0.5))
    for x, y in ((42, 49.6), (47, 52.4), (52, 48.6), (57, 55)):
        c.oval(x, y, 1.1, 0.8, INK)
    _keys(c, 12, 64, 76, 9)
    c.rect(10, 73, 80, 4, lit(darker(k.main, 0.2)), 0.8)
    c.rect(18, 77, 64, 14, lit(darker(k.main, 0.1), 0.2))
    for x in (13, 79):
        c.rect(x, 77, 8, 18, lit(darker(k.main, 0.24)), 0.8)
    for x in (45, 50, 55):
        c.oval(x, 91.6, 1.6, 0.9, (214, 178, 96))


def synthesizer(c: Canvas, k: Kit) -> None:
    c.polygon([(8, 62), (92, 62), (96, 74), (4, 74)], lit(k.main, 0.16))
    for place in range(6):
        x = 22 + place * 9
        c.oval(x, 67.4, 2.7, 2, lit(INK, 0.2))
        c.line([(x, 67.2), (x + 1.2, 66)], 0.5, CREAM)
    c.rect(74, 64.6, 14, 6, hanging((120, 170, 150), 0.2), 0.8)
    _keys(c, 5, 74, 90, 13)
    c.rect(4, 87, 92, 6, lit(darker(k.main, 0.3)), 1)


def loudspeaker(c: Canvas, k: Kit) -> None:
    for x, tone in ((64, 0.14), (36, 0.0)):
        wood = darker(mix(WOOD, k.main, 0.24), tone)
        c.rect(x - 18, 40 - tone * 30, 36, 55, lit(wood, 0.2), 1.6)
        c.rect(x - 15, 43 - tone * 30, 30, 49, hanging((58, 52, 50), 0.12), 1)
        top = -tone * 30
        for y, radius in ((54 + top, 6), (76 + top, 12)):
            c.oval(x, y, radius, radius, lit(INK, 0.3))
            c.ring(x, y, radius, radius, 0.9, STEEL)
            c.oval(x, y, radius * 0.34, radius * 0.34, lit(k.accent, 0.3))


def records(c: Canvas, k: Kit) -> None:
    c.oval(70, 58, 24, 24, INK)
    for radius in (20, 16, 12):
        c.ring(70, 58, radius, radius, 0.35, (96, 90, 88))
    c.oval(70, 58, 7, 7, k.accent)
    c.oval(70, 58, 1, 1, CREAM)
    tones = [k.second, CREAM, k.accent, darker(k.main, 0.3), lighter(k.main, 0.35), k.main]
    for place, tone in enumerate(tones):
        x = 14 + place * 2.4
        c.polygon([(x, 40 + place), (x + 42, 38 + place), (x + 42, 94), (x, 94)], lit(tone, 0.12))
    c.oval(47, 70, 12, 12, lighter(k.accent, 0.25))
    c.polygon([(34, 86), (44, 66), (52, 78), (58, 70), (66, 86)], darker(k.main, 0.3))
    c.rect(10, 74, 60, 21, lit(mix(WOOD, CREAM, 0.2), 0.18), 1)
    c.rect(32, 80, 16, 4, darker(WOOD, 0.35), 2)


def _keys(c: Canvas, left: float, top: float, wide: float, high: float) -> None:
    count = 14
    each = wide / count
    c.rect(left, top, wide, high, (250, 246, 236))
    for place in range(1, count):
        c.line([(left + each * place, top), (left + each * place, top + high)], 0.3, (150, 140, 130))
        if place % 7 not in (0, 3):
            c.rect(left + each * place - each * 0.28, top, each * 0.56, high * 0.6, INK)

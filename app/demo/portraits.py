"""Friendly abstract faces for the demo's members."""

from __future__ import annotations

from random import Random

from app.demo.canvas import Canvas, Colour, darker, hanging, lighter, lit, mix

SIZE = (320, 320)

_SKINS: tuple[Colour, ...] = (
    (250, 218, 192),
    (240, 196, 162),
    (224, 172, 132),
    (198, 140, 100),
    (160, 106, 74),
    (120, 78, 56),
    (88, 58, 44),
)
_HAIR: tuple[Colour, ...] = (
    (40, 30, 28),
    (62, 42, 32),
    (96, 62, 40),
    (150, 96, 52),
    (206, 160, 92),
    (178, 84, 46),
    (168, 164, 160),
    (226, 222, 214),
)
_CLOTHES: tuple[Colour, ...] = (
    (31, 107, 82),
    (196, 85, 45),
    (70, 98, 132),
    (176, 123, 18),
    (120, 74, 110),
    (60, 66, 72),
    (226, 204, 176),
    (90, 124, 90),
)
_WALLS: tuple[Colour, ...] = (
    (223, 231, 216),
    (243, 220, 201),
    (213, 223, 234),
    (238, 227, 185),
    (228, 214, 226),
    (206, 222, 218),
    (244, 214, 206),
)
_SMILE: Colour = (150, 62, 54)


def draw_portrait(seed: int) -> bytes:
    """A JPEG of an invented person; same seed, same face."""
    random = Random(f"portrait/{seed}")
    wall, skin = random.choice(_WALLS), random.choice(_SKINS)
    hair = random.choice(_HAIR[:4] if sum(skin) < 420 and random.random() < 0.85 else _HAIR)
    clothes = random.choice([one for one in _CLOTHES if abs(sum(one) - sum(wall)) > 90])
    canvas = Canvas(
        *SIZE,
        lighter(wall, 0.4),
        darker(wall, 0.06),
        lambda far: far.glow(30, 30, 50, 45, lighter(wall, 0.7), 0.7),
    )
    # The canvas counts 0…100 across; a square shows 0…100 down as well.
    style = random.choice(("long", "bob", "short", "curly", "bun", "bald", "scarf", "swept"))
    cloth = random.choice(_CLOTHES)
    _behind(canvas, style, hair, cloth)
    _body(canvas, random, skin, clothes)
    _head(canvas, skin)
    _face(canvas, random, skin, hair, beard=style in {"short", "bald", "swept"} and random.random() < 0.45)
    _front(canvas, style, hair, cloth)
    if random.random() < 0.28:
        _glasses(canvas, darker(random.choice(_CLOTHES), 0.5))
    return canvas.jpeg(90)


def _behind(c: Canvas, style: str, hair: Colour, cloth: Colour) -> None:
    if style == "long":
        c.blob(
            [(50, 14), (72, 22), (78, 50), (80, 84), (50, 88), (20, 84), (22, 50), (28, 22)],
            lit(darker(hair, 0.15)),
        )
    elif style == "bob":
        c.blob(
            [(50, 15), (73, 24), (78, 50), (74, 66), (50, 68), (26, 66), (22, 50), (27, 24)],
            lit(darker(hair, 0.15)),
        )
    elif style == "curly":
        for x, y, r in (
            (30, 34, 13),
            (70, 34, 13),
            (26, 48, 11),
            (74, 48, 11),
            (50, 24, 18),
            (38, 24, 13),
            (62, 24, 13),
        ):
            c.oval(x, y, r, r, lit(hair, 0.12))
    elif style == "bun":
        c.oval(50, 13, 10, 9, lit(hair))
    elif style == "scarf":
        c.blob(
            [(50, 12), (73, 22), (79, 50), (84, 90), (50, 96), (16, 90), (21, 50), (27, 22)],
            lit(darker(cloth, 0.15)),
        )


def _body(c: Canvas, random: Random, skin: Colour, clothes: Colour) -> None:
    c.blob([(50, 74), (70, 78), (88, 88), (94, 112), (50, 120), (6, 112), (12, 88), (30, 78)], lit(clothes, 0.16))
    c.polygon([(42, 62), (58, 62), (59, 78), (50, 84), (41, 78)], darker(skin, 0.14))
    neckline = random.choice(("round", "v", "collar"))
    if neckline == "round":
        c.oval(50, 77, 12, 6, darker(skin, 0.06))
    elif neckline == "v":
        c.polygon([(39, 76), (61, 76), (50, 92)], darker(skin, 0.04))
    else:
        c.polygon([(39, 74), (50, 84), (42, 92), (33, 79)], lighter(clothes, 0.4))
        c.polygon([(61, 74), (50, 84), (58, 92), (67, 79)], lighter(clothes, 0.28))


def _head(c: Canvas, skin: Colour) -> None:
    for x in (29.5, 70.5):
        c.oval(x, 47, 4.2, 5.6, darker(skin, 0.1))
    c.blob(
        [
            (50, 19),
            (66, 24),
            (71, 42),
            (67, 58),
            (57, 68.5),
            (50, 70),
            (43, 68.5),
            (33, 58),
            (29, 42),
            (34, 24),
        ],
        lit(skin, 0.07),
    )
    for x in (37, 63):
        c.glow(x, 54, 5, 3.6, (226, 110, 92), 0.26)


def _face(c: Canvas, random: Random, skin: Colour, hair: Colour, *, beard: bool) -> None:
    eye = random.choice(((52, 40, 34), (60, 80, 96), (66, 84, 58)))
    happy = random.random() < 0.3
    for x in (41, 59):
        if happy:
            c.curve([(x - 3.4, 46.6), (x, 44.2), (x + 3.4, 46.6)], 1.3, darker(eye, 0.3))
        else:
            c.oval(x, 45.6, 3.2, 2.6, (252, 248, 242))
            c.oval(x, 45.6, 2.1, 2.3, eye)
            c.oval(x + 0.7, 44.9, 0.7, 0.7, (255, 255, 255))
            c.curve([(x - 3.6, 44.6), (x, 42.8), (x + 3.6, 44.6)], 0.8, darker(skin, 0.65))
        brow = darker(mix(hair, skin, 0.25), 0.25)
        c.curve([(x - 4.4, 39.6), (x, 37.8), (x + 4.4, 39.4)], 1.3, brow)
    c.curve([(50, 46), (48.2, 53), (51.4, 54.2)], 1, darker(skin, 0.22))
    if beard:
        tone = mix(hair, skin, 0.12)
        c.blob(
            [
                (32, 52),
                (39, 57),
                (50, 55.4),
                (61, 57),
                (68, 52),
                (65, 64),
                (57, 71.6),
                (50, 73),
                (43, 71.6),
                (35, 64),
            ],
            tone,
        )
    smile = random.choice(("open", "soft", "wide"))
    if smile == "open":
        c.blob([(42.5, 59), (50, 60.4), (57.5, 59), (54.6, 64.4), (50, 66), (45.4, 64.4)], _SMILE)
        c.blob([(44, 59.6), (50, 60.6), (56, 59.6), (54, 61.8), (46, 61.8)], (255, 252, 246))
    else:
        wide = 7.6 if smile == "wide" else 5.4
        c.curve(
            [(50 - wide, 59.6), (50 - wide / 2, 62), (50, 62.8), (50 + wide / 2, 62), (50 + wide, 59.6)],
            1.3,
            _SMILE,
        )


def _front(c: Canvas, style: str, hair: Colour, cloth: Colour) -> None:
    shade = hanging(hair, 0.14)
    if style in {"long", "bob"}:
        c.blob(
            [
                (50, 16),
                (68, 22),
                (72, 42),
                (68, 36),
                (58, 28),
                (46, 26),
                (36, 34),
                (28, 44),
                (29, 26),
                (38, 18),
            ],
            shade,
        )
    elif style == "short":
        c.blob(
            [
                (50, 14),
                (66, 18),
                (72, 34),
                (70, 40),
                (66, 30),
                (52, 27),
                (36, 29),
                (30, 40),
                (28, 33),
                (34, 18),
            ],
            shade,
        )
    elif style == "swept":
        c.blob(
            [
                (44, 13),
                (62, 12),
                (74, 22),
                (72, 40),
                (67, 32),
                (58, 30),
                (40, 26),
                (32, 32),
                (29, 40),
                (28, 28),
            ],
            shade,
        )
    elif style == "curly":
        for x, y, r in ((36, 25, 8), (46, 22, 9), (56, 22, 9), (65, 26, 8), (30, 33, 6), (70, 33, 6)):
            c.oval(x, y, r, r * 0.9, shade)
    elif style == "bun":
        c.blob([(50, 15), (66, 20), (72, 38), (66, 31), (50, 25), (34, 31), (28, 38), (34, 20)], shade)
    elif style == "scarf":
        c.blob(
            [
                (50, 13),
                (68, 20),
                (74, 44),
                (70, 40),
                (62, 28),
                (50, 25),
                (38, 28),
                (30, 40),
                (26, 44),
                (32, 20),
            ],
            hanging(cloth),
        )
        c.blob([(28, 56), (36, 66), (50, 72), (64, 66), (72, 56), (80, 84), (50, 92), (20, 84)], hanging(cloth))


def _glasses(c: Canvas, colour: Colour) -> None:
    for x in (41, 59):
        c.ring(x, 46, 7, 6, 1, colour)
    c.line([(48, 45.4), (52, 45.4)], 1, colour)
    c.line([(34, 45), (30, 43.6)], 1, colour)
    c.line([(66, 45), (70, 43.6)], 1, colour)

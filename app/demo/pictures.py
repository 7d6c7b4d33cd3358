"""Drawn pictures for the demo community: a thing on a table in soft light, and friendly faces."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from app.demo import things_home as home
from app.demo import things_kitchen as kitchen
from app.demo import things_music as music
from app.demo import things_out as out
from app.demo import things_town as town
from app.demo import things_work as work
from app.demo.canvas import Canvas, Colour, darker, lighter, mix
from app.demo.portraits import draw_portrait
from app.demo.things_home import Kit

__all__ = ["THINGS", "draw_object", "draw_portrait"]

SIZE = (640, 800)

THINGS: dict[str, Callable[[Canvas, Kit], None]] = {
    "armchair": home.armchair,
    "backpack": out.backpack,
    "bag": town.bag,
    "basin": town.basin,
    "basket": kitchen.basket,
    "bicycle": out.bicycle,
    "board_game": out.board_game,
    "books": home.books,
    "bookshop": town.bookshop,
    "boots": town.boots,
    "box": home.box,
    "cafe": out.cafe,
    "camera": out.camera,
    "chair": home.chair,
    "coffee_bag": kitchen.coffee_bag,
    "coffee_maker": kitchen.coffee_maker,
    "cups": kitchen.cups,
    "darkroom": town.darkroom,
    "dripper": kitchen.dripper,
    "enlarger": work.enlarger,
    "filters": kitchen.filters,
    "frame": home.frame,
    "grinder": kitchen.grinder,
    "guitar": out.guitar,
    "headphones": out.headphones,
    "high_chair": town.high_chair,
    "hills": out.hills,
    "honey": kitchen.honey,
    "jacket": out.jacket,
    "jar": kitchen.jar,
    "jars": kitchen.jars,
    "kettle": home.kettle,
    "knife": kitchen.knife,
    "lamp": home.lamp,
    "lantern": town.lantern,
    "loudspeaker": music.loudspeaker,
    "mug": home.mug,
    "pan": home.pan,
    "pannier": town.pannier,
    "piano": music.piano,
    "plane": work.plane,
    "plant": home.plant,
    "pot": kitchen.pot,
    "pram": town.pram,
    "projector": work.projector,
    "radio": home.radio,
    "record_player": out.record_player,
    "records": music.records,
    "saddle": town.saddle,
    "secateurs": work.secateurs,
    "seedlings": work.seedlings,
    "sewing_machine": work.sewing_machine,
    "skateboard": out.skateboard,
    "sneakers": out.sneakers,
    "spanners": work.spanners,
    "stool": town.stool,
    "stove": kitchen.stove,
    "sweater": town.sweater,
    "synthesizer": music.synthesizer,
    "table": home.table,
    "tea_bowl": kitchen.tea_bowl,
    "teapot": home.teapot,
    "tent": out.tent,
    "thermos": kitchen.thermos,
    "toolbox": home.toolbox,
    "tooth": town.tooth,
    "ukulele": music.ukulele,
    "van": town.van,
    "vase": home.vase,
    "violin": music.violin,
    "watering_can": out.watering_can,
    "workshop": town.workshop,
}
_FRONTS = frozenset({"bookshop", "cafe", "workshop"})
_SCENES = _FRONTS | {"basin", "darkroom", "hills"}
_SCALES = {"guitar": 0.9, "plant": 0.95, "violin": 0.9, "board_game": 1.12, "skateboard": 1.08}
_NEVER_TURNED = frozenset({"books", "camera", "frame", "piano"})
_ON_THE_WALL = frozenset({"frame", "jacket", "lantern", "sweater", "tooth"})

# Wall, floor, thing, second, accent: chosen so that the thing stands out from its wall.
_Palette = tuple[Colour, Colour, Colour, Colour, Colour]
_PALETTES: tuple[_Palette, ...] = (
    ((223, 231, 216), (196, 178, 150), (196, 85, 45), (47, 107, 88), (226, 176, 84)),
    ((243, 220, 201), (206, 160, 124), (45, 104, 96), (160, 82, 60), (236, 196, 110)),
    ((213, 223, 234), (176, 164, 150), (206, 120, 70), (70, 98, 132), (238, 206, 130)),
    ((238, 227, 185), (196, 164, 104), (62, 84, 120), (120, 100, 60), (200, 90, 62)),
    ((228, 214, 226), (178, 150, 150), (92, 74, 120), (150, 110, 140), (232, 164, 120)),
    ((240, 232, 220), (190, 160, 130), (31, 107, 82), (140, 120, 96), (222, 130, 88)),
    ((206, 222, 218), (150, 150, 138), (214, 164, 62), (66, 110, 108), (190, 82, 66)),
    ((244, 214, 206), (204, 150, 136), (74, 92, 84), (176, 104, 96), (250, 222, 170)),
    ((222, 226, 206), (172, 158, 118), (120, 60, 64), (104, 124, 84), (226, 182, 120)),
    ((232, 226, 216), (158, 142, 128), (52, 78, 104), (130, 126, 120), (214, 108, 74)),
)


def draw_object(name: str, seed: int) -> bytes:
    """A JPEG of a thing (“mug”); same seed, same picture."""
    random = Random(f"{name}/{seed}")
    wall, floor, main, second, accent = random.choice(_PALETTES)
    if random.random() < 0.3:
        main, accent = accent, main
    if _near(main, wall):
        main = darker(main, 0.35)
    kit = Kit(main, second, accent, random)
    scene = name in _SCENES
    flip = name not in _NEVER_TURNED and random.random() < 0.4
    scale, shift = (
        random.uniform(0.94, 1.06) * _SCALES.get(name, 1),
        (random.uniform(-3, 3), random.uniform(-1, 4)),
    )
    if scene:
        scale, shift = 1.12, (0, 10 if name in _FRONTS else 4)

    def backdrop(far: Canvas) -> None:
        if scene:
            return
        _set_scene(far, random, wall, floor, accent)
        far.place(scale, shift, flip=flip)
        if name not in _ON_THE_WALL:
            far.glow(54, 95.5, 38, 5.5, darker(floor, 0.75), 0.5)
            far.glow(50, 95.5, 25, 2.2, darker(floor, 0.9), 0.55)

    canvas = Canvas(*SIZE, lighter(wall, 0.35), mix(wall, floor, 0.12), backdrop)
    canvas.place(scale, shift, flip=flip)
    THINGS[name](canvas, kit)
    return canvas.jpeg()


def _near(one: Colour, other: Colour) -> bool:
    return sum(abs(a - b) for a, b in zip(one, other, strict=True)) < 110


def _set_scene(canvas: Canvas, random: Random, wall: Colour, floor: Colour, accent: Colour) -> None:
    """The wall behind, the table or floor below, light from the left."""
    style = random.choice(("table", "table", "arch", "disc", "plain"))
    horizon = random.uniform(83, 88)
    if style == "arch":
        tone = mix(wall, random.choice((accent, floor)), 0.38)
        canvas.oval(50, 52, 34, 34, tone)
        canvas.rect(16, 52, 68, 60, tone)
    elif style == "disc":
        canvas.oval(random.uniform(40, 60), 50, 35, 35, mix(wall, accent, 0.4))
    if style == "plain":
        canvas.glow(42, 52, 60, 55, lighter(wall, 0.7), 0.7)
        canvas.glow(50, 118, 80, 30, floor, 0.55)
        return
    slope = random.uniform(-10, 10)
    canvas.beam([(58, 8), (78 + slope, 4), (104 + slope, horizon), (80, horizon)], (255, 248, 226), 0.42, 1.6)
    canvas.beam([(84, 2), (98 + slope, 0), (122 + slope, horizon), (108, horizon)], (255, 248, 226), 0.3, 1.6)
    canvas.polygon([(-5, horizon), (105, horizon), (105, 130), (-5, 130)], darker(floor, 0.04))
    canvas.glow(30, 112, 60, 14, lighter(floor, 0.45), 0.6)
    canvas.rect(-5, horizon - 0.4, 110, 0.9, lighter(floor, 0.35))
    canvas.glow(50, horizon - 2, 70, 5, darker(wall, 0.5), 0.16)

"""Hostile and odd pictures: what is refused, and what is left of what is taken."""

from __future__ import annotations

import random
import struct
import zlib
from collections.abc import Callable, Iterator
from functools import cache
from io import BytesIO

import pytest
from flask import Flask
from flask_babel import Babel
from PIL import Image, ImageCms

from app.kernel.errors import Invalid
from app.platform.photos import render_photo


@pytest.fixture(autouse=True)
def _translations() -> Iterator[None]:
    app = Flask(__name__)
    Babel(app)
    with app.app_context():
        yield


def _picture(size: tuple[int, int] = (900, 700), mode: str = "RGB") -> Image.Image:
    noise = random.Random(1).randbytes(30 * 30 * 3)
    return Image.frombytes("RGB", (30, 30), noise).resize(size).convert(mode)


def _bytes(picture: Image.Image, kind: str = "JPEG", **more: object) -> bytes:
    out = BytesIO()
    picture.save(out, kind, **more)
    return out.getvalue()


def _opened(data: bytes) -> Image.Image:
    return Image.open(BytesIO(data))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_each_allowed_format_gives_three_webp_renditions(kind: str) -> None:
    made = render_photo(_bytes(_picture((2000, 1000)), kind))
    sizes = {name: _opened(data).size for name, data in made.renditions.items()}
    assert sizes == {"thumb": (160, 160), "card": (480, 600), "full": (1600, 800)}
    assert {_opened(data).format for data in made.renditions.values()} == {"WEBP"}
    assert (made.width, made.height) == (1600, 800)
    assert len(made.tint) == 7


def test_a_small_photo_is_not_blown_up() -> None:
    made = render_photo(_bytes(_picture((320, 200)), "PNG"))
    assert (made.width, made.height) == (320, 200)


def test_nothing_but_pixels_is_kept() -> None:
    exif = Image.Exif()
    exif[0x010F] = "SecretCam"
    exif.get_ifd(0x8825)[1] = "N"
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    data = _bytes(_picture(), "JPEG", exif=exif, icc_profile=profile, comment=b"at home")
    assert b"SecretCam" in data
    for rendition in render_photo(data).renditions.values():
        assert b"SecretCam" not in rendition
        assert b"EXIF" not in rendition
        assert b"ICCP" not in rendition
        assert not _opened(rendition).getexif()


def test_a_photo_taken_sideways_stands_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    made = render_photo(_bytes(_picture((800, 400)), "JPEG", exif=exif))
    assert (made.width, made.height) == (400, 800)


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "L", "1", "I;16", "CMYK"])
def test_every_kind_of_pixels_becomes_rgb(mode: str) -> None:
    picture = Image.new("I;16", (64, 64), 40000) if mode == "I;16" else _picture((64, 64), mode)
    made = render_photo(_bytes(picture, "JPEG" if mode == "CMYK" else "PNG"))
    assert _opened(made.renditions["full"]).mode == "RGB"


def test_sixteen_bits_keep_their_brightness() -> None:
    made = render_photo(_bytes(Image.new("I;16", (64, 64), 128 * 256), "PNG"))
    assert abs(int(made.tint[1:3], 16) - 128) < 4


def test_an_archive_behind_the_picture_is_gone() -> None:
    made = render_photo(_bytes(_picture(), "JPEG") + b"PK\x03\x04<script>alert(1)</script>")
    assert all(b"script" not in data for data in made.renditions.values())


def _png_of_size(width: int, height: int) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", b"x") + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "photo_empty"),
        (b"x" * (12 * 1024 * 1024 + 1), "photo_too_big"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>', "photo_format"),
        (b"GIF89a" + b"\0" * 100, "photo_format"),
        (b"<html><body>not a picture</body></html>", "photo_format"),
        (_png_of_size(9000, 9000), "photo_too_many_pixels"),
        (_png_of_size(60000, 60000), "photo_too_many_pixels"),
        (_png_of_size(4, 400), "photo_too_small"),
        (_png_of_size(100, 100), "photo_damaged"),
        (_bytes(_picture())[:3000], "photo_damaged"),
        (b"\xff\xd8\xff\xe0nothing", "photo_damaged"),
    ],
)
def test_what_cannot_be_shown_is_refused_with_a_reason(data: bytes, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        render_photo(data)
    assert refused.value.error_code == code


def test_a_gif_called_jpg_is_refused() -> None:
    with pytest.raises(Invalid):
        render_photo(_bytes(_picture(mode="P"), "GIF"))


# -- what phones and programs write around the pixels ---------------------------


def _segment(marker: int, body: bytes) -> bytes:
    return bytes((0xFF, marker)) + struct.pack(">H", len(body) + 2) + body


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


@cache
def _plain(kind: str) -> bytes:
    return _bytes(_picture(), kind)


def _in_jpeg(*segments: bytes) -> bytes:
    plain = _plain("JPEG")
    return plain[:2] + b"".join(segments) + plain[2:]


def _in_png(*chunks: bytes) -> bytes:
    plain = _plain("PNG")
    return plain[:33] + b"".join(chunks) + plain[33:]


_BROKEN_EXIF = b"Exif\0\0II*\0\xff\xff\xff\x7f"
_ENDLESS_EXIF = b"Exif\0\0II*\0\x08\0\0\0" + b"\xff\xff" + b"\x12\x01\x03\0\xff\xff\xff\xff\0\0\0\0" * 3
_TEXT = zlib.compress(b"x" * 3_000_000)


@pytest.mark.parametrize(
    "make",
    [
        lambda: _in_jpeg(*[_segment(0xE1, b"http://ns.adobe.com/xmp/extension/\0" + b"x" * 65_000)] * 40),
        lambda: _in_jpeg(*[_segment(0xED, b"Photoshop 3.0\x008BIM" + b"\xff" * 500)] * 3),
        lambda: _in_jpeg(_segment(0xE1, _BROKEN_EXIF)),
        lambda: _in_jpeg(_segment(0xE1, _ENDLESS_EXIF)),
        lambda: _in_jpeg(_segment(0xE1, b"Exif\0\0nonsense")),
        lambda: _in_jpeg(_segment(0xE1, b"Exif\0\0")),
        lambda: _in_jpeg(_segment(0xE2, b"MPF\0MM\0*\0\0\0\x08" + b"\xff" * 40)),
        lambda: _in_jpeg(_segment(0xE2, b"MPF\0II*\0" + b"\0" * 40)),
        lambda: _in_jpeg(_segment(0xFE, b"a comment" * 5000)),
        lambda: _in_jpeg(_segment(0xEB, b"JP" * 30_000)),
        lambda: _in_png(_chunk(b"zTXt", b"Raw profile\0\0" + _TEXT)),
        lambda: _in_png(_chunk(b"iTXt", b"XML:com.adobe.xmp\0\1\0\0\0" + _TEXT)),
        lambda: _in_png(_chunk(b"tEXt", b"Long\0" + b"x" * 2_000_000)),
        lambda: _in_png(_chunk(b"eXIf", b"nonsense")),
        lambda: _in_png(_chunk(b"pHYs", b"odd")),
        lambda: _in_png(_chunk(b"iCCP", b"odd")),
    ],
)
@pytest.mark.filterwarnings("ignore::UserWarning:PIL")  # Pillow says what is odd, and goes on
def test_long_and_odd_metadata_is_no_damage(make: Callable[[], bytes]) -> None:
    made = render_photo(make())
    assert (made.width, made.height) == (900, 700)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("turn", range(1, 9))
def test_every_way_to_hold_a_camera_stands_upright(kind: str, turn: int) -> None:
    """A picture whose top left quarter is red, as a camera would have stored it."""
    upright = Image.new("RGB", (64, 32), "blue")
    upright.paste("red", (0, 0, 32, 16))
    back = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}  # `Image.Transpose` that undoes what the tag asks for
    stored = upright if turn == 1 else upright.transpose(Image.Transpose(back[turn]))
    exif = Image.Exif()
    exif[0x0112] = turn
    made = render_photo(_bytes(stored, kind, exif=exif, **({"lossless": True} if kind == "WEBP" else {})))
    assert (made.width, made.height) == (64, 32)
    shown = _opened(made.renditions["full"]).convert("RGB")
    red, _green, blue = shown.getpixel((10, 6))  # type: ignore[misc]
    assert red > 200
    assert blue < 60


def test_fifty_megapixels_of_a_phone_are_shrunk() -> None:
    data = _bytes(Image.new("RGB", (8160, 6120), (200, 120, 40)), quality=50)
    made = render_photo(data)
    assert (made.width, made.height) == (1600, 1200)
    with pytest.raises(Invalid) as refused:
        render_photo(_bytes(Image.new("L", (8160, 6120)), "PNG"))
    assert refused.value.error_code == "photo_too_many_pixels"


def test_a_jpeg_may_be_as_large_as_phones_make_it() -> None:
    assert render_photo(_bytes(_picture()) + b"\0" * (20 * 1024 * 1024)).width == 900
    with pytest.raises(Invalid) as refused:
        render_photo(_bytes(_picture()) + b"\0" * (32 * 1024 * 1024))
    assert refused.value.error_code == "photo_too_big"


def _swapped_profile() -> bytes:
    """A profile that means something else by the same numbers: a Lab one would not do for RGB, this does."""
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "P", "PA", "L", "LA", "1", "CMYK"])
def test_a_profile_is_honoured_in_every_mode(mode: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is asked of the colour engine: every mode that has colours goes through it, by its own kind."""
    from app.platform import photo_drawing

    asked: list[str] = []
    real = photo_drawing.ImageCms.profileToProfile

    def noting(picture: Image.Image, *rest: object, **more: object) -> object:
        asked.append(picture.mode)
        return real(picture, *rest, **more)

    monkeypatch.setattr(photo_drawing.ImageCms, "profileToProfile", noting)
    colours = _picture((64, 64))
    picture = {"P": lambda: colours.quantize(16), "PA": lambda: colours.quantize(16).convert("PA")}.get(
        mode, lambda: colours.convert(mode)
    )()
    picture.info["icc_profile"] = _swapped_profile()
    drawn = photo_drawing._plain_rgb(picture)
    assert drawn.mode == "RGB"
    assert asked == ([] if mode == "CMYK" else ["RGB"])


def test_see_through_parts_stay_see_through_with_a_profile() -> None:
    picture = Image.new("RGBA", (64, 64), (255, 0, 0, 0))
    picture.paste((0, 0, 255, 255), (0, 0, 32, 64))
    for one in (picture, picture.quantize(4)):
        made = render_photo(_bytes(one, "PNG", icc_profile=_swapped_profile()))
        shown = _opened(made.renditions["full"]).convert("RGB")
        left, right = shown.getpixel((10, 30)), shown.getpixel((54, 30))
        assert left[2] > 200  # type: ignore[index]
        assert left[0] < 60  # type: ignore[index]
        assert min(right) > 230  # type: ignore[type-var, arg-type]

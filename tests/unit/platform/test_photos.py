"""Hostile and odd pictures: what is refused, and what is left of what is taken."""

from __future__ import annotations

import random
import struct
import zlib
from collections.abc import Iterator
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

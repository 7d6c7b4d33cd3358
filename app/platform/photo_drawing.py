"""Pictures out of bytes from outside, with nothing but Pillow: runs in processes of its own, see `photo_pool`.

Only pixels survive. Metadata (where and when, with which device), colour profiles, appended archives and
everything that is no picture is gone, because each rendition is written from scratch. What surrounds the
pixels is taken off before anything is decoded: however long or odd it is, it is no damage to the picture.
"""

from __future__ import annotations

import json
import os
import resource
import struct
import sys
import zlib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO
from typing import IO, Any, Final

from PIL import Image, ImageCms

MAX_PIXELS: Final = 25_000_000  # decoded
MAX_JPEG_PIXELS: Final = 110_000_000  # in the file: the decoder halves a JPEG while it reads
FORMATS: Final = ("JPEG", "PNG", "WEBP")

_SMALLEST_SIDE: Final = 16
_FULL: Final = 1600
_CARD: Final = (480, 600)
_THUMB: Final = (160, 160)
_PAPER: Final = (255, 253, 249)
_MAX_MEMORY: Final = 2 * 1024**3
_MAX_PROFILE: Final = 900_000  # what Pillow unpacks of a chunk
_LENGTH: Final = struct.Struct(">Q")
_SRGB = ImageCms.createProfile("sRGB")
_ORIENTATION: Final = 0x0112
_TURNS: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
# The sizes are looked at here, before anything is decoded.
Image.MAX_IMAGE_PIXELS = None


class BadPhoto(ValueError):
    """What is wrong with the picture, as a code."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Rendered:
    """A picture ready to be stored: its upright size, its mean colour, its WebP renditions."""

    width: int
    height: int
    tint: str
    renditions: Mapping[str, bytes]


def draw(data: bytes) -> Rendered:
    """The renditions of an uploaded picture; raises `BadPhoto`."""
    picture = _decode(data)
    full = picture.copy()
    full.thumbnail((_FULL, _FULL), Image.Resampling.LANCZOS)
    card = _cropped(full, _CARD)
    thumb = _cropped(full, _THUMB)
    return Rendered(
        width=full.width,
        height=full.height,
        tint=_mean_colour(thumb),
        renditions={"full": _webp(full, 82), "card": _webp(card, 78), "thumb": _webp(thumb, 78)},
    )


def _decode(data: bytes) -> Image.Image:
    bare, exif = _bare(data)
    try:
        with Image.open(BytesIO(bare), formats=FORMATS) as opened:
            jpeg = opened.format in {"JPEG", "MPO"}
            _check_size(opened.size, MAX_JPEG_PIXELS if jpeg else MAX_PIXELS)
            if jpeg:
                opened.draft(None, (_FULL, _FULL))
                _check_size(opened.size, MAX_PIXELS)
            opened.load()
            turn = _TURNS.get(_orientation(opened, exif))
            picture = _plain_rgb(opened)
            return picture if turn is None else picture.transpose(turn)
    except BadPhoto:
        raise
    except MemoryError as problem:
        raise BadPhoto("photo_too_many_pixels") from problem
    except Exception as problem:  # decoders raise whatever the bytes lead them to
        raise BadPhoto(_kind_of_damage(data)) from problem


def _check_size(size: tuple[int, int], most: int) -> None:
    width, height = size
    if width * height > most:
        raise BadPhoto("photo_too_many_pixels")
    if min(size) < _SMALLEST_SIDE:
        raise BadPhoto("photo_too_small")


def _kind_of_damage(data: bytes) -> str:
    start = data[:1024].lstrip().lower()
    if start.startswith((b"<svg", b"<?xml", b"<!doctype")) or b"<svg" in start:
        return "photo_drawing"
    return "photo_damaged" if start.startswith((b"\xff\xd8", b"\x89png", b"riff")) else "photo_format"


# -- what surrounds the pixels -------------------------------------------------


def _bare(data: bytes) -> tuple[bytes, bytes]:
    """The picture without what the pixels do not need, and its EXIF; as it came when it is built oddly."""
    with suppress(struct.error, IndexError):
        if data.startswith(b"\xff\xd8"):
            return _bare_jpeg(data)
        if data.startswith(b"\x89PNG\r\n\x1a\n"):
            return _bare_png(data)
    return data, b""


def _bare_jpeg(data: bytes) -> tuple[bytes, bytes]:
    kept, exif, at = [data[:2]], b"", 2
    while True:
        if data[at] != 0xFF:
            return data, b""
        while data[at + 1] == 0xFF:  # padding
            at += 1
        marker = data[at + 1]
        if marker == 0xDA:  # the pixels
            return b"".join([*kept, data[at:]]), exif
        (length,) = struct.unpack_from(">H", data, at + 2)
        if length < 2 or at + 2 + length > len(data):
            return data, b""
        segment = data[at : at + 2 + length]
        body = segment[4:]
        if marker == 0xE1 and body.startswith(b"Exif\0"):
            exif = exif or body
        elif not (0xE0 <= marker <= 0xEF or marker == 0xFE) or _is_needed(marker, body):
            kept.append(segment)
        at += 2 + length


def _is_needed(marker: int, body: bytes) -> bool:
    """Of the segments that applications write: what says how colours are meant."""
    return (
        (marker == 0xE0 and body.startswith(b"JFIF"))
        or (marker == 0xE2 and body.startswith(b"ICC_PROFILE\0"))
        or (marker == 0xEE and body.startswith(b"Adobe"))
    )


def _bare_png(data: bytes) -> tuple[bytes, bytes]:
    kept, exif, at = [data[:8]], b"", 8
    while at < len(data):
        (length,) = struct.unpack_from(">I", data, at)
        kind = data[at + 4 : at + 8]
        chunk = data[at : at + 12 + length]
        if kind == b"eXIf":
            exif = chunk[8:-4]
        elif kind[:1].isupper() or kind in {b"tRNS", b"sRGB", b"gAMA"} or (kind == b"iCCP" and _is_sound(chunk[8:-4])):
            kept.append(chunk)
        at += 12 + length
        if kind == b"IEND":
            break
    return b"".join(kept), exif


def _is_sound(profile: bytes) -> bool:
    """Whether a colour profile in a PNG can be unpacked, to a size that a profile may have."""
    _name, _nul, packed = profile.partition(b"\0")
    try:
        unpacking = zlib.decompressobj()
        return packed[:1] == b"\0" and len(unpacking.decompress(packed[1:], _MAX_PROFILE)) < _MAX_PROFILE
    except zlib.error:
        return False


def _orientation(opened: Image.Image, exif: bytes) -> int:
    """How the camera was held; upright when that cannot be read."""
    try:
        if exif:
            found = Image.Exif()
            found.load(exif)
        else:
            found = opened.getexif()
        return int(found.get(_ORIENTATION, 1))
    except Exception:  # noqa: BLE001 - whatever is wrong with it, the pixels are there
        return 1


# -- the pixels -----------------------------------------------------------------


def _plain_rgb(picture: Image.Image) -> Image.Image:
    """8-bit sRGB without transparency and without anything beside the pixels."""
    profile = picture.info.get("icc_profile")
    if picture.mode.startswith("I") or picture.mode == "F":
        picture = picture.convert("I").point(lambda level: level / 256).convert("L")
    see_through = picture.mode in {"RGBA", "LA", "PA", "La", "RGBa"} or "transparency" in picture.info
    mask = picture.convert("RGBA").getchannel("A") if see_through else None
    if profile:
        picture = _to_srgb(picture, profile)
    if mask is None:
        return picture.convert("RGB")
    paper = Image.new("RGB", picture.size, _PAPER)
    # Away from the palette and its transparency first: its colours are drawn, the mask says where.
    paper.paste(picture.convert("RGBA").convert("RGB"), mask=mask)
    return paper


def _to_srgb(picture: Image.Image, profile: bytes) -> Image.Image:
    """By what the profile is for: grey ones for grey pictures, colour ones for all that has colours."""
    try:
        source = ImageCms.ImageCmsProfile(BytesIO(profile))
        mode = {"GRAY": "L", "CMYK": "CMYK"}.get(source.profile.xcolor_space.strip(), "RGB")
        if (mode == "CMYK") != (picture.mode == "CMYK"):
            return picture
        if mode == "L" and picture.mode not in {"1", "L", "LA", "La"}:
            return picture
        plain = picture if picture.mode == mode else picture.convert("RGBA").convert(mode)
        return ImageCms.profileToProfile(plain, source, _SRGB, outputMode="RGB") or picture
    except (ImageCms.PyCMSError, OSError, ValueError, AttributeError):
        # A broken profile says nothing about the pixels: take them as they are.
        return picture


def _cropped(picture: Image.Image, size: tuple[int, int]) -> Image.Image:
    """The middle of the picture in this form; a rough reduction first, which is much faster."""
    part = min(picture.width / size[0], picture.height / size[1])
    width, height = part * size[0], part * size[1]
    left, top = (picture.width - width) / 2, (picture.height - height) / 2
    box = (left, top, left + width, top + height)
    return picture.resize(size, Image.Resampling.LANCZOS, box=box, reducing_gap=2.0)


def _mean_colour(picture: Image.Image) -> str:
    red, green, blue = picture.resize((1, 1), Image.Resampling.BOX).getpixel((0, 0))  # type: ignore[misc]
    return f"#{red:02x}{green:02x}{blue:02x}"


def _webp(picture: Image.Image, quality: int) -> bytes:
    out = BytesIO()
    picture.save(out, "WEBP", quality=quality, method=1, exif=b"", icc_profile=b"", xmp=b"")
    return out.getvalue()


# -- as a process of its own ----------------------------------------------------


def send(stream: IO[bytes], *parts: bytes) -> None:
    """Each part behind its length."""
    for part in parts:
        stream.write(_LENGTH.pack(len(part)))
        stream.write(part)
    stream.flush()


def receive(stream: IO[bytes]) -> bytes | None:
    """The next part; None at the end."""
    head = _exactly(stream, _LENGTH.size)
    return None if head is None else _exactly(stream, _LENGTH.unpack(head)[0])


def _exactly(stream: IO[bytes], size: int) -> bytes | None:
    found = bytearray()
    while len(found) < size:
        piece = stream.read(size - len(found))
        if not piece:
            return None
        found += piece
    return bytes(found)


def main() -> None:
    """Draw what comes on standard input until it ends."""
    os.nice(5)  # pages come first
    resource.setrlimit(resource.RLIMIT_AS, (_MAX_MEMORY, _MAX_MEMORY))
    source, target = sys.stdin.buffer, sys.stdout.buffer
    while (data := receive(source)) is not None:
        try:
            made = draw(data)
        except BadPhoto as bad:
            send(target, json.dumps({"code": bad.code}).encode())
            continue
        about: dict[str, Any] = {
            "width": made.width, "height": made.height, "tint": made.tint, "names": list(made.renditions),
        }  # fmt: skip
        send(target, json.dumps(about).encode(), *made.renditions.values())


if __name__ == "__main__":
    main()

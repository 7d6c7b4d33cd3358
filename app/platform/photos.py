"""What becomes of an uploaded picture: checked before decoding, drawn anew, nothing else kept.

Only pixels survive. Metadata (where and when, with which device), colour profiles, appended
archives and everything that is no picture is gone, because each rendition is written from scratch.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO

from flask_babel import gettext as _
from PIL import Image, ImageCms, ImageOps

from app.kernel.errors import Invalid

MOST_BYTES = 12 * 1024 * 1024
MOST_PIXELS = 25_000_000
FORMATS = ("JPEG", "PNG", "WEBP")
RENDITIONS = ("thumb", "card", "full")

_SMALLEST_SIDE = 16
_FULL = 1600
_CARD = (480, 600)
_THUMB = (160, 160)
_PAPER = (255, 253, 249)
_SRGB = ImageCms.createProfile("sRGB")
# One picture of 25 megapixels takes 100 MB while it is open, so only two are open at a time.
_decoding = threading.BoundedSemaphore(2)


@dataclass(frozen=True, slots=True)
class Rendered:
    """A picture ready to be stored: its upright size, its mean colour, its WebP renditions."""

    width: int
    height: int
    tint: str
    renditions: Mapping[str, bytes]


def render_photo(data: bytes) -> Rendered:
    """Check `data` and draw its renditions; raises `Invalid` with what is wrong."""
    if not data:
        raise Invalid(_("The file is empty."), code="photo_empty")
    if len(data) > MOST_BYTES:
        raise Invalid(_("A photo can have up to 12 MB."), code="photo_too_big")
    with _decoding:
        picture = _decode(data)
        full = picture.copy()
        full.thumbnail((_FULL, _FULL), Image.Resampling.LANCZOS)
        card = _cropped(full, _CARD)
        thumb = _cropped(full, _THUMB)
        return Rendered(
            width=full.width,
            height=full.height,
            tint=_mean_colour(thumb),
            renditions={
                "full": _webp(full, 82),
                "card": _webp(card, 78),
                "thumb": _webp(thumb, 78),
            },
        )


def _decode(data: bytes) -> Image.Image:
    try:
        with Image.open(BytesIO(data), formats=FORMATS) as opened:
            _check_size(opened.size)
            if opened.format == "JPEG":
                # The JPEG decoder can halve the picture while it reads: less memory and time.
                opened.draft(None, (_FULL, _FULL))
            opened.load()
            upright = ImageOps.exif_transpose(opened)
            return _plain_rgb(upright)
    except Image.DecompressionBombError as problem:
        raise _too_many_pixels() from problem
    except Invalid:
        raise
    except Exception as problem:  # decoders raise whatever the bytes lead them to
        raise _unreadable(data) from problem


def _check_size(size: tuple[int, int]) -> None:
    width, height = size
    if width * height > MOST_PIXELS:
        raise _too_many_pixels()
    if min(size) < _SMALLEST_SIDE:
        raise Invalid(_("This picture is too small to show."), code="photo_too_small")


def _too_many_pixels() -> Invalid:
    return Invalid(_("A photo can have up to 25 megapixels."), code="photo_too_many_pixels")


def _unreadable(data: bytes) -> Invalid:
    start = data[:1024].lstrip().lower()
    if start.startswith((b"<svg", b"<?xml", b"<!doctype")) or b"<svg" in start:
        return Invalid(
            _("Drawings (SVG) cannot be used as a photo; save it as PNG."), code="photo_format"
        )
    if start.startswith((b"\xff\xd8", b"\x89png", b"riff")):
        return Invalid(_("This photo is damaged or cut off."), code="photo_damaged")
    return Invalid(_("Only JPEG, PNG and WebP photos can be used."), code="photo_format")


def _plain_rgb(picture: Image.Image) -> Image.Image:
    """8-bit sRGB without transparency and without anything beside the pixels."""
    profile = picture.info.get("icc_profile")
    if profile and picture.mode in {"RGB", "CMYK", "L"}:
        picture = _to_srgb(picture, profile)
    if picture.mode.startswith("I") or picture.mode == "F":
        picture = picture.convert("I").point(lambda level: level / 256).convert("L")
    if picture.mode in {"RGBA", "LA", "PA"} or "transparency" in picture.info:
        paper = Image.new("RGB", picture.size, _PAPER)
        layer = picture.convert("RGBA")
        paper.paste(layer, mask=layer.getchannel("A"))
        return paper
    return picture.convert("RGB")


def _to_srgb(picture: Image.Image, profile: bytes) -> Image.Image:
    try:
        source = ImageCms.ImageCmsProfile(BytesIO(profile))
        changed = ImageCms.profileToProfile(picture, source, _SRGB, outputMode="RGB")
    except (ImageCms.PyCMSError, OSError):
        # A broken profile says nothing about the pixels: take them as they are.
        return picture
    return changed or picture


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

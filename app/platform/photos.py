"""What becomes of an uploaded picture: checked before decoding, drawn anew, nothing else kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from app.kernel.errors import N_, Invalid
from app.platform.photo_drawing import FORMATS, MAX_PIXELS, BadPhoto, Rendered, draw

__all__ = ["FORMATS", "MAX_BYTES", "MAX_JPEG_BYTES", "MAX_PIXELS", "RENDITIONS", "Rendered", "render_photo"]

MAX_BYTES: Final = 12 * 1024 * 1024
MAX_JPEG_BYTES: Final = 32 * 1024 * 1024  # what phones make of 50 megapixels
RENDITIONS: Final = ("thumb", "card", "full")

Drawer = Callable[[bytes], Rendered]
_drawer: list[Drawer] = [draw]


def set_drawer(drawer: Drawer) -> None:
    """A server that must not stand still meanwhile has pictures drawn elsewhere."""
    _drawer[:] = [drawer]


def render_photo(data: bytes) -> Rendered:
    """Check `data` and draw its renditions; raises `Invalid` with what is wrong."""
    if not data:
        raise Invalid("The file is empty.", code="photo_empty")
    jpeg = data.startswith(b"\xff\xd8")
    if len(data) > (MAX_JPEG_BYTES if jpeg else MAX_BYTES):
        raise _refusal("photo_too_big" if not jpeg else "photo_too_big_jpeg")
    try:
        return _drawer[0](data)
    except BadPhoto as bad:
        raise _refusal(bad.code) from bad


def _refusal(code: str) -> Invalid:
    words = {
        "photo_too_big": N_("A photo can have up to 12 MB."),
        "photo_too_big_jpeg": N_("A JPEG photo can have up to 32 MB."),
        "photo_too_many_pixels": N_("A photo can have up to 25 megapixels, as JPEG up to 110."),
        "photo_too_small": N_("This photo is too small."),
        "photo_drawing": N_("SVG files can’t be used as photos. Save it as PNG."),
        "photo_damaged": N_("This photo is damaged or incomplete."),
    }
    other = N_("Use a JPEG, PNG or WebP photo.")
    told = {"photo_drawing": "photo_format", "photo_too_big_jpeg": "photo_too_big"}.get(code, code)
    return Invalid(words.get(code, other), code=told)

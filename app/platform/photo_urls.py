"""Where browsers find photos."""

from __future__ import annotations

from app.kernel.ids import PhotoId


def photo_url(photo_id: PhotoId, rendition: str = "card") -> str:
    """The address of a rendition; a plain string, for cards in loops."""
    return f"/media/{photo_id}/{rendition}.webp"

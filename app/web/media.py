"""Pictures over HTTP: each to whoever may see something that it hangs on."""

from __future__ import annotations

from flask import Blueprint, Response, request, send_file

from app.kernel.errors import NotFound
from app.kernel.ids import PhotoId, is_id
from app.platform.files import owner_of, photo_path
from app.platform.photos import RENDITIONS
from app.platform.subjects import photo_audience
from app.web.api import caller
from app.web.frame import viewer

# A thing can be taken away at any time: a copy is good for a moment, and asked for again after it.
MINUTES = 300
media = Blueprint("media", __name__)


@media.get("/media/<photo_id>/<rendition>.webp")
def show_photo(photo_id: PhotoId, rendition: str) -> Response:
    """The file behind `photo_url`, for people by their session and for programs by their token."""
    if not is_id(photo_id) or rendition not in RENDITIONS:
        raise NotFound("This photo no longer exists.")
    who = caller() if "Authorization" in request.headers else viewer()
    viewer_id = who.id if who else None
    seen, public = photo_audience(viewer_id, photo_id)
    # Who has just uploaded it sees it in the form, before it hangs on anything.
    if not seen and (viewer_id is None or owner_of(photo_id) != viewer_id):
        raise NotFound("This photo no longer exists.")
    path = photo_path(photo_id, rendition)
    if not path.is_file():
        raise NotFound("This photo no longer exists.")
    answer = send_file(path, mimetype="image/webp", etag=f"{photo_id}-{rendition}", conditional=True)
    head = answer.headers
    if public:
        head["Cache-Control"] = f"{'public' if who is None else 'private'}, max-age={MINUTES}"
    else:
        # Kept only to be asked about again: nobody else on this machine gets it from the cache.
        head["Cache-Control"] = "private, no-cache"
    head["Vary"] = "Cookie, Authorization"
    head["X-Content-Type-Options"] = "nosniff"
    head["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer

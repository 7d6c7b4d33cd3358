"""Fewer bytes on the way: built files as the build has compressed them, pages as gzip makes them.

Text that one does not know and text that one chooses in one compressed page can be guessed from its length, by
whoever can make a browser ask again and again and sees how much comes back (BREACH). What stands against it here:
other sites' requests carry no session (`SameSite=Lax`), each page has a form's token of its own second, pages of
accounts and their codes are not compressed, and a few bytes of chance make each answer's length another.
"""

from __future__ import annotations

import mimetypes
import secrets
import struct
import zlib
from pathlib import Path
from typing import Final

from flask import Flask, Response, current_app, request, send_from_directory
from werkzeug.security import safe_join

from app.web.headers import ACCOUNT_ROOMS

LEVEL: Final = 1  # a third of the time of level 6, and a tenth more bytes
LEAST: Final = 1400  # bytes: one packet takes them as they are
MOST: Final = 2 * 1024 * 1024  # bytes: nobody waits for more
_CHANCE: Final = 100  # bytes, as many as Django takes
_TEXT: Final = frozenset(
    {
        "application/javascript",
        "application/json",
        "application/ld+json",
        "application/manifest+json",
        "application/openapi+json",
        "application/problem+json",
        "application/xml",
        "image/svg+xml",
    }
)
# Of the files that static/build.mjs writes beside the plain one: the smallest first.
_BUILT: Final = (("br", ".br"), ("gzip", ".gz"))
# A name in the head of the file, the time and the system unknown (RFC 1952).
_HEAD: Final = b"\x1f\x8b\x08\x08\0\0\0\0\x04\xff"
_LETTERS: Final = bytes(65 + n % 26 for n in range(256))


def init_compression(app: Flask) -> None:
    """To be called before all else that looks at answers: what Flask is given first, it asks last."""
    app.after_request(_compress)
    app.view_functions["static"] = built_file


def built_file(filename: str) -> Response:
    """A file of static/dist, in the smallest form that the browser takes and the build has made."""
    folder = str(current_app.static_folder)
    taken = request.accept_encodings
    for coding, end in _BUILT:
        if taken[coding] > 0 and Path(safe_join(folder, filename + end) or "").is_file():
            kind = mimetypes.guess_type(filename)[0]
            answer = send_from_directory(folder, filename + end, mimetype=kind or "application/octet-stream")
            answer.content_encoding = coding
            break
    else:
        answer = send_from_directory(folder, filename)
    answer.vary.add("Accept-Encoding")
    return answer


def _compress(response: Response) -> Response:
    """Pages and lists; what is sent piece by piece, or was compressed by the build, stays as it is."""
    kind = response.mimetype or ""
    if not (kind.startswith("text/") or kind in _TEXT) or response.direct_passthrough or response.is_streamed:
        return response
    if request.blueprint in ACCOUNT_ROOMS or response.content_encoding:
        return response
    response.vary.add("Accept-Encoding")
    body = response.get_data()
    if not LEAST <= len(body) <= MOST or request.accept_encodings["gzip"] <= 0:
        return response
    response.set_data(gzipped(body))
    response.content_encoding = "gzip"
    etag, _weak = response.get_etag()
    if etag:
        response.set_etag(etag, weak=True)
    return response


def gzipped(body: bytes) -> bytes:
    """What gzip makes of it, and up to a hundred bytes of chance that every reader skips."""
    packer = zlib.compressobj(LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    chance = secrets.token_bytes(_CHANCE)[: secrets.randbelow(_CHANCE + 1)].translate(_LETTERS)
    end = struct.pack("<LL", zlib.crc32(body), len(body) & 0xFFFFFFFF)
    return b"".join((_HEAD, chance, b"\0", packer.compress(body), packer.flush(), end))

"""The inbox over JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from apiflask import APIBlueprint
from flask import request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.kernel.errors import Invalid
from app.notifications.inbox import queries, service
from app.notifications.inbox.queries import url_of
from app.notifications.inbox.values import Notification
from app.notifications.inbox.words import sentence
from app.people.profiles.queries import cards
from app.people.profiles.values import MemberCard
from app.web.api import api_auth, caller
from app.web.pagination import limit_of

api = APIBlueprint("api_inbox", __name__, url_prefix="/api/v1", tag="Notifications")

LIST_ABOUT = (
    "Query: `limit` (1 to 100) and `cursor`. Each of `items` has `id`, `kind`, `said` (the sentence), `title` (of "
    "what it is about, or null), "
    "`subject_kind`, `subject_id`, `actor` (a handle or null), `at`, `read`, `url` (the thing's page) and "
    "`fold`: those with the same `fold` stand in one line of the inbox."
)
READ_ABOUT = 'Body: `{"ids": ["…"]}`, or nothing for all of them. What is read already stays so.'


@api.get("/notifications")
@api.doc(
    summary="What concerns me, the newest first", description=LIST_ABOUT, security="token", responses=[200, 401]
)
@api_auth
def list_notifications() -> dict[str, Any]:
    me = caller().id
    limit = limit_of(request.args.get("limit"))
    page = queries.list_notifications(me, limit, request.args.get("cursor"))
    faces = cards(one.actor_id for one in page.items if one.actor_id is not None)
    return {"items": [_json(one, faces) for one in page.items], "next": page.next}


@api.post("/notifications/read")
@api.doc(
    summary="Mark everything as read, or the given ids",
    description=READ_ABOUT,
    security="token",
    responses=[204, 401, 422],
)
@api_auth
def read() -> ResponseReturnValue:
    data = request.get_json(silent=True) or {}
    ids = data.get("ids") if isinstance(data, dict) else None
    if ids is not None and not (isinstance(ids, list) and all(isinstance(one, str) for one in ids)):
        raise Invalid(_("“ids” must be a list of ids."), code="bad_field")
    service.mark_read(caller().id, ids)
    return "", 204


def _json(one: Notification, faces: Mapping[int, MemberCard]) -> dict[str, Any]:
    face = faces.get(one.actor_id or 0)
    return {
        "id": one.id,
        "kind": one.kind,
        "title": one.data.get("title"),
        "said": sentence(one.kind, [face.name] if face else [], 1),
        "subject_kind": one.subject.kind,
        "subject_id": face.handle if face and one.subject.kind == "member" else one.subject.id,
        "actor": face.handle if face else None,
        "at": one.at.isoformat(),
        "read": one.read,
        "url": url_of(one, faces),
        "fold": one.fold,
    }

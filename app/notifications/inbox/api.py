"""The inbox over JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from apiflask import APIBlueprint
from flask.typing import ResponseReturnValue

from app.kernel.ids import MemberId
from app.notifications.inbox import queries, schemas, service
from app.notifications.inbox.queries import url_of
from app.notifications.inbox.values import Notification
from app.notifications.inbox.words import sentence
from app.people.profiles.queries import cards
from app.people.profiles.values import MemberCard
from app.platform.subjects import NOBODY
from app.web.api import caller
from app.web.operations import operation
from app.web.schemas import Page, Paging

api = APIBlueprint("api_inbox", __name__, url_prefix="/api/v1", tag="Notifications")

READ_ABOUT = 'Body: `{"ids": ["…"]}`, or nothing for all of them. What is read already stays so.'


@api.get("/notifications")
@operation("What concerns me, the newest first", query=Paging, answers=Page[schemas.Notification])
def list_notifications(query: Paging) -> dict[str, Any]:
    page = queries.list_notifications(caller().id, query.most(), query.cursor)
    faces = cards(one.actor_id for one in page.items if one.actor_id is not None)
    return {"items": [_json(one, faces) for one in page.items], "next": page.next}


@api.post("/notifications/read")
@operation(
    "Mark everything as read, or the given ids", about=READ_ABOUT, takes=schemas.ReadBody, answers=None, status=204
)
def read(body: schemas.ReadBody) -> ResponseReturnValue:
    service.mark_read(caller().id, body.ids)
    return "", 204


def _json(one: Notification, faces: Mapping[MemberId, MemberCard]) -> dict[str, Any]:
    face = faces.get(one.actor_id or NOBODY)
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

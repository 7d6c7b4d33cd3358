"""Recommendations over JSON."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint
from flask import request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.community.recommendations import queries, service
from app.community.recommendations.rows import photos_of
from app.community.recommendations.rules import check_photo_count
from app.community.recommendations.values import RecommendationPhotoView
from app.community.subject_items.queries import find_subject
from app.kernel.errors import Invalid
from app.kernel.subjects import Subject
from app.platform.files import store_photo
from app.platform.limits import check_rate
from app.web.api import api_auth, body, caller, text_field

api = APIBlueprint("api_recommendations", __name__, url_prefix="/api/v1", tag="Recommendations")


@api.post("/recommendations")
@api.doc(
    summary="Say what you think of an item, a listing or a store",
    description=(
        "`item`, or `subject_kind` (“listing” or “store”) with `subject_id`. `disclosure` is asked of "
        "everybody; who is tied to a store that sells it cannot answer “none” (`disclosure_required`)."
    ),
    security="token",
)
@api_auth
def recommend() -> ResponseReturnValue:
    me, data = caller().id, body()
    check_rate(f"recommend:{me}", "240/hour")
    said: dict[str, Any] = {
        "stance": text_field(data, "stance", required=True) or "",
        "text": text_field(data, "text"),
        "rating": _rating(data),
        # Whether it was paid for is asked of everybody: a missing answer is refused.
        "disclosure": text_field(data, "disclosure", required=True) or "",
    }
    kind = text_field(data, "subject_kind")
    if kind is None:
        ident = service.recommend(me, text_field(data, "item", required=True) or "", **said)
    else:
        subject = Subject(kind, text_field(data, "subject_id", required=True) or "")
        ident = service.recommend_subject(me, subject, **said)
    return _json(me, ident), 201, {"Location": f"/api/v1/recommendations/{ident}"}


@api.get("/recommendations/<recommendation_id>")
@api.doc(summary="One recommendation, with the way to its author", security="token")
@api_auth
def read(recommendation_id: str) -> ResponseReturnValue:
    return _json(caller().id, recommendation_id)


@api.get("/recommendations/<recommendation_id>/history")
@api.doc(summary="What was said before, newest first", security="token")
@api_auth
def history(recommendation_id: str) -> ResponseReturnValue:
    found = queries.history(caller().id, recommendation_id)
    return {"items": [one.as_json() for one in found], "next": None}


@api.patch("/recommendations/<recommendation_id>")
@api.doc(summary="Change what you said; what was said before stays readable", security="token")
@api_auth
def change(recommendation_id: str) -> ResponseReturnValue:
    me, data = caller().id, body()
    check_rate(f"recommend:{me}", "240/hour")
    queries.endorsement(me, recommendation_id)  # who may not see it learns nothing of it
    changes: dict[str, Any] = {
        name: text_field(data, name) or "" for name in ("stance", "text", "disclosure") if name in data
    }
    if "rating" in data:
        changes["rating"] = _rating(data)
    service.change_recommendation(me, recommendation_id, changes)
    return _json(me, recommendation_id)


@api.delete("/recommendations/<recommendation_id>")
@api.doc(summary="Take it back", security="token")
@api_auth
def take_back(recommendation_id: str) -> ResponseReturnValue:
    service.take_back(caller().id, recommendation_id)
    return "", 204


@api.post("/recommendations/<recommendation_id>/photos")
@api.doc(
    summary="Add photos: multipart/form-data, one or more files",
    description="Up to five in all; “alt” says what is to be seen, once for each file in their order.",
    security="token",
)
@api_auth
def add_photos(recommendation_id: str) -> ResponseReturnValue:
    me = caller().id
    check_rate(f"recommend:{me}", "240/hour")
    # Before anything is decoded: who may not add photos should cost nothing.
    service.require_author(me, recommendation_id)
    files = [file for _name, file in request.files.items(multi=True) if file.filename]
    if not files:
        raise Invalid(_("There is no file in this request."), code="photo_missing")
    there = photos_of([recommendation_id]).get(recommendation_id, ())
    check_photo_count(len(there) + len(files))
    alts = request.form.getlist("alt")
    alts += [""] * (len(files) - len(alts))
    added = [
        RecommendationPhotoView(store_photo(file.stream, me).id, alt) for file, alt in zip(files, alts, strict=False)
    ]
    service.add_photos(me, recommendation_id, added)
    return _json(me, recommendation_id), 201


@api.put("/recommendations/<recommendation_id>/helpful")
@api.doc(summary="It helped you; once for each member", security="token")
@api_auth
def helpful(recommendation_id: str) -> ResponseReturnValue:
    me = caller().id
    check_rate(f"helpful:{me}", "600/hour")
    return {"helpful": service.set_helpful(me, recommendation_id, helpful=True)}


@api.delete("/recommendations/<recommendation_id>/helpful")
@api.doc(summary="It did not, after all", security="token")
@api_auth
def not_helpful(recommendation_id: str) -> ResponseReturnValue:
    return {"helpful": service.set_helpful(caller().id, recommendation_id, helpful=False)}


@api.put("/recommendations/<recommendation_id>/saved")
@api.doc(summary="Keep it to find it again", security="token")
@api_auth
def save(recommendation_id: str) -> ResponseReturnValue:
    service.save_recommendation(caller().id, recommendation_id, keep=True)
    return "", 204


@api.delete("/recommendations/<recommendation_id>/saved")
@api.doc(summary="Let it go", security="token")
@api_auth
def let_go(recommendation_id: str) -> ResponseReturnValue:
    service.save_recommendation(caller().id, recommendation_id, keep=False)
    return "", 204


@api.get("/saved")
@api.doc(summary="The recommendations that you keep", security="token")
@api_auth
def saved() -> ResponseReturnValue:
    return {
        "items": [
            {"id": one.id, "item": one.item_id, "title": one.item_title, "stance": one.stance}
            for one in queries.saved(caller().id)
        ],
        "next": None,
    }


def _rating(data: dict[str, Any]) -> float | None:
    rating = data.get("rating")
    if rating is not None and (isinstance(rating, bool) or not isinstance(rating, int | float)):
        raise Invalid("“rating” must be a number", code="bad_rating")
    return rating


def _json(me: int, recommendation_id: str) -> dict[str, Any]:
    item_id = queries.get_recommendation_view(caller().id, recommendation_id).item_id
    one = queries.endorsement(me, recommendation_id)
    subject = find_subject(item_id)
    return {
        "id": one.id,
        "item": item_id,
        "subject_kind": subject.kind if subject else None,
        "subject_id": subject.id if subject else None,
        **one.as_json(),
        "photos": [photo.as_json() for photo in one.photos],
        "helpful": one.helpful,
        "helped": one.helped,
        "comments": one.comments,
        "saved": one.saved,
        "revisions": one.revisions,
        "url": one.url,
    }

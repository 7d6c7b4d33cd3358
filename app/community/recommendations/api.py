"""Recommendations over JSON."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint
from flask.typing import ResponseReturnValue

from app.community.recommendations import queries, schemas, service
from app.community.recommendations.rows import photos_of
from app.community.recommendations.rules import check_photo_count
from app.community.recommendations.values import RecommendationPhotoView
from app.community.subject_items.queries import find_subject
from app.kernel.errors import Invalid
from app.kernel.ids import ItemId, MemberId, RecommendationId
from app.kernel.subjects import Subject
from app.platform.files import store_photo
from app.platform.limits import check_rate
from app.web.api import caller
from app.web.operations import operation
from app.web.schemas import Page

api = APIBlueprint("api_recommendations", __name__, url_prefix="/api/v1", tag="Recommendations")


@api.post("/recommendations")
@operation(
    "Say what you think of an item, a listing or a store",
    about="`item`, or `subject_kind` (“listing” or “store”) with `subject_id`. `disclosure` is asked of "
    "everybody; who is tied to a store that sells it cannot answer “none” (`disclosure_required`).",
    takes=schemas.RecommendBody,
    answers=schemas.Recommendation,
    status=201,
    refuses=[403, 404],
)
def recommend(body: schemas.RecommendBody) -> ResponseReturnValue:
    me = caller().id
    check_rate(f"recommend:{me}", "240/hour")
    # Whether it was paid for is asked of everybody: a missing answer is refused.
    said: dict[str, Any] = {
        "stance": body.stance, "text": body.text, "rating": body.rating, "disclosure": body.disclosure
    }  # fmt: skip
    if body.subject_kind is None:
        ident = service.recommend(me, ItemId(_named("item", body.item)), **said)
    else:
        subject = Subject(body.subject_kind, _named("subject_id", body.subject_id))
        ident = service.recommend_subject(me, subject, **said)
    return _json(me, ident), 201, {"Location": f"/api/v1/recommendations/{ident}"}


@api.get("/recommendations/<recommendation_id>")
@operation("One recommendation, with the way to its author", answers=schemas.Recommendation)
def read(recommendation_id: RecommendationId) -> ResponseReturnValue:
    return _json(caller().id, recommendation_id)


@api.get("/recommendations/<recommendation_id>/history")
@operation("What was said before, newest first", answers=Page[schemas.Revision])
def history(recommendation_id: RecommendationId) -> ResponseReturnValue:
    found = queries.history(caller().id, recommendation_id)
    return {"items": [one.as_json() for one in found], "next": None}


@api.patch("/recommendations/<recommendation_id>")
@operation(
    "Change what you said; what was said before stays readable",
    takes=schemas.RecommendationChange,
    answers=schemas.Recommendation,
    refuses=[403],
)
def change(recommendation_id: RecommendationId, body: schemas.RecommendationChange) -> ResponseReturnValue:
    me = caller().id
    check_rate(f"recommend:{me}", "240/hour")
    queries.endorsement(me, recommendation_id)  # who may not see it learns nothing of it
    changes = {name: value if name == "rating" or value is not None else "" for name, value in body.given().items()}
    service.change_recommendation(me, recommendation_id, changes)
    return _json(me, recommendation_id)


@api.delete("/recommendations/<recommendation_id>")
@operation("Take it back", answers=None, status=204, refuses=[403])
def take_back(recommendation_id: RecommendationId) -> ResponseReturnValue:
    service.take_back(caller().id, recommendation_id)
    return "", 204


@api.post("/recommendations/<recommendation_id>/photos")
@operation(
    "Add photos: multipart/form-data, one or more files",
    about="Up to five in all; “alt” says what is to be seen, once for each file in their order.",
    takes=schemas.RecommendationPhotos,
    answers=schemas.Recommendation,
    status=201,
    refuses=[403],
)
def add_photos(recommendation_id: RecommendationId, body: schemas.RecommendationPhotos) -> ResponseReturnValue:
    me = caller().id
    check_rate(f"recommend:{me}", "240/hour")
    # Before anything is decoded: who may not add photos should cost nothing.
    service.require_author(me, recommendation_id)
    if not body.files:
        raise Invalid("No file was sent.", code="photo_missing")
    there = photos_of([recommendation_id]).get(recommendation_id, ())
    check_photo_count(len(there) + len(body.files))
    alts = [*body.alt, *[""] * (len(body.files) - len(body.alt))]
    added = [
        RecommendationPhotoView(store_photo(file.stream, me).id, alt)
        for file, alt in zip(body.files, alts, strict=False)
    ]
    service.add_photos(me, recommendation_id, added)
    return _json(me, recommendation_id), 201


@api.put("/recommendations/<recommendation_id>/helpful")
@operation("It helped you; once for each member", answers=schemas.Helpful, refuses=[403])
def helpful(recommendation_id: RecommendationId) -> ResponseReturnValue:
    me = caller().id
    check_rate(f"helpful:{me}", "600/hour")
    return {"helpful": service.set_helpful(me, recommendation_id, helpful=True)}


@api.delete("/recommendations/<recommendation_id>/helpful")
@operation("It did not, after all", answers=schemas.Helpful, refuses=[403])
def not_helpful(recommendation_id: RecommendationId) -> ResponseReturnValue:
    return {"helpful": service.set_helpful(caller().id, recommendation_id, helpful=False)}


@api.put("/recommendations/<recommendation_id>/saved")
@operation("Keep it to find it again", answers=None, status=204)
def save(recommendation_id: RecommendationId) -> ResponseReturnValue:
    service.save_recommendation(caller().id, recommendation_id, keep=True)
    return "", 204


@api.delete("/recommendations/<recommendation_id>/saved")
@operation("Let it go", answers=None, status=204)
def let_go(recommendation_id: RecommendationId) -> ResponseReturnValue:
    service.save_recommendation(caller().id, recommendation_id, keep=False)
    return "", 204


@api.get("/saved")
@operation("The recommendations that you keep", answers=Page[schemas.Saved])
def saved() -> ResponseReturnValue:
    return {
        "items": [
            {"id": one.id, "item": one.item_id, "title": one.item_title, "stance": one.stance}
            for one in queries.saved(caller().id)
        ],
        "next": None,
    }


def _named(name: str, value: str | None) -> str:
    if value is None:
        raise Invalid("“%(name)s” is missing", code="missing_field", name=name)
    return value


def _json(me: MemberId, recommendation_id: RecommendationId) -> dict[str, Any]:
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

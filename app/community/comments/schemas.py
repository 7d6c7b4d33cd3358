"""Comments, as the API takes and gives them."""

from __future__ import annotations

from app.web.schemas import Answer, Body, Handle, Id, Moment, Text


class CommentBody(Body):
    """What is to be said."""

    text: Text


class Comment(Answer):
    """What somebody said to a recommendation."""

    id: Id
    recommendation: Id
    author: Handle
    html: str
    at: Moment

"""Questions, as the API takes and gives them."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Field, WithJsonSchema

from app.community.questions.forms import reach_of
from app.community.questions.values import QuestionStatus
from app.community.recommendations.schemas import Rating
from app.community.recommendations.values import Disclosure
from app.web.categories import WORD
from app.web.schemas import (
    Answer,
    Body,
    Filter,
    Handle,
    Id,
    MaybeText,
    Moment,
    Paging,
    Path,
    Score,
    Text,
    one_of,
)

REACH = WithJsonSchema(
    {"anyOf": [{"type": "integer", "minimum": 1, "maximum": 3}, {"type": "string", "enum": ["everybody"]}]}
)
Reach = Annotated[int | str, REACH]


class AsksQuery(Paging):
    """Whose."""

    whose: Annotated[Filter, one_of("mine", "for_me")] = None


class AskBody(Body):
    """What is asked, and how far it may go: steps of trust, or everybody."""

    text: MaybeText = None
    topic: Annotated[MaybeText, WORD] = None
    place: MaybeText = None
    reach: Annotated[Any, BeforeValidator(reach_of), REACH] = None


class AskChange(AskBody):
    """What is to be another; what is left out stays. The status “closed” ends the ask."""

    status: MaybeText = None


class AnswerBody(Body):
    """Words, a recommendation, or both."""

    item: Annotated[
        MaybeText, Field(description="What is recommended. `text` and `rating` are then said of it, to everybody.")
    ] = None
    recommendation: Annotated[
        MaybeText, Field(description="What the caller recommends already. `text` is then the answer’s own.")
    ] = None
    text: MaybeText = None
    rating: Rating = None
    disclosure: Annotated[MaybeText, one_of(Disclosure)] = None


class ThanksBody(Body):
    """Which answer helped most, by its id or by what is recommended in it."""

    answer: MaybeText = None
    recommendation: MaybeText = None


class AnswerChange(Body):
    """Other words; none where the answer is a recommendation alone."""

    text: Text


class Ask(Answer):
    """A question as lists show it."""

    id: Id
    author: Handle
    text: str
    topic: str
    place: str
    status: QuestionStatus
    hops: Annotated[Reach, Field(description="How far it has gone.")]
    reach: Annotated[Reach, Field(description="How far it may go.")]
    answers: int
    thanked: bool
    distance: int | None
    distance_km: Annotated[int | None, Field(description="From the caller’s own town.")]
    path: Path | None
    url: str
    at: Moment
    widened_at: Moment


class QuestionAnswer(Answer):
    """An answer: words, a recommendation, or both."""

    id: Id
    recommendation: Id | None
    item: Id | None
    title: str | None
    member: Handle
    text: Annotated[str, Field(description="The answer’s words, else those of the recommendation.")]
    disclosure: Disclosure | None
    helped: bool
    edited: bool
    score: Score
    path: Path | None
    at: Moment


class WholeAsk(Ask):
    """A question with its answers."""

    reached: Annotated[int | None, Field(description="How many people it has gone to; only for its author.")]
    widens_at: Annotated[Moment | None, Field(description="When it goes further by itself.")]
    list: list[QuestionAnswer]


class AnsweredAsk(WholeAsk):
    """The question, after it was answered."""

    answer: Id
    recommendation: Id | None

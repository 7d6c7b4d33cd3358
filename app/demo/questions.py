"""Questions for the demo: answered and thanked, on their way, just asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.community.item_merges.service import propose_merge
from app.community.questions import answering, service
from app.community.questions.queries import reached_at
from app.community.questions.values import CIRCLE, EVERYBODY, QuestionDraft
from app.kernel.clock import clock
from app.kernel.ids import ItemId, MemberId


@dataclass(frozen=True, slots=True)
class _Question:
    """Who asks, and what people of the circle answer: (title of a thing or nothing, words)."""

    author: str
    days_ago: float
    draft: QuestionDraft
    answers: tuple[tuple[str, str], ...] = ()
    thanks: bool = False


_QUESTIONS = (
    _Question(
        "ana",
        6,
        QuestionDraft(text="Who knows a good bike repair near Lund?", topic="bikes", place="Lund", reach=3),
        (
            ("Viktor's wheel truing", "He trued both of mine while I drank his tea. Bring the wheel, not the bicycle."),
            ("Möllan Bike Kitchen", "You do it yourself there, but somebody always knows how."),
        ),
        thanks=True,
    ),
    _Question(
        "dana",
        4,
        QuestionDraft(text="A dentist for a frightened six-year-old?", topic="health", place="Lund", reach=2),
        (("Dr. Sara Lund, dentist", "She let mine count her teeth first."),),
        thanks=True,
    ),
    _Question(
        "bo",
        0.3,
        QuestionDraft(
            text="Is there a moving van one can trust with a piano? Third floor, no lift.", place="Lund", reach=2
        ),
    ),
    _Question(
        "linmeiling",
        2,
        QuestionDraft(text="谁知道哥本哈根哪里有好的小提琴修理？", topic="music", place="København", reach=EVERYBODY),
        (("Anker's violin workshop", "Anker set my sound post. Slow, and worth it."),),
    ),
    _Question("cem", 0.1, QuestionDraft(text="One knife for everything: which?", topic="kitchen", reach=3)),
    _Question(
        "ana",
        2,
        QuestionDraft(text="How do you get candle wax out of a wool carpet?", topic="home", reach=2),
        (
            ("", "Brown paper and a warm iron, **never** hot. Move the paper before it is full."),
            ("", "Ice first, then break it off. The iron only for what is left."),
        ),
        thanks=True,
    ),
)


def ask_questions(ids: Mapping[str, MemberId], item_ids: Mapping[str, ItemId]) -> None:
    """Whoever of these is in the demo asks; only whom it has come to can answer."""
    now = clock.now()
    for one in _QUESTIONS:
        if one.author in ids:
            _ask(ids[one.author], item_ids, one, now - timedelta(days=one.days_ago))


def doubt_a_double(ids: Mapping[str, MemberId], item_ids: Mapping[str, ItemId]) -> None:
    """Something for the moderators: two entries that may be one."""
    gone, kept = item_ids.get("Stilla filter: Ethiopia Guji"), item_ids.get("Stilla house blend, 500 g")
    if gone and kept and "ana" in ids:
        propose_merge(ids["ana"], gone, kept, "Are these two bags of the same coffee? I am not sure.")


def _ask(author_id: MemberId, item_ids: Mapping[str, ItemId], question: _Question, at: datetime) -> None:
    with clock.freeze(at) as held:
        ask_id = service.publish_question(author_id, question.draft)
        circle = reached_at(ask_id, CIRCLE)
        given = [
            (member_id, item_ids.get(title), words)
            for member_id, (title, words) in zip(circle, question.answers, strict=False)
            if not title or title in item_ids
        ]
        answers = []
        for member_id, item_id, words in given:
            held.advance(timedelta(hours=3))
            if item_id is None:
                answers.append(answering.answer_in_words(member_id, ask_id, words))
            else:
                answers.append(answering.answer_question(member_id, ask_id, item_id, text=words, disclosure="none"))
        if answers and question.thanks:
            held.advance(timedelta(hours=2))
            answering.thank_for(author_id, ask_id, answers[0])

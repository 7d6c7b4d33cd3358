"""Introductions in the town of the access table: one on its way, one that has come to its end."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.support.access_town import AccessTown

NOTE = "I would like to meet you"


def introduce(town: AccessTown) -> None:
    from app.messaging.introductions.service import answer_introduction, ask_for_introduction
    from app.messaging.introductions.values import Answer
    from app.trust.vouches.service import vouch

    olli, cora, wanda, bert = (town.people[name] for name in ("olli", "cora", "wanda", "bert"))
    town.ids["introduction_id"] = ask_for_introduction(cora, bert, NOTE)
    vouch(cora, wanda, "trust", "known for years")
    met = ask_for_introduction(olli, wanda, NOTE)
    for one in (cora, wanda):
        answer_introduction(one, met, Answer.FORWARD)
    town.special["/introductions/<introduction_id>/thank"] = {"introduction_id": met}
    town.special["/introductions/to/<handle>"] = {"handle": "wanda"}

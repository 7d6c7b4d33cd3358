"""Introductions and guarantees in the town of the access table."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.support.access_town import AccessTown
    from tests.support.visibility_town import Town

NOTE = "I would like to meet you"


def settle_terms(town: AccessTown, others: Town) -> None:
    """One introduction on its way, one at its end; friends asked to stand in."""
    _introduce(town)
    _stand_in(town, others)


def _introduce(town: AccessTown) -> None:
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


def _stand_in(town: AccessTown, others: Town) -> None:
    """Cora asks Olli twice, of whom each answer needs one; Olli may still ask somebody."""
    from app.kernel.money import Money
    from app.market.guarantees.service import ask_guarantor
    from tests.support.orders import order
    from tests.support.visibility_town import make_listing

    olli, cora, bert = (town.people[name] for name in ("olli", "cora", "bert"))
    for verb in ("accept", "decline"):
        bought = order(cora, make_listing(others, "standing", bert, f"{verb}edcup").ident)
        asked = town.ids["guarantee_id"] = ask_guarantor(cora, bought, olli, Money(100, "EUR"))
        town.special[f"/guarantees/<guarantee_id>/{verb}"] = {"guarantee_id": asked}
    mine = order(olli, make_listing(others, "standing", cora, "owncup").ident)
    town.special["/orders/<order_id>/guarantor"] = {"order_id": mine}

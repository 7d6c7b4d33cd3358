"""The cases of the access town, and one of each state for the town of what is visible."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.kernel.ids import MemberId
    from tests.support.access_town import AccessTown
    from tests.support.visibility_town import Thing, Town


def settle_cases(town: AccessTown) -> None:
    """One that Cora has opened; and parcels to open one about, on the page and by the API."""
    from app.market.cases.service import act
    from app.market.cases.values import CaseAction, Given
    from app.market.orders.values import Stage
    from tests.support.cases import BY_POST, broken
    from tests.support.orders import deal

    olli, cora = town.people["olli"], town.people["cora"]
    town.ids["case_id"] = broken(cora, olli)[1]
    asked = broken(cora, olli)[1]
    act(olli, asked, CaseAction.ANSWER, Given(text="It was whole"))
    act(cora, asked, CaseAction.ASK_MODERATOR)
    place = "/moderation/order-cases/<case_id>"
    town.special[place] = {"case_id": asked}
    town.special[f"{place}/<any(claim, say, decide):action>"] = {"case_id": asked, "action": "claim"}
    for prefix in ("", "/api/v1"):
        town.special[f"{prefix}/cases/<case_id>/<action>"] = {"action": "say"}
        town.special[f"{prefix}/orders/<order_id>/case"] = {
            "order_id": deal(olli, cora, Stage.SHIPPED, **BY_POST).order
        }


def make_case(town: Town, state: str, owner_id: MemberId, word: str) -> Thing:
    """Of a lamp that the owner bought: between the two, until a friend or a moderator is asked."""
    from tests.support.cases import broken
    from tests.support.visibility_town import Thing, picture

    photo = picture(owner_id)
    _made, ident = broken(owner_id, town.people["wanda"], text=f"casequest {word}", photo_ids=(photo,))
    api = f"/api/v1/cases/{ident}"
    return Thing("case", state, ident, word, f"/cases/{ident}", doors=(api,), photo=photo, writes=(f"POST {api}/say",))

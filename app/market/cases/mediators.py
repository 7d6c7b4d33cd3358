"""Who could decide: a friend of both, whom neither side can bring along alone."""

from __future__ import annotations

from typing import Final

from app.kernel.ids import MemberId
from app.market.cases.rules import friends_in_common
from app.market.cases.values import FriendView
from app.people.accounts.queries import is_active
from app.people.blocks.queries import any_apart
from app.people.profiles.queries import cards
from app.trust.circle.queries import circle_of, trails

MOST: Final = 3
# So many are looked at, for some of the first may not be asked.
_LOOKED_AT: Final = 12


def common_friends(
    viewer_id: MemberId | None, buyer_id: MemberId, seller_id: MemberId, most: int = MOST
) -> list[FriendView]:
    """Whom both trust, by the smaller of the two scores; the viewer sees their own way there.

    Nobody who doesn't want to be named between others, and nobody who has blocked one of them or is blocked.
    """
    buyers, sellers = circle_of(buyer_id), circle_of(seller_id)
    found = friends_in_common(buyers.scores, sellers.scores, (buyer_id, seller_id), _LOOKED_AT)
    faces = cards([one for one, _score in found])
    ways = trails(viewer_id, faces)
    shown: list[FriendView] = []
    for one, score in found:
        face = faces.get(one)
        if face is None or face.discreet or not _may_be_asked(face.id, buyer_id, seller_id):
            continue
        shown.append(FriendView(member=face, score=score, trail=ways.get(face.id)))
        if len(shown) == most:
            break
    return shown


def _may_be_asked(member_id: MemberId, buyer_id: MemberId, seller_id: MemberId) -> bool:
    return is_active(member_id) and not any_apart([member_id], [buyer_id, seller_id])

"""What vouches tell of a person."""

from __future__ import annotations

from sqlalchemy import delete, or_, select

from app.kernel.ids import MemberId
from app.people.accounts.models import Member
from app.platform.database import db
from app.trust.vouches.models import Distrust, Vouch

NAME = "vouches"


def export(ident: MemberId) -> dict[str, list[dict[str, object]]]:
    """The vouches that the member gave and got."""
    columns = (Member.handle, Vouch.strength, Vouch.reason, Vouch.topic, Vouch.expires_at, Vouch.created_at)
    given = select(*columns).join(Vouch, Vouch.trustee_id == Member.id).where(Vouch.truster_id == ident)
    got = select(*columns).join(Vouch, Vouch.truster_id == Member.id).where(Vouch.trustee_id == ident)
    return {
        name: [
            {key: value.isoformat() if hasattr(value, "isoformat") else value for key, value in row.items()}
            for row in db.session.execute(query.order_by(Vouch.created_at)).mappings()
        ]
        for name, query in (("given", given), ("received", got))
    }


def erase(ident: MemberId) -> None:
    """Nobody vouches for, or is vouched for by, an account that is gone."""
    for table in (Vouch, Distrust):
        mine = or_(table.truster_id == ident, table.trustee_id == ident)
        db.session.execute(delete(table).where(mine))

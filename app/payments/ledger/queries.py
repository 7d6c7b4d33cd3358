"""Where accounts stand, and what has moved on them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, Select, func, literal, select, tuple_, union_all
from sqlalchemy.orm import InstrumentedAttribute, aliased

from app.kernel.errors import Invalid
from app.kernel.ids import AccountId, HoldId, MemberId, PostingId, PostingKey
from app.kernel.money import Money
from app.kernel.pagination import Page, decode_cursor, encode_cursor
from app.kernel.subjects import Subject
from app.payments.ledger.models import Account, OpenHold, Posting
from app.payments.ledger.values import AccountKind, AccountRef, Entry, Line, Movement, Phase, Purse
from app.platform.database import db

_PORTION: Final = 500
MOST_LINES: Final = 10_000
Mark = tuple[datetime, PostingId]


def purse(account: AccountRef, currency: str) -> Purse:
    """Where the account stands; one that was never used stands at zero."""
    columns = (Account.balance_minor, Account.held_minor, Account.coming_minor)
    row = db.session.execute(select(*columns).where(Account.code == account.code(currency))).first()
    balance, held, coming = row or (0, 0, 0)
    return Purse(balance=Money(balance, currency), held=Money(held, currency), coming=Money(coming, currency))


def currencies_of(owner_id: MemberId | None) -> list[str]:
    """In which currencies the member (None: the house) has accounts."""
    query = select(Account.currency).where(_owned(owner_id)).distinct().order_by(Account.currency)
    return list(db.session.scalars(query))


def purses_of(owner_id: MemberId | None) -> dict[AccountKind, dict[str, Purse]]:
    """Every account of the member (None: the house), by kind and currency."""
    found: dict[AccountKind, dict[str, Purse]] = {}
    query = select(Account.kind, Account.currency, Account.balance_minor, Account.held_minor, Account.coming_minor)
    for kind, currency, *sums in db.session.execute(query.where(_owned(owner_id)).order_by(Account.code)):
        balance, held, coming = (Money(one, currency) for one in sums)
        found.setdefault(AccountKind(kind), {})[currency] = Purse(balance=balance, held=held, coming=coming)
    return found


def is_open(hold: HoldId) -> bool:
    """Whether the amount is set aside still."""
    return db.session.scalar(select(OpenHold.posting_id).where(OpenHold.posting_id == hold)) is not None


def entries_of(subject: Subject) -> list[Entry]:
    """Every posting of a thing, oldest first."""
    return _entries(Posting.subject_kind == subject.kind, Posting.subject_id == subject.id)


def entries_under(key: PostingKey) -> list[Entry]:
    """The legs of one transaction."""
    return _entries(Posting.key == key)


def _entries(*conditions: ColumnElement[bool]) -> list[Entry]:
    debit, credit = aliased(Account), aliased(Account)
    query = (
        select(
            *(Posting.id, Posting.at, Posting.kind, Posting.phase, Posting.amount_minor, Posting.currency),
            *(Posting.settles_id, Posting.reverses_id, Posting.rate_ppm),
            *(debit.kind.label("debit"), debit.owner_id.label("payer")),
            *(credit.kind.label("credit"), credit.owner_id.label("payee")),
        )
        .join(debit, debit.id == Posting.debit_id)
        .join(credit, credit.id == Posting.credit_id)
        .where(*conditions)
        .order_by(Posting.id)
        .limit(_PORTION)
    )
    return [
        Entry(
            id=row.id,
            at=row.at,
            debit=AccountRef(AccountKind(row.debit), row.payer),
            credit=AccountRef(AccountKind(row.credit), row.payee),
            amount=Money(row.amount_minor, row.currency),
            kind=Movement(row.kind),
            phase=Phase(row.phase),
            settles=row.settles_id,
            reverses=row.reverses_id,
            rate_ppm=row.rate_ppm,
        )
        for row in db.session.execute(query)
    ]


def times_reversed(posting_id: PostingId | None) -> int:
    """In how many postings it was given back so far; never less than before."""
    query = select(func.count()).select_from(Posting).where(Posting.reverses_id == posting_id)
    return db.session.scalar(query) or 0


def statement(
    owner_id: MemberId | None,
    currency: str,
    *,
    since: datetime | None = None,
    before: datetime | None = None,
    after: Mark | None = None,
    limit: int,
) -> list[Line]:
    """Lines of all the owner's accounts of one currency in [since, before), newest first, behind `after`."""
    accounts = list(db.session.scalars(select(Account.id).where(_owned(owner_id), Account.currency == currency)))
    return _lines(accounts, since=since, before=before, after=after, limit=limit)


def statement_page(
    owner_id: MemberId | None,
    currency: str,
    *,
    since: datetime | None = None,
    before: datetime | None = None,
    limit: int,
    cursor: str | None = None,
) -> Page[Line]:
    """A part of the statement, and where the next one begins."""
    found = decode_cursor(cursor, datetime, int)
    after = (found[0], PostingId(found[1])) if found else None
    lines = statement(owner_id, currency, since=since, before=before, after=after, limit=limit + 2)
    # A posting between two accounts of one owner is two lines: they stay together.
    cut = limit + (len(lines) > limit and lines[limit - 1].id == lines[limit].id)
    more = encode_cursor(lines[cut - 1].at.isoformat(), lines[cut - 1].id) if len(lines) > cut else None
    return Page(lines[:cut], more)


def whole_statement(
    owner_id: MemberId | None, currency: str, *, since: datetime | None = None, before: datetime | None = None
) -> list[Line]:
    """All lines of a period, newest first; refuses what is too long for one file."""
    lines = statement(owner_id, currency, since=since, before=before, limit=MOST_LINES + 1)
    if len(lines) > MOST_LINES:
        raise Invalid("This is too long for one file. Choose fewer days.", code="too_long")
    return lines


def balance_at(account: AccountRef, currency: str, at: datetime) -> Money:
    """Where the account stood at that moment, read off its last posting before."""
    ident = db.session.scalar(select(Account.id).where(Account.code == account.code(currency)))
    found = _lines([ident], before=at, limit=1) if ident is not None else []
    return found[0].balance if found else Money(0, currency)


def every_line(owner_id: MemberId | None) -> Iterator[Line]:
    """All that ever moved on the owner's accounts, newest first, in portions."""
    for currency in currencies_of(owner_id):
        after: Mark | None = None
        while some := statement(owner_id, currency, after=after, limit=_PORTION):
            yield from some
            after = (some[-1].at, some[-1].id)


def caused_by(member_id: MemberId) -> Iterator[tuple[datetime, Movement, Subject]]:
    """What the member has moved, on whosever accounts."""
    columns = (Posting.at, Posting.kind, Posting.subject_kind, Posting.subject_id)
    for row in db.session.execute(select(*columns).where(Posting.member_id == member_id).order_by(Posting.id)):
        yield row.at, Movement(row.kind), Subject(row.subject_kind, row.subject_id)


def _owned(owner_id: MemberId | None) -> Any:
    return Account.owner_id.is_(None) if owner_id is None else Account.owner_id == owner_id


def _lines(
    accounts: Sequence[AccountId],
    *,
    since: datetime | None = None,
    before: datetime | None = None,
    after: Mark | None = None,
    limit: int,
) -> list[Line]:
    """Each side of each account is one range of its index; no more of it is read than is answered."""
    if not accounts:
        return []
    parts = []
    for account in accounts:
        for mine, sign, balance in (
            (Posting.debit_id, -1, Posting.debit_balance),
            (Posting.credit_id, 1, Posting.credit_balance),
        ):
            part = _side(mine, sign, balance).where(mine == account)
            if since is not None:
                part = part.where(Posting.at >= since)
            if before is not None:
                part = part.where(Posting.at < before)
            if after is not None:
                at, ident = after
                part = part.where(tuple_(Posting.at, Posting.id) < (at, ident))
            newest = part.order_by(Posting.at.desc(), Posting.id.desc()).limit(limit).subquery()
            parts.append(select(newest))
    together = union_all(*parts).subquery()
    query = select(together).order_by(together.c.at.desc(), together.c.id.desc(), together.c.sign).limit(limit)
    return [_line(row) for row in db.session.execute(query)]


def _side(mine: InstrumentedAttribute[Any], sign: int, balance: InstrumentedAttribute[int]) -> Select[*tuple[Any, ...]]:
    return select(
        Posting.id,
        Posting.at,
        Posting.kind,
        Posting.phase,
        Posting.amount_minor,
        Posting.currency,
        Posting.subject_kind,
        Posting.subject_id,
        Account.kind.label("account"),
        balance.label("balance"),
        literal(sign).label("sign"),
    ).join(Account, Account.id == mine)


def _line(row: Row[*tuple[Any, ...]]) -> Line:
    return Line(
        id=row.id,
        at=row.at,
        account=AccountKind(row.account),
        amount=Money(row.sign * row.amount_minor, row.currency),
        kind=Movement(row.kind),
        phase=Phase(row.phase),
        subject=Subject(row.subject_kind, row.subject_id),
        balance=Money(row.balance, row.currency),
    )

"""A statement as a file: CSV for tables, XML in the form of banks (camt.053)."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from xml.etree.ElementTree import Element, SubElement, tostring

from app.kernel.money import Money
from app.payments.ledger.values import MOVED, Line

COLUMNS: Final = ("at", "account", "amount", "currency", "kind", "state", "subject_kind", "subject_id", "balance")
_NAMESPACE: Final = "urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """Lines of one owner and one currency, newest first, and whose they are."""

    owner: str
    currency: str
    since: datetime | None
    before: datetime | None
    made_at: datetime
    lines: Sequence[Line]


def as_csv(statement: Statement) -> str:
    """One row for each line, oldest first."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for line in reversed(statement.lines):
        writer.writerow((
            *(line.at.isoformat(), line.account, f"{line.amount.major:f}", line.amount.currency, line.kind),
            *(line.phase, line.subject.kind, line.subject.id, f"{line.balance.major:f}"),
        ))  # fmt: skip
    return out.getvalue()


def as_camt(statement: Statement) -> bytes:
    """One statement for each account, with its first and its last balance; what is set aside is pending."""
    document = Element("Document", xmlns=_NAMESPACE)
    root = SubElement(document, "BkToCstmrStmt")
    head = SubElement(root, "GrpHdr")
    _text(head, "MsgId", f"{statement.owner}-{statement.made_at:%Y%m%d%H%M%S}")
    _text(head, "CreDtTm", statement.made_at.isoformat())
    for number, account in enumerate(sorted({line.account for line in statement.lines}), 1):
        lines = [line for line in reversed(statement.lines) if line.account == account]
        part = SubElement(root, "Stmt")
        _text(part, "Id", str(number))
        _text(part, "CreDtTm", statement.made_at.isoformat())
        period = SubElement(part, "FrToDt")
        _text(period, "FrDtTm", (statement.since or lines[0].at).isoformat())
        _text(period, "ToDtTm", (statement.before or statement.made_at).isoformat())
        named = SubElement(part, "Acct")
        _text(SubElement(SubElement(named, "Id"), "Othr"), "Id", f"{statement.owner}/{account}")
        _text(named, "Ccy", statement.currency)
        moved = lines[0].amount if lines[0].phase in MOVED else Money(0, statement.currency)
        _balance(part, "OPBD", lines[0].balance - moved, lines[0].at)
        _balance(part, "CLBD", lines[-1].balance, lines[-1].at)
        for line in lines:
            _entry(part, line)
    body: bytes = tostring(document, encoding="utf-8", xml_declaration=True)
    return body


def _entry(part: Element, line: Line) -> None:
    entry = SubElement(part, "Ntry")
    _text(entry, "NtryRef", str(line.id))
    _amount(entry, line.amount)
    _text(SubElement(entry, "Sts"), "Cd", "BOOK" if line.phase in MOVED else "PDNG")
    _text(SubElement(entry, "BookgDt"), "DtTm", line.at.isoformat())
    _text(SubElement(SubElement(entry, "BkTxCd"), "Prtry"), "Cd", f"{line.kind}/{line.phase}")
    details = SubElement(SubElement(entry, "NtryDtls"), "TxDtls")
    _text(SubElement(details, "Refs"), "EndToEndId", str(line.subject))


def _balance(part: Element, code: str, money: Money, at: datetime) -> None:
    balance = SubElement(part, "Bal")
    _text(SubElement(SubElement(balance, "Tp"), "CdOrPrtry"), "Cd", code)
    _amount(balance, money)
    _text(SubElement(balance, "Dt"), "DtTm", at.isoformat())


def _amount(parent: Element, money: Money) -> None:
    SubElement(parent, "Amt", Ccy=money.currency).text = f"{abs(money.major):f}"
    _text(parent, "CdtDbtInd", "DBIT" if money.minor < 0 else "CRDT")


def _text(parent: Element, name: str, text: str) -> None:
    SubElement(parent, name).text = text

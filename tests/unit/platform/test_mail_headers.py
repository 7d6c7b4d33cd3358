"""Whatever people call themselves, a mail has the headers that we gave it."""

from __future__ import annotations

from email import message_from_bytes, policy
from pathlib import Path

import pytest

from app.kernel.errors import Invalid
from app.people.accounts.service import tidy_email
from app.platform.mail import NoSuchDomain, _message, on_the_wire
from tests.support.databases import settings_for

BREAKS = (
    *("\n", "\r", "\r\n", "\r\n ", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029", "\x00\n"),
    # Encoded words, whole and put together by what is taken out of a subject.
    *("=?utf-8?q?=0D=0A?=", "=?us-ascii?b?DQo=?=", "=\u200b?utf-8?q?=0A?=", "=https://x.example ?utf-8?q?=0A?="),
)
OURS = {"From", "To", "Subject", "Date", "Message-ID", "Content-Type", "Content-Transfer-Encoding", "MIME-Version"}


@pytest.mark.parametrize("line_break", BREAKS, ids=ascii)
def test_a_name_begins_no_header(tmp_path: Path, line_break: str) -> None:
    settings = settings_for("sqlite:///unused", tmp_path)
    names = ("Ana{}Bcc: all@evil.example", "{0}{0}body", "é{}To: x@evil.example", " {} Bcc: x@evil.example")
    for name in (one.format(line_break) for one in names):
        text = f"{name} vouches for you"
        sent = _message(settings, "bo@example.org", text, text, None, None).as_bytes()
        read = message_from_bytes(sent, policy=policy.default)
        assert set(read.keys()) == OURS, ascii(name)
        assert len(read.keys()) == len(OURS), "each of them once"
        assert str(read["To"]) == "bo@example.org"
        assert "\n" not in str(read["Subject"]), ascii(name)
        assert sent.partition(b"\n\n")[0].count(b"\n") < len(OURS) + 2, ascii(name)


def test_an_encoded_word_is_no_address() -> None:
    """Its letters may all stand in an address, and the header would have what they mean."""
    address = "=?utf-8?q?a=0d=0abcc=3a_x?=@example.org"
    with pytest.raises(Invalid):
        tidy_email(address)
    with pytest.raises(NoSuchDomain):
        on_the_wire(address)

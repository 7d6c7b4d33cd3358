"""How mail leaves: addresses as mail servers know them, and never a password or a text in clear unasked."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace

import pytest
from flask import Flask

from app.platform.mail import NoEncryption, deliver
from app.platform.mail_way import Tls, mail_way
from app.platform.settings import BadSetting, load_settings
from tests.support.mailbox import mail_server


@pytest.mark.databases("sqlite")  # nothing of it reaches the database
@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("ana@example.org", "ana@example.org"),
        ("ana@bücher.example", "ana@xn--bcher-kva.example"),
        ("ana@BÜCHER.example", "ana@xn--bcher-kva.example"),
        ("ana@日本語.example", "ana@xn--wgv71a119e.example"),
        ("ana@mail.straße.example", "ana@mail.xn--strae-oqa.example"),
        ("ana@xn--bcher-kva.example", "ana@xn--bcher-kva.example"),
        ("ana+tag@bücher.example", "ana+tag@xn--bcher-kva.example"),
    ],
)
def test_domains_beyond_ascii_leave_in_header_and_envelope(app: Flask, typed: str, sent: str) -> None:
    with mail_server() as mailbox:
        app.config["KIN"] = replace(app.config["KIN"], mail_url=mailbox.url, public_url="https://märkt.example")
        deliver(typed, "Grüße", "Text mit Umlauten: äöü")
    (message,) = mailbox.messages
    assert message["To"] == sent
    assert message["From"] == "Kinmarket <no-reply@xn--mrkt-loa.example>"
    assert message["Subject"] == "Grüße"
    head = mailbox.raw[0].partition(b"\r\n\r\n")[0]
    assert head.isascii()
    assert mailbox.recipients == [sent]


class ClearServer:
    """A mail server without encryption that keeps every line that it hears."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self.door = socket.create_server(("127.0.0.1", 0))
        self.port: int = self.door.getsockname()[1]
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                client, _address = self.door.accept()
                with client, client.makefile("rw", newline="\r\n") as lines:
                    lines.write("220 here\r\n")
                    lines.flush()
                    while line := lines.readline():
                        self.heard.append(line.strip())
                        lines.write("250-here\r\n250 AUTH PLAIN LOGIN\r\n" if line.startswith("EHLO") else "250 ok\r\n")
                        lines.flush()


@contextmanager
def clear_server() -> Iterator[ClearServer]:
    server = ClearServer()
    try:
        yield server
    finally:
        server.door.shutdown(socket.SHUT_RDWR)
        server.door.close()
        server.thread.join(5)


@pytest.mark.databases("sqlite")  # nothing of it reaches the database
@pytest.mark.parametrize(
    "url", ["smtp://me:hunter2@127.0.0.1:{}", "smtp+tls://127.0.0.1:{}", "smtp+tls://me:hunter2@127.0.0.1:{}"]
)
def test_a_server_without_encryption_hears_nothing(app: Flask, url: str) -> None:
    with clear_server() as server:
        app.config["KIN"] = replace(app.config["KIN"], mail_url=url.format(server.port))
        with pytest.raises(NoEncryption):
            deliver("ana@example.org", "Hello", "the text")
        assert {line.split()[0].upper() for line in server.heard} <= {"EHLO", "QUIT", "RSET"}


def test_in_clear_only_by_name_or_to_this_machine() -> None:
    ways = {
        "smtp://mail.example": (Tls.STARTED, 25),
        "smtp://mail.example:2525": (Tls.STARTED, 2525),
        "smtp://me:pw@mail.example": (Tls.STARTED, 587),
        "smtp://me:pw@127.0.0.1": (Tls.STARTED, 587),
        "smtp+tls://127.0.0.1": (Tls.STARTED, 25),
        "smtps://me:pw@mail.example": (Tls.WRAPPED, 465),
        "smtps://127.0.0.1": (Tls.WRAPPED, 465),
        "smtp+plain://mail.example": (Tls.NONE, 25),
        "smtp://127.0.0.1:1025": (Tls.NONE, 1025),
        "smtp://[::1]:1025": (Tls.NONE, 1025),
        "smtp://localhost": (Tls.NONE, 25),
    }
    assert {url: (way.tls, way.port) for url in ways if (way := mail_way(url))} == ways
    way = mail_way("smtp://me%40here:p%3Aw@mail.example")
    assert (way.user, way.password) == ("me@here", "p:w")
    assert "p:w" not in repr(way)


@pytest.mark.parametrize(
    "url", ["smtp+plain://me:pw@mail.example", "pop3://x", "smtp://", "mail.example:25", "smtp://h:x"]
)
def test_bad_addresses_stop_the_start_without_telling_the_password(url: str) -> None:
    with pytest.raises(BadSetting, match="KINMARKET_MAIL_URL") as refused:
        load_settings({"KINMARKET_MAIL_URL": url})
    assert "pw" not in refused.value.message


def test_a_queued_mail_keeps_its_name(app: Flask) -> None:
    with mail_server() as mailbox:
        app.config["KIN"] = replace(app.config["KIN"], mail_url=mailbox.url)
        for _ in range(2):
            deliver("ana@example.org", "Hello", "text", ref="r1")
        deliver("ana@example.org", "Hello", "text")
    first, second, third = (one["Message-ID"] for one in mailbox.messages)
    assert first == second != third

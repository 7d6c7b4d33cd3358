"""A mail server on this machine that keeps what it is given, or refuses it."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage


class Mailbox:
    """`messages` is what came, `raw` as it came; `answer` is said to the next recipients (`250 ok` takes them)."""

    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []
        self.raw: list[bytes] = []
        self.recipients: list[str] = []
        self.answer = "250 ok"
        self.url = ""

    def to(self, address: str) -> list[EmailMessage]:
        return [one for one in self.messages if one["To"] == address]


@contextmanager
def mail_server() -> Iterator[Mailbox]:
    """Until the block ends; `mailbox.url` is what KINMARKET_MAIL_URL wants."""
    mailbox = Mailbox()

    class Conversation(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self._say("220 here")
            while line := self.rfile.readline():
                word = line.decode("utf-8", "replace").split(None, 1)[0].upper() if line.strip() else ""
                if word == "DATA":
                    self._say("354 go on")
                    mailbox.messages.append(self._read())
                    self._say("250 kept")
                elif word == "RCPT":
                    mailbox.recipients.append(line.decode().partition("<")[2].partition(">")[0])
                    self._say(mailbox.answer)
                elif word == "QUIT":
                    self._say("221 bye")
                    return
                else:
                    self._say("250 ok")

        def _read(self) -> EmailMessage:
            lines = []
            while (line := self.rfile.readline()) != b".\r\n":
                lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
            mailbox.raw.append(b"".join(lines))
            found = message_from_bytes(mailbox.raw[-1], policy=policy.default)
            assert isinstance(found, EmailMessage)
            return found

        def _say(self, line: str) -> None:
            self.wfile.write(f"{line}\r\n".encode())

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Conversation) as server:
        server.daemon_threads = True
        mailbox.url = f"smtp://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield mailbox
        finally:
            server.shutdown()

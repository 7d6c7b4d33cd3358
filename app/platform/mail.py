"""Mail: by SMTP when configured, otherwise into files and onto the terminal."""

from __future__ import annotations

import smtplib
import ssl
import sys
from collections.abc import Mapping
from email import policy
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from pathlib import Path
from urllib.parse import unquote, urlsplit

from flask import current_app

from app.kernel.ids import new_id
from app.platform.jobs import enqueue, job
from app.platform.settings import Settings

TIMEOUT = 20  # seconds
PERMANENT = 500  # SMTP's codes from here on
# As long as mail allows: a folded address of `List-Unsubscribe` would be written as an encoded word,
# which no mail program looks into.
LINES = policy.default.clone(max_line_length=990)


def send_mail(to: str, subject: str, text: str, html: str | None = None) -> None:
    """Queue one message; delivery is tried again when the server fails."""
    enqueue("send_mail", to=to, subject=subject, text=text, html=html)


@job("send_mail")
def deliver(
    to: str, subject: str, text: str, html: str | None = None, headers: Mapping[str, str] | None = None
) -> None:
    """Deliver now; raises `OSError` or `smtplib.SMTPException` when it fails."""
    settings: Settings = current_app.config["KIN"]
    message = _message(settings, to, subject, text, html)
    for name, value in (headers or {}).items():
        del message[name]
        message[name] = value
    if settings.mail_url:
        _by_smtp(settings.mail_url, message)
    else:
        _into_file(settings.data_dir / "mail", message, quiet=settings.testing)


def is_final(problem: Exception) -> bool:
    """Whether the server will say the same tomorrow: it knows no such person, or wants no such letter."""
    if isinstance(problem, smtplib.SMTPRecipientsRefused):
        codes = [code for code, _said in problem.recipients.values()]
    elif isinstance(problem, smtplib.SMTPAuthenticationError):
        return False  # the operator will mend it
    elif isinstance(problem, smtplib.SMTPResponseException):
        codes = [problem.smtp_code]
    else:
        return False
    return bool(codes) and all(code >= PERMANENT for code in codes)


def _message(
    settings: Settings, to: str, subject: str, text: str, html: str | None
) -> EmailMessage:
    host = urlsplit(settings.public_url).hostname or "localhost"
    message = EmailMessage(LINES)
    message["From"] = f"Kinmarket <no-reply@{host}>"
    message["To"] = to
    # A line break in a subject would begin another header.
    message["Subject"] = " ".join(subject.split())
    message["Date"] = formatdate(usegmt=True)
    message["Message-ID"] = make_msgid(domain=host)
    message.set_content(text)
    if html:
        message.add_alternative(html, subtype="html")
    return message


def _by_smtp(url: str, message: EmailMessage) -> None:
    parts = urlsplit(url)
    host = parts.hostname or "localhost"
    context = ssl.create_default_context()
    if parts.scheme == "smtps":
        server: smtplib.SMTP = smtplib.SMTP_SSL(
            host, parts.port or 465, timeout=TIMEOUT, context=context
        )
    else:
        server = smtplib.SMTP(host, parts.port or 25, timeout=TIMEOUT)
    with server:
        if parts.scheme == "smtp+tls":
            server.starttls(context=context)
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
        server.send_message(message)


def _into_file(folder: Path, message: EmailMessage, *, quiet: bool) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{new_id()}.eml"
    path.write_bytes(bytes(message))
    if not quiet:
        body = message.get_body(("plain",))
        text = body.get_content() if body else ""
        sys.stderr.write(f"\n--- mail to {message['To']}: {message['Subject']}\n{text}---\n")

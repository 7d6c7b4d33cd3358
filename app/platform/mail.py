"""Mail: by SMTP when configured, otherwise into files and onto the terminal."""

from __future__ import annotations

import smtplib
import ssl
import sys
from collections.abc import Mapping
from contextlib import suppress
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from pathlib import Path
from urllib.parse import urlsplit

import idna
from flask import current_app

from app.kernel.ids import new_id
from app.platform.jobs import GiveUp, enqueue, job
from app.platform.mail_way import Tls, mail_way
from app.platform.settings import Settings
from app.platform.subject_lines import subject_line

TIMEOUT = 20  # seconds
PERMANENT = 500  # SMTP's codes from here on
# As long as mail allows: a folded address of `List-Unsubscribe` would be written as an encoded word,
# which no mail program looks into.
LINES = policy.default.clone(max_line_length=990)


class NoSuchDomain(ValueError):
    """What stands behind the @ is no domain."""


class NoEncryption(smtplib.SMTPException):
    """The mail server would have the message in clear."""


def send_mail(to: str, subject: str, text: str, html: str | None = None) -> None:
    """Queue one message, with the caller's unit of work if there is one; tried again for half a day."""
    enqueue("send_mail", ref=new_id(), to=to, subject=subject, text=text, html=html)


@job("send_mail", lane="mail")
def send_queued(to: str, subject: str, text: str, html: str | None = None, ref: str | None = None) -> None:
    """A second time it is the same message: programs that read mail know it by its id."""
    try:
        deliver(to, subject, text, html, ref=ref)
    except Exception as problem:
        if is_final(problem):
            raise GiveUp(f"{type(problem).__name__}: {problem}") from problem
        raise


def deliver(
    to: str,
    subject: str,
    text: str,
    html: str | None = None,
    headers: Mapping[str, str] | None = None,
    ref: str | None = None,
) -> None:
    """Deliver now; raises `OSError` or `smtplib.SMTPException` when it fails."""
    settings: Settings = current_app.config["KIN"]
    address = on_the_wire(to)
    message = _message(settings, address, subject, text, html, ref)
    for name, value in (headers or {}).items():
        del message[name]
        message[name] = value
    if settings.mail_url:
        _by_smtp(settings.mail_url, message, address)
    else:
        _into_file(settings.data_dir / "mail", message, quiet=settings.testing)


def on_the_wire(address: str) -> str:
    """The address with its domain as mail servers know it: `ana@bücher.example` is `ana@xn--bcher-kva.example`."""
    if "=?" in address:
        # The library would decode it on the way into the header, line breaks and all.
        raise NoSuchDomain("an encoded word is no address")
    local, at, domain = address.rpartition("@")
    return f"{local}{at}{_ascii(domain)}"


def _ascii(domain: str) -> str:
    if domain.isascii():
        return domain
    try:
        return idna.encode(domain, uts46=True).decode()
    except idna.IDNAError as problem:
        raise NoSuchDomain(f"{domain} cannot be a domain: {problem}") from problem


def is_final(problem: Exception) -> bool:
    """Whether the server will say the same tomorrow: it knows no such person, or wants no such letter."""
    if isinstance(problem, smtplib.SMTPRecipientsRefused):
        codes = [code for code, _said in problem.recipients.values()]
    elif isinstance(problem, smtplib.SMTPAuthenticationError):
        return False  # the operator will mend it
    elif isinstance(problem, NoSuchDomain):
        return True
    elif isinstance(problem, smtplib.SMTPResponseException):
        codes = [problem.smtp_code]
    else:
        return False
    return bool(codes) and all(code >= PERMANENT for code in codes)


def _message(settings: Settings, to: str, subject: str, text: str, html: str | None, ref: str | None) -> EmailMessage:
    host = _ascii(urlsplit(settings.public_url).hostname or "localhost")
    message = EmailMessage(LINES)
    message["From"] = f"Kinmarket <no-reply@{host}>"
    local, _at, domain = to.rpartition("@")
    # As one address, whatever letters it has: a comma would make two of it.
    message["To"] = Address(username=local, domain=domain)
    # A line break in a subject would begin another header.
    message["Subject"] = subject_line(subject)
    message["Date"] = formatdate(usegmt=True)
    message["Message-ID"] = f"<{ref}@{host}>" if ref else make_msgid(domain=host)
    message.set_content(text)
    if html:
        message.add_alternative(html, subtype="html")
    return message


def _by_smtp(url: str, message: EmailMessage, to: str) -> None:
    way = mail_way(url)
    context = ssl.create_default_context()
    if way.tls is Tls.WRAPPED:
        server: smtplib.SMTP = smtplib.SMTP_SSL(way.host, way.port, timeout=TIMEOUT, context=context)
    else:
        server = smtplib.SMTP(way.host, way.port, timeout=TIMEOUT)
    try:
        if way.tls is Tls.STARTED:
            server.ehlo()
            if not server.has_extn("starttls"):
                raise NoEncryption(f"{way.host} offers no encryption; smtp+plain:// sends without it")
            server.starttls(context=context)
        if way.user:
            server.login(way.user, way.password)
        server.send_message(message, to_addrs=[to])
    finally:
        # What the server has taken is taken, whatever it says to a good-bye.
        with suppress(OSError, smtplib.SMTPException):
            server.quit()
        server.close()


def _into_file(folder: Path, message: EmailMessage, *, quiet: bool) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{new_id()}.eml"
    path.write_bytes(bytes(message))
    if not quiet:
        body = message.get_body(("plain",))
        text = body.get_content() if body else ""
        sys.stderr.write(f"\n--- mail to {message['To']}: {message['Subject']}\n{text}---\n")

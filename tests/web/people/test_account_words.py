"""What the library of the account pages has to say is said in the words of the other pages."""

from __future__ import annotations

import re

from flask import Flask
from flask.testing import FlaskClient
from flask_security.core import _default_messages

from app.people.accounts.security import MESSAGES
from tests.support.people import PASSWORD, MemberFactory


def _send(client: FlaskClient, path: str, **form: str) -> str:
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get(path).text)
    assert token
    return client.post(path, data={**form, "csrf_token": token[1]}, follow_redirects=True).text


def test_a_wrong_password_and_an_old_link_are_refused_in_plain_words(
    client: FlaskClient, member: MemberFactory
) -> None:
    member("ana", password=PASSWORD)
    said = _send(client, "/login", email="ana", password="a wrong passphrase")
    assert "Wrong username or password" in said
    assert "identity" not in said
    assert "This link no longer works. Ask for a new one." in client.get("/reset/old", follow_redirects=True).text


def test_every_message_that_is_worded_anew_is_one_of_the_library(app: Flask) -> None:
    assert MESSAGES.keys() <= _default_messages.keys()
    for name, (words, category) in MESSAGES.items():
        assert app.config[f"SECURITY_MSG_{name}"] == (words, category)
        with app.test_request_context():
            assert not re.search(r"authenticat|identity|endpoint|resource", str(words), re.IGNORECASE)

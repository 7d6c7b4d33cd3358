"""Guesses are stopped for each account and each address; the owner gets in all the same."""

from __future__ import annotations

import itertools
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.people.accounts.queries import member_id
from app.people.accounts.service import signin_link
from app.platform.limits import network_of
from tests.support.people import PASSWORD, MemberFactory, sign_in
from tests.web.people.test_joining import mails

NEW = "quite another passphrase"
ADDRESSES = (f"10.{a}.{b}.{c}" for a, b, c in itertools.product(range(200), repeat=3))
NAMES = ["ana", "@ana", "ANA", " ana ", "ana@example.org", "Ana@Example.ORG", "\tana@example.org"]


@pytest.fixture
def town(app: Flask, member: MemberFactory) -> Flask:
    app.config["WTF_CSRF_ENABLED"] = False
    member("ana", password=PASSWORD)
    return app


def attempt(client: FlaskClient, name: str, password: str, address: str | None = None) -> int:
    where = {"REMOTE_ADDR": address or next(ADDRESSES)}
    form = {"email": name, "password": password}
    return client.post("/login", data=form, environ_overrides=where).status_code


def besiege(app: Flask) -> None:
    """Guesses from everywhere, until the account is closed to strangers."""
    for number in range(40):
        if attempt(app.test_client(), NAMES[number % len(NAMES)], f"guess {number}") == 429:
            return
    raise AssertionError("nobody was stopped")


def test_every_name_of_an_account_is_one_bucket(town: Flask) -> None:
    found = [attempt(town.test_client(), NAMES[n % len(NAMES)], f"guess {n}") for n in range(14)]
    # The window slides with the real clock, so a slow machine may let one more through.
    assert 429 not in found[:10]
    assert found[-1] == 429
    for name in NAMES:
        assert attempt(town.test_client(), name, PASSWORD) == 429, "a stranger's right guess is not taken either"


def test_a_name_that_nobody_has_is_stopped_alike(town: Flask) -> None:
    for name in ("nobody_here", "nobody@example.org"):
        found = [attempt(town.test_client(), name, f"guess {n}") for n in range(14)]
        assert 429 not in found[:10]
        assert found[-1] == 429


def test_the_owner_gets_in_from_a_browser_that_was_in_before(town: Flask) -> None:
    mine = town.test_client()
    assert attempt(mine, "ana", PASSWORD) == 302
    mine.post("/logout")
    besiege(town)
    assert attempt(town.test_client(), "ana", PASSWORD) == 429
    assert attempt(mine, "ana", PASSWORD) == 302


def test_a_known_browser_is_no_way_to_guess_on(town: Flask) -> None:
    mine = town.test_client()
    assert attempt(mine, "ana", PASSWORD) == 302
    mine.post("/logout")
    found = [attempt(mine, NAMES[n % len(NAMES)], f"guess {n}") for n in range(14)]
    assert found[-1] == 429
    assert attempt(town.test_client(), "ana", PASSWORD) == 302, "the bucket is the browser's own"


def test_a_browser_of_another_member_is_not_known(town: Flask, member: MemberFactory) -> None:
    member("mallory", password=PASSWORD)
    hers = town.test_client()
    assert attempt(hers, "mallory", PASSWORD) == 302
    hers.post("/logout")
    besiege(town)
    assert attempt(hers, "ana", PASSWORD) == 429
    forged = town.test_client()
    forged.set_cookie("kin_device", "made up")
    assert attempt(forged, "ana", PASSWORD) == 429


def test_the_owner_gets_in_by_a_mailed_link(town: Flask) -> None:
    besiege(town)
    phone = town.test_client()
    assert phone.post("/reset", data={"email": "ana@example.org"}).status_code == 200
    (mail,) = mails(town)
    body = mail.get_body(("plain",))
    assert body is not None
    link = re.search(r"/reset/\S+", body.get_content())
    assert link is not None
    assert phone.post(link[0], data={"password": NEW, "password_confirm": NEW}).status_code == 302
    assert attempt(town.test_client(), "ana", NEW) == 429, "the siege goes on"
    assert attempt(phone, "ana", NEW) == 302, "and the browser that opened the link is the owner's"


def test_the_owner_gets_in_by_a_sign_in_link(town: Flask) -> None:
    link = signin_link(member_id("ana"))
    besiege(town)
    client = town.test_client()
    assert client.post(link).status_code == 302
    assert client.get("/settings/account").status_code == 200


def test_asking_for_links_does_not_shut_the_owner_out(town: Flask) -> None:
    """Others may use up the mails of the hour: they lie in the owner's mailbox, and the answer is the same."""
    for _turn in range(9):
        where = {"REMOTE_ADDR": next(ADDRESSES)}
        for name in ("ana", "ana@example.org"):
            answer = town.test_client().post("/reset", data={"email": name}, environ_overrides=where)
            assert answer.status_code == 200
    assert 5 <= len(mails(town)) <= 6


DOORS = [
    ("/verify", {"password": "?"}),
    ("/settings/password", {"password": "?", "new_password": NEW, "new_password_confirm": NEW}),
    ("/settings/account/token", {"password": "?"}),
    ("/settings/account/email", {"email": "new@example.org", "password": "?"}),
    ("/settings/privacy/delete", {"handle": "ana", "password": "?"}),
]


def test_doors_inside_are_one_bucket_and_the_sessions_own(town: Flask) -> None:
    """A session that was left open somewhere is no place to guess at leisure."""
    thief, owner = town.test_client(), town.test_client()
    for client in (thief, owner):
        assert attempt(client, "ana", PASSWORD) == 302
    stopped = 0
    for number, (path, form) in enumerate(DOORS * 3):
        guess = {name: f"guess {number}" if value == "?" else value for name, value in form.items()}
        answer = thief.post(path, data=guess, environ_overrides={"REMOTE_ADDR": next(ADDRESSES)})
        stopped += answer.status_code == 429
        assert number >= 10 or answer.status_code != 429, (path, number)
    assert stopped >= 3
    for path, form in DOORS:
        right = {name: PASSWORD if value == "?" else value for name, value in form.items()}
        refused = thief.post(path, data=right, environ_overrides={"REMOTE_ADDR": next(ADDRESSES)})
        assert refused.status_code == 429, path
    assert owner.post("/settings/account/token", data={"password": PASSWORD}).status_code == 200


def test_every_form_that_takes_a_password_is_in_the_walk(town: Flask) -> None:
    """By what the pages show: a new one must be added to `DOORS` here and in `test_passwords`."""
    client = town.test_client()
    sign_in(town, client, "ana")
    found = set()
    for rule in town.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and not rule.arguments and not rule.rule.startswith(("/api", "/static")):
            page = client.get(rule.rule).text
            for form in re.findall(r"<form.*?</form>", page, re.DOTALL):
                if 'type="password"' in form and "new-password" not in form.replace("new_password", ""):
                    action = re.search(r'action="([^"?]+)', form)
                    found.add(action[1] if action else rule.rule)
    assert found == {path for path, _form in DOORS if path != "/settings/password"} | ({"/settings/password"} & found)


@pytest.mark.parametrize(
    ("addresses", "networks"),
    [
        (["2001:db8:1:2::1", "2001:db8:1:2:ffff::9", "2001:0db8:0001:0002:0:0:0:7"], 1),
        (["2001:db8:1:2::1", "2001:db8:1:3::1"], 2),
        (["192.0.2.7", "::ffff:192.0.2.7", "::ffff:c000:207"], 1),
        (["192.0.2.7", "192.0.2.8"], 2),
        (["fe80::1%eth0", "fe80::1%eth1"], 1),
        (["", "not an address"], 2),
    ],
)
def test_a_network_is_one_asker(addresses: list[str], networks: int) -> None:
    assert len({network_of(one) for one in addresses}) == networks


@pytest.mark.parametrize("path", ["/login", "/reset", "/register"])
def test_an_ipv6_customer_is_one_address(town: Flask, path: str) -> None:
    found = []
    for number in range(45):
        form = {"email": f"name{number}", "password": "guess number 1", "handle": f"name{number}", "name": "N"}
        where = {"REMOTE_ADDR": f"2001:db8:1:2::{number + 1:x}"}
        found.append(town.test_client().post(path, data=form, environ_overrides=where).status_code)
    assert found[-1] == 429
    form = {"email": "name", "password": "guess number 1", "handle": "x", "name": "N"}
    other = town.test_client().post(path, data=form, environ_overrides={"REMOTE_ADDR": "2001:db8:1:3::1"})
    assert other.status_code != 429

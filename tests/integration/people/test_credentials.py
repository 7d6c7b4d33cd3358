"""Event × credential: what each of them ends, cell by cell, seen from outside."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_security.recoverable import generate_reset_password_token
from sqlalchemy import select

from app.notifications.devices.models import PushDevice
from app.notifications.devices.service import digest_of as endpoint_digest
from app.people.accounts import email_change, email_confirmation, queries, service
from app.people.accounts.credentials import ENDS, Why
from app.people.accounts.models import KnownDevice, Member
from app.people.accounts.queries import device_digest
from app.people.data_requests.service import erase_member
from app.platform.database import EventRow, db, unit_of_work
from tests.support.people import PASSWORD, MemberFactory

NEW = "quite another passphrase"
HERE, ELSEWHERE = "browser here", "browser elsewhere"

# What opens something before the event: does it still, afterwards? In the order of `SEEN`.
SEEN = (
    *("this session", "its copy", "its remember-me", "other session", "other remember-me", "session without row"),
    *("reset link", "sign-in link", "address link", "API token"),
    *("this one's alerts", "other alerts", "other known device"),
)
LIVES: dict[Why, str] = {
    #                          here copy rem  other rem  old  | reset sign addr | token | alerts here, other | device
    Why.SIGN_OUT:            "  -    -    -    +     +    +       +     +    +      +         -       +          +",
    Why.SIGN_OUT_EVERYWHERE: "  -    -    -    -     -    -       -     -    -      +         -       -          -",
    Why.PASSWORD_CHANGE:     "  +    -    -    -     -    -       -     -    -      -         +       -          -",
    Why.PASSWORD_RESET:      "  -    -    -    -     -    -       -     -    -      -         -       -          -",
    Why.EMAIL_CHANGE:        "  +    +    +    +     +    -       -     -    -      +         +       +          +",
    Why.TOKENS_REVOKED:      "  +    +    +    +     +    +       +     +    +      -         +       +          +",
    Why.STAFF_ROLE:          "  -    -    -    -     -    -       -     -    -      -         +       +          +",
    Why.SUSPENSION:          "  -    -    -    -     -    -       -     -    -      -         +       +          -",
    Why.ERASURE:             "  -    -    -    -     -    -       -     -    -      -         -       -          -",
}  # fmt: skip
# Whose sockets are told to prove themselves again.
CUTS: dict[Why, set[str]] = {
    Why.SIGN_OUT: {"SignedOut"},
    Why.SIGN_OUT_EVERYWHERE: {"SignedOut"},
    Why.PASSWORD_CHANGE: {"SignedOut", "TokensRevoked"},
    Why.PASSWORD_RESET: {"SignedOut", "TokensRevoked"},
    Why.EMAIL_CHANGE: set(),
    Why.TOKENS_REVOKED: {"TokensRevoked"},
    Why.STAFF_ROLE: {"SignedOut", "TokensRevoked"},
    Why.SUSPENSION: {"SignedOut", "TokensRevoked", "MemberSuspended"},
    Why.ERASURE: {"SignedOut", "TokensRevoked", "MemberErased"},
}


def cookies(client: FlaskClient) -> dict[str, str]:
    found = {name: client.get_cookie(name) for name in ("kin_session", "remember_token")}
    return {name: one.value for name, one in found.items() if one is not None}


def viewer_by(app: Flask, **given: str) -> str | None:
    """Who a browser with these cookies is."""
    client = app.test_client()
    for name, value in given.items():
        client.set_cookie(name, value)
    found = re.search(r'data-viewer="([^"]+)"', client.get("/settings/privacy").text)
    return found[1] if found else None


def enter(app: Flask, handle: str, agent: str) -> FlaskClient:
    client = app.test_client()
    form = {"email": handle, "password": PASSWORD, "remember": "y"}
    assert client.post("/login", data=form, headers={"User-Agent": agent}).status_code == 302
    return client


def alert(app: Flask, client: FlaskClient, member_id: int, name: str) -> None:
    """The row that the browser's own request makes (its keys are tried elsewhere)."""
    with client.session_transaction() as session:
        digest = queries.digest_of(session["_user_id"])
    with unit_of_work():
        db.session.add(
            PushDevice(
                id=f"{name}"[:26], member_id=member_id, endpoint=name, endpoint_digest=endpoint_digest(name),
                session=digest, p256dh="", auth="", label=name,
            )
        )  # fmt: skip


@dataclass
class Held:
    """Everything that opens Ana's account, or tells of it."""

    app: Flask
    ident: int
    here: FlaskClient
    kept: dict[str, dict[str, str]]
    old: str
    reset: str
    link: str
    address: str
    token: str
    device: str

    def lives(self) -> list[bool]:
        app = self.app
        me = app.test_client().get("/api/v1/me", headers={"Authorization": f"Bearer {self.token}"})
        alerts = set(db.session.scalars(select(PushDevice.endpoint).where(PushDevice.member_id == self.ident)))
        asked = app.test_client().get(f"/reset/{self.reset}")
        return [
            viewer_by(app, **cookies(self.here)) is not None,
            viewer_by(app, kin_session=self.kept[HERE]["kin_session"]) is not None,
            viewer_by(app, remember_token=self.kept[HERE]["remember_token"]) is not None,
            viewer_by(app, kin_session=self.kept[ELSEWHERE]["kin_session"]) is not None,
            viewer_by(app, remember_token=self.kept[ELSEWHERE]["remember_token"]) is not None,
            queries.viewer_of(self.old) is not None,
            asked.status_code == 200,
            app.test_client().get(self.link).status_code == 200,
            self._address_lives(),
            me.status_code == 200,
            HERE in alerts,
            ELSEWHERE in alerts,
            db.session.scalar(select(KnownDevice.digest).where(KnownDevice.digest == self.device)) is not None,
        ]

    def _address_lives(self) -> bool:
        try:
            return bool(email_change.peek_email(self.ident, self.address))
        except Exception:  # noqa: BLE001 - any refusal is one
            return False


Happen = Callable[[Held], object]


def change_password(held: Held) -> object:
    form = {"password": PASSWORD, "new_password": NEW, "new_password_confirm": NEW}
    return held.here.post("/settings/password", data=form)


def reset_password(held: Held) -> object:
    return held.app.test_client().post(f"/reset/{held.reset}", data={"password": NEW, "password_confirm": NEW})


def another_address(held: Held) -> object:
    token = _address_token(held.ident, "third@example.org")
    return held.here.post(f"/settings/account/email/{token}")


HAPPEN: dict[Why, Happen] = {
    Why.SIGN_OUT: lambda held: held.here.post("/logout"),
    Why.SIGN_OUT_EVERYWHERE: lambda held: held.here.post("/settings/account/sign-out-everywhere"),
    Why.PASSWORD_CHANGE: change_password,
    Why.PASSWORD_RESET: reset_password,
    Why.EMAIL_CHANGE: another_address,
    Why.TOKENS_REVOKED: lambda held: held.here.post("/settings/account/tokens/revoke"),
    Why.STAFF_ROLE: lambda held: service.grant_role(held.ident, "moderator"),
    Why.SUSPENSION: lambda held: service.suspend(queries.member_id("olga"), held.ident),
    Why.ERASURE: lambda held: erase_member(held.ident, "ana"),
}


def _address_token(ident: int, email: str) -> str:
    return str(email_change._signer().dumps([ident, email, email_change._mark(queries.get_member(ident))]))


@pytest.fixture
def held(app: Flask, member: MemberFactory) -> Held:
    app.config.update(WTF_CSRF_ENABLED=False, RATELIMIT_ENABLED=False)
    member("olga", role="operator")
    ident = member("ana", password=PASSWORD)
    here, elsewhere = enter(app, "ana", HERE), enter(app, "ana", ELSEWHERE)
    alert(app, here, ident, HERE)
    alert(app, elsewhere, ident, ELSEWHERE)
    device = elsewhere.get_cookie("kin_device")
    assert device is not None
    reset = str(generate_reset_password_token(db.session.get_one(Member, ident)))  # type: ignore[no-untyped-call]
    return Held(
        app=app,
        ident=ident,
        here=here,
        kept={HERE: cookies(here), ELSEWHERE: cookies(elsewhere)},
        old=queries.get_member(ident).fs_uniquifier,
        reset=reset,
        link=service.signin_link(ident),
        address=_address_token(ident, "second@example.org"),
        token=service.issue_token(ident),
        device=device_digest(ident, device.value),
    )


def test_every_event_has_its_line() -> None:
    assert set(LIVES) == set(HAPPEN) == set(CUTS) == set(ENDS) == set(Why)


@pytest.mark.parametrize("why", Why, ids=lambda why: why.name.lower())
def test_what_an_event_ends(held: Held, why: Why) -> None:
    assert dict(zip(SEEN, held.lives(), strict=True)) == dict.fromkeys(SEEN, True), "all of it opens, before"
    last = db.session.scalar(select(EventRow.id).order_by(EventRow.id.desc()).limit(1)) or 0
    answer = HAPPEN[why](held)
    assert getattr(answer, "status_code", 302) in {302, 303}
    db.session.rollback()
    recorded = set(db.session.scalars(select(EventRow.name).where(EventRow.id > last)))
    assert recorded & {"SignedOut", "TokensRevoked", "MemberSuspended", "MemberErased"} == CUTS[why]
    wanted = [sign == "+" for sign in LIVES[why].split()]
    assert dict(zip(SEEN, held.lives(), strict=True)) == dict(zip(SEEN, wanted, strict=True))


def test_a_suspended_members_credentials_stay_ended(held: Held) -> None:
    olga = queries.member_id("olga")
    service.suspend(olga, held.ident)
    service.reinstate(olga, held.ident)
    db.session.rollback()
    opens = dict(zip(SEEN, held.lives(), strict=True))
    assert not any(opens[name] for name in SEEN if "alerts" not in name), opens


def test_a_confirmation_ends_with_its_use_and_with_another_address(app: Flask, member: MemberFactory) -> None:
    olga = member("olga", role="operator")
    for ended in (
        lambda ident, token: email_confirmation.confirm(token),
        lambda ident, token: service.suspend(olga, ident),
        lambda ident, token: erase_member(ident, queries.get_member(ident).handle),
        lambda ident, token: email_change.confirm_email(ident, _address_token(ident, f"other{ident}@example.org")),
    ):
        ident = service.add_member(f"bo{queries.digest_of(str(ended))[:6]}", unconfirmed_email="bo@example.org")
        token = str(email_confirmation._signer().dumps([ident, "bo@example.org"]))
        assert email_confirmation.peek(token)[0] == "bo@example.org"
        ended(ident, token)
        db.session.rollback()
        with pytest.raises(Exception, match="already used"):
            email_confirmation.confirm(token)
        with unit_of_work():
            queries.get_member(ident).email = None


def test_a_browser_that_signs_in_as_somebody_else_leaves_the_first(held: Held, member: MemberFactory) -> None:
    """A sign-in link opened by a signed-in browser: the session of before is over, its alerts too."""
    link = service.signin_link(member("bo"))
    assert held.here.post(link).status_code == 302
    assert viewer_by(held.app, **cookies(held.here)) == "bo"
    assert viewer_by(held.app, kin_session=held.kept[HERE]["kin_session"]) is None
    assert HERE not in set(db.session.scalars(select(PushDevice.endpoint)))
    assert viewer_by(held.app, kin_session=held.kept[ELSEWHERE]["kin_session"]) == "ana"


def test_a_session_from_outside_is_not_taken_over(app: Flask, member: MemberFactory) -> None:
    """Fixation: what was in the browser before the sign-in is not what counts after it."""
    app.config["WTF_CSRF_ENABLED"] = False
    member("ana", password=PASSWORD)
    client = app.test_client()
    client.get("/login")
    planted = cookies(client)
    client.post("/login", data={"email": "ana", "password": PASSWORD})
    assert viewer_by(app, **planted) is None
    first = cookies(client)["kin_session"]
    client.post("/logout")
    client.post("/login", data={"email": "ana", "password": PASSWORD})
    assert viewer_by(app, kin_session=first) is None
    assert viewer_by(app, **cookies(client)) == "ana"


def test_flask_securitys_own_tokens_open_nothing(held: Held) -> None:
    member = db.session.get_one(Member, held.ident)
    token = str(member.get_auth_token())  # type: ignore[no-untyped-call]
    db.session.rollback()
    for given in ({"headers": {"Authentication-Token": token}}, {"query_string": {"auth_token": token}}):
        answer = held.app.test_client().post(
            "/settings/password", data={"password": PASSWORD, "new_password": NEW, "new_password_confirm": NEW}, **given
        )
        assert answer.status_code in {302, 401, 403}
        assert "/settings/profile" not in answer.headers.get("Location", "")
        assert held.app.test_client().get("/settings/account", **given).status_code == 302
    assert queries.get_member(held.ident).verify_and_update_password(PASSWORD)

"""Every absolute address is KINMARKET_PUBLIC_URL's, whatever a request says about its host."""

from __future__ import annotations

import email
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from email import policy
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app import create_app
from app.community.items.service import add_item
from app.community.recommendations.service import recommend
from app.marketing.advocates.service import become_advocate
from app.merchants.stores.queries import get_by_slug
from app.merchants.stores.service import open_store
from app.people.accounts.service import issue_token
from app.people.invites.service import invite_code
from app.platform.database import db
from app.platform.settings import BadSetting, load_settings
from tests.support.databases import settings_for
from tests.support.people import PASSWORD, MemberFactory, SeparateClient, sign_in

OURS = "https://kin.example"
# Long enough not to stand in a random token by chance.
FOREIGN = re.compile(r"evil\.example|evil:|/evil|bcher-kva|bücher|b%c3%bccher", re.IGNORECASE)
ADDRESS = re.compile(r"""\bhttps?://[^\s"'<>)\\]+""")
# Vocabularies and licences that pages name; nobody is led there as if it was us.
WELL_KNOWN = ("http://www.w3.org/", "https://schema.org", "https://spec.openapis.org", "https://json-schema.org")

HOSTILE: list[dict[str, str]] = [
    {"Host": "evil.example"},
    {"Host": "evil.example:443"},
    {"Host": "xn--bcher-kva.example"},
    {"Host": "kin.example.evil.example"},
    {"Host": "kin.example@evil.example"},
    {"Host": "evil.example/kin.example"},
    {"Host": "kin.example", "X-Forwarded-Host": "evil.example"},
    {"Host": "kin.example", "X-Forwarded-Host": "xn--bcher-kva.example"},
    {"Host": "kin.example", "X-Forwarded-Host": "evil.example, kin.example"},
    {"Host": "kin.example", "Forwarded": "host=evil.example;proto=https"},
    {"Host": "kin.example", "X-Forwarded-Proto": "evil", "X-Forwarded-Prefix": "/evil"},
    {"Host": "kin.example", "X-Forwarded-Port": "666", "X-Original-Host": "evil.example"},
]


@dataclass
class World:
    app: Flask
    pages: list[str]
    token: str

    def browser(self, handle: str | None = None) -> FlaskClient:
        """Its session goes along whatever the host, as a browser's does that was pointed here by a foreign name."""
        client = self.app.test_client(use_cookies=False)
        if handle:
            signed = self.app.test_client()
            sign_in(self.app, signed, handle)
            cookie = signed.get_cookie("kin_session")
            assert cookie is not None
            client.environ_base["HTTP_COOKIE"] = f"kin_session={cookie.value}"
        return client

    def mails(self) -> list[email.message.EmailMessage]:
        folder: Path = self.app.config["KIN"].data_dir / "mail"
        found = [email.message_from_bytes(one.read_bytes(), policy=policy.default) for one in folder.glob("*.eml")]
        for one in folder.glob("*.eml"):
            one.unlink()
        return found


@pytest.fixture(params=[0, 1], ids=["no-proxy", "one-proxy"])
def world(request: pytest.FixtureRequest, database_url: str, tmp_path: Path) -> Iterator[World]:
    settings = settings_for(database_url, tmp_path / "data", trusted_proxies=request.param)
    app = create_app(replace(settings, public_url=OURS))
    app.test_client_class = SeparateClient
    app.config.update(WTF_CSRF_ENABLED=False, SESSION_COOKIE_SECURE=False, RATELIMIT_ENABLED=False)
    with app.app_context():
        member = MemberFactory(app)
        ana, mia = member("ana", password=PASSWORD), member("mia", role="merchant")
        open_store(mia, name="Mia’s", slug="mias")
        become_advocate(ana, get_by_slug(None, "mias").id, consent=True)
        item = add_item(ana, kind="product", title="A kettle")
        said = recommend(ana, item, "recommend", text="It boils.", rating=5)
        pages = [
            *(f"/items/{item}", "/s/mias", "/m/ana", f"/i/{invite_code(ana)}", "/settings/invite", "/settings/account"),
            *("/", "/explore", "/items", "/market", "/login", "/register", "/reset", "/api/v1/openapi.json"),
            *("/api/v1/docs", "/manifest.webmanifest", "/sw.js", "/offline", "/messages", "/notifications", "/nowhere"),
            *(f"/recommendations/{said}", "//items", "/healthz"),
        ]
        yield World(app, pages, issue_token(ana))
        db.session.remove()
        db.engine.dispose()


def foreign(answer: TestResponse) -> str | None:
    said = answer.get_data(as_text=True) + "\n" + str(answer.headers)
    # What an answer repeats of a search or a `next` is no address.
    found = FOREIGN.search(said)
    return said[max(0, found.start() - 60) : found.end() + 60] if found else None


def test_a_foreign_host_gets_into_nothing(world: World) -> None:
    wrong = []
    for number, headers in enumerate(HOSTILE):
        for place, page in enumerate(world.pages):
            # A member or a stranger by turns: with the next headers it is the other.
            for handle in ("ana", None)[(number + place) % 2 :][:1]:
                answer = world.browser(handle).get(page, headers=headers)
                assert answer.status_code < 500, (page, headers)
                if (found := foreign(answer)) is not None:
                    wrong.append(f"{page} {headers}: {found}")
        api = world.browser().get("/api/v1/members/ana", headers={**headers, "Authorization": f"Bearer {world.token}"})
        assert foreign(api) is None, headers
        for path, form in [
            ("/login", {"email": "ana", "password": PASSWORD}),
            ("/logout", {}),
            ("/reset", {"email": "ana@example.org"}),
        ]:
            sent = world.browser("ana" if path == "/logout" else None).post(path, data=form, headers=headers)
            assert foreign(sent) is None, (path, headers)
        asked = world.browser("ana").post(
            "/settings/account/email", data={"email": "new@example.org", "password": PASSWORD}, headers=headers
        )
        assert foreign(asked) is None, headers
        for mail in world.mails():
            assert not FOREIGN.search(mail.as_string()), headers
            text = mail.get_body(("plain",))
            assert text is not None
            for link in ADDRESS.findall(text.get_content()):
                assert link.startswith(f"{OURS}/"), (headers, link)
    assert not wrong, "\n".join(wrong)


def test_a_reset_link_leads_home(world: World) -> None:
    for headers in ({"Host": "kin.example"}, {"Host": "kin.example:443"}, {"Host": "KIN.example"}):
        assert world.browser().post("/reset", data={"email": "ana@example.org"}, headers=headers).status_code == 200
        (mail,) = world.mails()
        text = mail.get_body(("plain",))
        assert text is not None
        assert re.search(rf"{OURS}/reset/[\w.-]+", text.get_content()), headers


def test_what_pages_say_of_themselves_is_ours(world: World) -> None:
    """canonical, og:url, JSON-LD, share and advocate links, the API's servers: found, and all ours."""
    seen: set[str] = set()
    for page in world.pages:
        answer = world.browser("ana").get(page, headers={"Host": "kin.example"})
        for link in ADDRESS.findall(answer.get_data(as_text=True)):
            if not link.startswith(WELL_KNOWN):
                assert link.startswith(OURS), (page, link)
                seen.add(page)
    assert {page.split("/")[1] for page in seen} >= {"recommendations", "s", "settings"}
    spec = world.browser().get("/api/v1/openapi.json", headers={"Host": "kin.example"})
    assert spec.get_json()["servers"] == [{"url": OURS}]


def test_machines_may_ask_by_any_name(world: World) -> None:
    """A container's health check and Prometheus know the server by another name."""
    for path in ("/healthz", "/metrics"):
        for host in ("127.0.0.1:8000", "app:8000", "10.0.0.7"):
            assert world.browser().get(path, headers={"Host": host}).status_code == 200
    assert world.browser().get("/", headers={"Host": "app:8000"}).status_code == 400


def test_a_proxy_may_pass_on_the_loopback_address(app: Flask, client: FlaskClient) -> None:
    for host in ("localhost:8000", "127.0.0.1:8000", "localhost"):
        assert client.get("/login", headers={"Host": host}).status_code == 200
    assert client.get("/login", headers={"Host": "kin.example"}).status_code == 400
    assert app.config["TRUSTED_HOSTS"] == ["127.0.0.1", "localhost"]


@pytest.mark.parametrize(
    "value",
    [
        *("https://kin.example/town", "https://kin.example?x", "https://kin.example#x", "https://me@kin.example"),
        *("https://kin.example:port", "https://[", "http://[::g]:8000", "javascript:alert(1)", "https://"),
    ],
)
def test_an_address_that_no_link_could_begin_with_stops_the_start(tmp_path: Path, value: str) -> None:
    with pytest.raises(BadSetting, match="KINMARKET_PUBLIC_URL"):
        load_settings({"KINMARKET_DATA_DIR": str(tmp_path), "KINMARKET_PUBLIC_URL": value})


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        ("https://Bücher.example/", "https://xn--bcher-kva.example"),
        ("https://Kin.Example:443/", "https://kin.example:443"),
        ("http://[2001:DB8:0::1]:8000", "http://[2001:db8::1]:8000"),
    ],
)
def test_a_name_is_kept_as_browsers_send_it(tmp_path: Path, value: str, kept: str) -> None:
    settings = load_settings({"KINMARKET_DATA_DIR": str(tmp_path), "KINMARKET_PUBLIC_URL": value})
    assert settings.public_url == kept


def test_a_bare_ipv6_address_is_a_name_as_any_other(app: Flask, tmp_path: Path) -> None:
    settings = replace(app.config["KIN"], public_url="http://[2001:db8::1]:8000", data_dir=tmp_path)
    client = create_app(settings).test_client()
    for host, status in (
        *(("[2001:db8::1]:8000", 200), ("[2001:DB8::1]", 200), ("localhost:8000", 200)),
        *(("[2001:db8::2]:8000", 400), ("evil.example", 400), ("[2001", 400)),
    ):
        answer = client.get("/login", headers={"Host": host})
        assert answer.status_code == status, host
        assert "evil" not in answer.text
    assert "http://[2001:db8::1]:8000" in client.get("/api/v1/openapi.json", headers={"Host": "localhost"}).text


def test_nobody_asks_the_request_for_its_host() -> None:
    """The kind's root: what would make an address from the request."""
    root = Path(__file__).parents[3]
    asks = re.compile(r"request\.(host|host_url|url_root|root_url|base_url|url)\b|_external\s*=")
    found = [
        f"{path.relative_to(root)}: {line.strip()}"
        for folder in ("app", "templates")
        for path in (root / folder).rglob("*")
        if path.suffix in {".py", ".html", ".txt"}
        for line in path.read_text().splitlines()
        if asks.search(line) and "`url_for(" not in line
    ]
    assert not found, "\n".join(found)

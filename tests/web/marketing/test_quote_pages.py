"""A merchant asks to quote somebody and records a purchase; the store page follows at once."""

from __future__ import annotations

import re
from collections.abc import Callable

from flask import Flask
from flask.testing import FlaskClient

from app.community.items.service import add_item
from app.community.recommendations.service import recommend
from app.merchants.stores.service import add_product, open_store
from app.people.accounts.service import issue_token
from app.platform.event_log import run_reactions
from tests.support.people import MemberFactory

SignIn = Callable[[FlaskClient, str], FlaskClient]


def test_asked_agreed_shown_withdrawn_and_bought(app: Flask, member: MemberFactory, signed_in: SignIn) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    mira, bo = member("mira", role="merchant"), member("bo")
    store = open_store(mira, name="Bean Bar", slug="bean-bar", about="Coffee")
    beans = add_item(mira, kind="product", title="Beans")
    add_product(mira, store, beans, 1250, "EUR")
    said = recommend(bo, beans, "recommend", text="I drink <b>nothing</b> else", disclosure="gifted")
    merchant, author, guest = (app.test_client() for _ in range(3))
    signed_in(merchant, "mira")
    signed_in(author, "bo")

    def quoted() -> bool:
        return "What members say" in guest.get("/s/bean-bar").text

    assert "Ask Bo" in merchant.get("/store/quotes").text
    assert merchant.post("/store/quotes", data={"recommendation": said, "use": ""}).status_code == 303
    again = merchant.post("/store/quotes", data={"recommendation": said, "use": "store page"})
    assert again.status_code == 409
    assert "You have already asked for this." in again.text
    assert merchant.post("/store/quotes", data={"recommendation": "nothing"}).status_code == 404
    assert merchant.post("/store/quotes", data={"recommendation": said, "use": "x" * 121}).status_code == 422
    assert not quoted()
    page = author.get("/quotes").text
    agree = re.search(r"/quotes/[0-9a-z]{26}/agree", page)
    assert agree
    assert "on its store page" in page
    assert merchant.post(agree[0]).status_code == 403
    assert author.post(agree[0]).status_code == 303
    assert quoted()
    shown = guest.get("/s/bean-bar").text
    assert "I drink &lt;b&gt;nothing&lt;/b&gt; else" in shown
    assert "Gifted" in shown
    assert author.post(agree[0].replace("agree", "withdraw")).status_code == 303
    assert not quoted()
    head = {"Authorization": f"Bearer {issue_token(bo)}"}
    assert guest.post(f"/api/v1{agree[0]}", headers=head).json["status"] == "agreed"  # type: ignore[index] # there is a body
    assert quoted()
    assert guest.get("/api/v1/store/quotes", headers=head).status_code == 403

    refused = merchant.post("/store/purchases", data={"handle": "nobody", "item": beans})
    assert refused.status_code == 422
    assert 'value="nobody"' in refused.text
    assert merchant.post("/store/purchases", data={"handle": "@bo", "item": beans}).status_code == 303
    run_reactions()
    assert "Purchase confirmed" not in guest.get(f"/items/{beans}").text
    assert "Did you buy Beans from Bean Bar?" in author.get("/purchases").text
    yes = re.search(r"/purchases/[0-9a-z]{26}/confirm", author.get("/purchases").text)
    assert yes
    assert merchant.post(yes[0]).status_code == 404
    assert author.post(yes[0]).status_code == 303
    run_reactions()
    assert "Purchase confirmed by Bean Bar" in guest.get(f"/items/{beans}").text
    withdraw = re.search(r"/store/purchases/[0-9a-z]{26}/withdraw", merchant.get("/store/purchases").text)
    assert withdraw
    assert author.post(withdraw[0]).status_code == 403
    assert merchant.post(withdraw[0]).status_code == 303
    run_reactions()
    assert "Purchase confirmed" not in guest.get(f"/items/{beans}").text
    body = {"member": "bo", "item": beans}
    assert guest.post("/api/v1/purchases", json=body, headers=head).status_code == 403

"""Every form that is sent wrong: what is wrong stands above it with links, and at the fields; nothing typed is lost."""

from __future__ import annotations

import re
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.kernel.ids import ListingId
from app.messaging.conversations.service import send_message
from app.messaging.conversations.starting import start_conversation
from tests.support.access import routes
from tests.support.access_town import OWNER, AccessTown, build_access_town
from tests.support.form_registry import FORMS, Form
from tests.support.forms import forms_of
from tests.support.people import sign_in

ROLES = {"/asks/<ask_id>/answers": "member", "/moderation": "moderator", "/trust/reputation": "operator"}
# What the owner can't do: an offer for their own, and to be introduced to whom they know.
SENDERS = {"/market/<listing_id>/offer": "member", "/introductions/to/<handle>": "member"}
MARK = "Grüße & <b>"
# What nobody can type wrongly: buttons, choices out of a list, switches.
CHOSEN = {
    *("/asks/<ask_id>/thanks", "/messages/<conversation_id>/mute", "/messages/<conversation_id>/react/<message_id>"),
    *("/market/<listing_id>/save", "/market/<listing_id>/pin", "/recommendations/<recommendation_id>/helpful"),
    *("/recommendations/<recommendation_id>/save", "/s/<slug>/advocate", "/searches/<saved_id>/cadence"),
    *("/settings/chat", "/settings/feed", "/searches"),
}
# Forms in a row of a list, one of many on their page: what was refused is told on a page that has it all to send again.
IN_ROWS = {
    *("/moderation/held/<message_id>/release", "/moderation/held/<message_id>/drop", "/moderation/merges/<merge_id>"),
    *("/moderation/members/<handle>/reinstate", "/store/quotes", "/messages/<conversation_id>/people"),
    *("/messages/<conversation_id>/rename", "/cart/lines", "/cart/coupons", "/store/taxes/remove"),
}
# A conversation says it at its composer, where one looks.
COMPOSER = {"/messages/<conversation_id>", "/messages/<conversation_id>/photos"}
# The token's form has one field, which an account without a password has not: there is nothing to type.
NOTHING = {"/settings/account/token"}
# Of the answers to an offer only this one is typed; the others are buttons, which the town's own value presses.
TYPED = {
    "/offers/<offer_id>/<any(accept, counter, decline, withdraw):verb>": {"verb": "counter"},
    "/moderation/order-cases/<case_id>/<any(claim, say, decide):action>": {"action": "decide"},
}
# Nothing typed is right there: the seller answers every offer themselves.
BAD = {"/market/<listing_id>/offer-terms": {"accept_from": MARK}}


def typed_names(form: Form) -> set[str]:
    units = form.edits.units if form.edits else []
    names = {*(form.good or {}), *(form.makes.typed if form.makes else {})}
    return names | {name for one, _other in units for name in one}


def wrong(names: set[str]) -> dict[str, str]:
    """Nothing where something must be, but for one field of words, which has to come back."""
    kept = next((one for one in ("description", "why", "bio", "about", "place", "topic") if one in names), None)
    return {name: MARK if name == kept else "" for name in names}


def test_what_is_wrong_stands_above_the_form_and_at_its_field(app: Flask, subtests: pytest.Subtests) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    town = build_access_town(app)
    talk_about(town)
    seen = 0
    for method, rule in routes(app):
        form = FORMS.get(rule.rule) if method == "POST" else None
        names = typed_names(form) if form and not form.by_script else set()
        if not names or rule.rule in CHOSEN | IN_ROWS | COMPOSER | NOTHING:
            continue
        client = app.test_client()
        if not rule.rule.startswith(("/register", "/reset")):
            role = next((r for p, r in ROLES.items() if rule.rule.startswith(p)), OWNER)
            sign_in(app, client, town.handle(SENDERS.get(rule.rule, role)))
        path = rule.rule
        for name, value in {**town.values(rule.rule), **TYPED.get(rule.rule, {})}.items():
            path = re.sub(rf"<(?:[^<>]*:)?{name}>", str(value), path)
        with subtests.test(rule.rule):
            check(client, path, BAD.get(rule.rule) or wrong(names), rule.rule)
        seen += 1
    assert seen > 15


def talk_about(town: AccessTown) -> None:
    """Somebody for whom Olli may set it aside: they have asked about it."""
    cora, olli, listing = town.people["cora"], town.people["olli"], ListingId(town.ids["listing_id"])
    place, _new = start_conversation(cora, [olli], listing, seller_id=olli)
    send_message(cora, place, "still-there", "Is it still there?")


def check(client: FlaskClient, path: str, sent: dict[str, str], rule: str) -> None:
    answer = client.post(path, data=sent)
    page = answer.text
    assert answer.status_code in {200, 422}, (rule, answer.status_code)
    summary = re.search(r'<div class="error-list".*?</div>', page, re.DOTALL)
    assert summary, f"{rule}: nothing is said above the form"
    assert "This field is required" not in page, f"{rule}: not in our words"
    aims = re.findall(r'href="#([^"]+)"', summary[0])
    assert aims, f"{rule}: the summary leads to no field"
    for aim in aims:
        assert f'id="{aim}"' in page, f"{rule}: there is no field {aim}"
    if rule != "/settings/notifications":  # one line says which of its four hours or zones is meant
        assert re.search(rf'id="{aims[0]}-error"[^>]*>[^<]', page), f"{rule}: nothing is said at {aims[0]}"
        assert re.search(rf'aria-describedby="[^"]*\b{aims[0]}-error"', page), (
            f"{rule}: {aims[0]} is not described by it"
        )
    for name, value in sent.items():
        if value:
            back = [unescape(one).strip() for form in forms_of(page) for one in form.data().get(name, [])]
            assert value in back, f"{rule}: what was typed into {name} is lost"

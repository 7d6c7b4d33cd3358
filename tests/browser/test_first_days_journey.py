"""The first days of a member, on a phone, by touch: first steps, the feed, and vouching for people to meet."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from app.community.items.service import add_item
from app.community.recommendations.service import recommend
from app.kernel.clock import clock
from app.platform.event_log import run_reactions
from app.trust.reputation import service as reputation
from app.trust.vouches.service import vouch
from tests.support.browser_fixtures import PHONE, OpenPage
from tests.support.people import MemberFactory

pytestmark = [pytest.mark.databases("sqlite"), pytest.mark.xdist_group("browser")]


def by_touch(open_page: OpenPage, handle: str) -> Page:
    return open_page(handle, viewport=PHONE, has_touch=True, reduced_motion="reduce")


def test_a_card_of_two_who_recommend_is_opened_saved_and_commented_on(
    open_page: OpenPage, member: MemberFactory
) -> None:
    ana, bo, cem = (member(name.lower(), name=name) for name in ("Ana", "Bo", "Cem"))
    for other in (bo, cem):
        vouch(ana, other, "trust_fully")
    mill = add_item(cem, kind="place", title="The mill bakery", category="Food")
    recommend(bo, mill, "recommend", text="Rye on Fridays.")
    recommend(cem, mill, "recommend", text="Go early.")
    run_reactions()
    page = by_touch(open_page, "ana")
    page.goto("/")
    card = page.get_by_role("article").filter(has_text="The mill bakery")
    expect(card).to_have_count(1)
    # Each with their own words.
    for words in ("Bo", "Rye on Fridays.", "Cem", "Go early."):
        expect(card).to_contain_text(words)
    save = card.get_by_role("button", name="Save").first
    save.tap()
    expect(card.get_by_role("button", name="Saved").first).to_have_attribute("aria-pressed", "true")
    card.get_by_role("link", name="Comments").first.tap()
    page.get_by_label("Your comment").fill("With seeds?")
    page.get_by_role("button", name="Post comment", exact=True).tap()
    expect(page.get_by_text("With seeds?")).to_be_visible()
    page.goto("/")
    expect(card.get_by_role("link", name="Comments").first).to_contain_text("1")
    card.get_by_role("link", name="The mill bakery").tap()
    expect(page.get_by_text("2 people you trust recommend this").first).to_be_visible()
    page.goto("/saved")
    expect(page.get_by_role("link", name="The mill bakery").first).to_be_visible()


def test_first_steps_are_ticked_one_by_one_and_gone_at_the_end(
    open_page: OpenPage, member: MemberFactory, tmp_path: Path
) -> None:
    member("ana", name="Ana")
    member("bo", name="Bo")
    picture = BytesIO()
    Image.new("RGB", (400, 400), "#2a6b5c").save(picture, "PNG")
    (tmp_path / "me.png").write_bytes(picture.getvalue())
    page = by_touch(open_page, "ana")
    page.goto("/")
    steps = page.get_by_role("region", name="Get started")
    steps.get_by_role("link", name="Add a photo of yourself").tap()
    page.locator("input[type=file]").set_input_files(tmp_path / "me.png")
    page.get_by_role("button", name="Save").tap()
    expect(page.get_by_text("Saved.")).to_be_visible()

    page.goto("/m/bo")
    page.get_by_role("link", name="Vouch for").tap()
    page.get_by_role("button", name="Vouch for Bo").tap()
    expect(page.get_by_role("heading", name="Bo", exact=True)).to_be_visible()
    page.goto("/")
    expect(steps.get_by_role("link", name="Add a photo of yourself (done)")).to_be_visible()
    expect(steps.get_by_role("link", name="Vouch for someone you know (done)")).to_be_visible()

    steps.get_by_role("link", name="Recommend something you like").tap()
    page.get_by_label("What is it?").fill("The mill bakery")
    page.get_by_label("Category").select_option("kitchen")
    page.get_by_role("button", name="Add an item").tap()
    page.get_by_label("In your words").fill("Rye on Fridays.")
    page.get_by_role("group", name="Were you paid or given anything?").get_by_label("No").tap()
    page.get_by_role("button", name="Post", exact=True).tap()
    expect(page.get_by_text("Posted.")).to_be_visible()

    page.goto("/")
    steps.get_by_role("link", name="Choose your interests").tap()
    page.locator("form", has_text="What interests you?").locator("label").first.tap()
    page.locator("form", has_text="What interests you?").get_by_role("button", name="Save").tap()
    expect(page.locator("input[name=topic]").first).to_be_checked()
    page.goto("/")
    expect(page.get_by_role("article").first).to_be_visible()
    expect(steps).to_have_count(0)


def test_whom_one_meets_through_friends_is_vouched_for_with_what_is_left(
    open_page: OpenPage, member: MemberFactory
) -> None:
    operator, ana, lin = (member(name.lower(), name=name) for name in ("Olu", "Ana", "Lin"))
    friends = [member(f"friend{n}", name=f"Friend {n}") for n in range(5)]
    # Where standing is known, somebody of none has five to give of this strength.
    reputation.name_seed(None, operator)
    reputation.compute(reputation.begin(None))
    for number, friend in enumerate(friends):
        vouch(ana, friend, "trust", expires_at=clock.now() + timedelta(days=40 + number))
        vouch(friend, lin, "trust_fully")
    run_reactions()
    page = by_touch(open_page, "ana")
    page.goto("/people")
    page.get_by_role("link", name="Connect Lin").tap()
    expect(page.get_by_role("heading", name="Vouch for Lin")).to_be_visible()
    none_left = page.get_by_role("radio", name="I trust them None left. You get one back on")
    expect(none_left).to_be_disabled()
    expect(none_left).not_to_be_checked()
    expect(page.get_by_role("radio", name="I know them")).to_be_checked()
    page.get_by_label("Reason (visible to others)").fill("We sing together.")
    page.get_by_role("button", name="Vouch for Lin").tap()
    expect(page.get_by_role("heading", name="Lin", exact=True)).to_be_visible()
    expect(page.get_by_text("We sing together.").first).to_be_visible()
    # Who is connected is not suggested any more.
    page.goto("/people")
    expect(page.get_by_role("link", name="Connect Lin")).to_have_count(0)

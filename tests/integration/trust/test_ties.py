"""What joins members beside a plain vouch: topics, trades, upheld reports, a borrowed circle."""

from __future__ import annotations

import pytest
from flask import Flask

from app.community.items.service import add_item
from app.community.recommendations.queries import endorsements
from app.community.recommendations.service import recommend
from app.kernel.subjects import Subject
from app.moderation.decisions.service import decide
from app.moderation.reports.service import file_report
from app.people.accounts.service import add_member, reinstate
from app.people.data_requests.queries import export_member
from app.people.data_requests.service import erase_member
from app.platform.database import db
from app.platform.event_log import run_reactions
from app.trust.circle.edge_reader import all_ties
from app.trust.circle.live_graph import live_graph
from app.trust.circle.queries import circle_members, circle_of, explain, explain_set, trail_to
from app.trust.trades.service import record_trade
from app.trust.upheld_reports.service import record_upheld
from app.trust.vouches.service import vouch, withdraw
from tests.support.people import MemberFactory


def test_a_vouch_for_a_topic_counts_fully_there_and_less_elsewhere(member: MemberFactory) -> None:
    ana, bo, cem = member("ana"), member("bo"), member("cem")
    vouch(ana, bo, "trust", topic="Bicycles")
    vouch(ana, cem, "trust")
    here, there = circle_of(ana, " bicycles "), circle_of(ana)
    assert here.score(bo) == here.score(cem)
    assert there.score(bo) < there.score(cem)
    assert circle_of(ana, "bread").scores == there.scores
    assert circle_of(ana, "Bicycles") is here, "kept for each topic"
    link = explain(ana, bo, topic="bicycles").trails[0].links[0]
    assert (link.kind, link.topic) == ("vouch", "bikes")
    withdraw(ana, bo)
    assert bo not in circle_of(ana, "bicycles")


def test_an_item_and_its_category_ask_for_their_topic(member: MemberFactory) -> None:
    ana, bo, cem = member("ana"), member("bo"), member("cem")
    vouch(ana, bo, "trust", topic="bicycles")
    vouch(ana, cem, "acquainted")
    said = {}
    for category in ("Bicycles", "bread"):
        item = add_item(bo, kind="product", title=f"A thing of {category}", category=category, description="")
        for one in (bo, cem):
            recommend(one, item, stance="recommend", text="Good.")
        said[category] = {one.member.handle: one.score for one in endorsements(ana, item).trusted}
    assert said["Bicycles"]["bo"] == pytest.approx(2 * said["Bicycles"]["cem"], rel=0.02)
    assert said["bread"]["bo"] == pytest.approx(said["bread"]["cem"], rel=0.02)


def test_trades_grow_a_tie_with_each_order(member: MemberFactory) -> None:
    ana, bo, cem = member("ana"), member("bo"), member("cem")
    vouch(ana, cem, "trust")
    seen = []
    for order in ("o1", "o2", "o3"):
        assert record_trade(order, ana, bo)
        seen.append(live_graph().trust().edge_weight(ana, bo))
    assert seen[0] == 0.2
    assert seen == sorted(set(seen))
    assert not record_trade("o3", ana, bo), "an order counts once"
    assert live_graph().trust().edge_weight(ana, bo) == seen[-1]
    assert record_trade("o3", bo, ana), "but once for each side"
    assert not record_trade("o4", ana, ana)
    for more in range(4, 40):
        record_trade(f"o{more}", ana, bo)
    assert live_graph().trust().edge_weight(ana, bo) == 0.5
    link = explain(ana, bo).trails[0].links[0]
    assert (link.kind, link.orders) == ("trade", 39)
    live_graph().rebuild()
    assert live_graph().trust().edge_weight(ana, bo) == 0.5


def test_an_upheld_report_discounts_one_step_and_no_further(member: MemberFactory) -> None:
    mo = member("mo", role="moderator")
    ana, bo, cem, eve = (member(one) for one in ("ana", "bo", "cem", "eve"))
    vouch(ana, bo, "trust")  # bo reports; ana trusts bo; cem trusts ana alone
    vouch(cem, ana, "trust")
    vouch(ana, eve, "trust")
    vouch(bo, eve, "trust")
    before = {one: circle_of(one).score(eve) for one in (ana, cem)}
    report = file_report(bo, Subject("member", "eve"), "fake")
    decide(mo, report, "suspend", "It was so.")
    run_reactions()
    reinstate(mo, eve)
    assert circle_of(ana).score(eve) < 0.5 * before[ana]
    assert circle_of(cem).score(eve) == before[cem]
    assert eve not in circle_of(bo), "who reported has done with them"


def test_a_dismissed_report_changes_nothing(member: MemberFactory) -> None:
    mo, bo, eve = member("mo", role="moderator"), member("bo"), member("eve")
    vouch(bo, eve, "trust")
    report = file_report(bo, Subject("member", "eve"), "fake")
    decide(mo, report, "dismiss", "It was not so.")
    run_reactions()
    assert eve in circle_of(bo)


def test_all_who_reported_the_same_thing_were_right(member: MemberFactory) -> None:
    mo = member("mo", role="moderator")
    bo, cem, eve = (member(one) for one in ("bo", "cem", "eve"))
    first = file_report(bo, Subject("member", "eve"), "fake")
    file_report(cem, Subject("member", "eve"), "spam")
    decide(mo, first, "suspend", "It was so.")
    run_reactions()
    upheld = {(tie.source, tie.target) for tie in all_ties(db.session) if tie.kind == "upheld"}
    assert upheld == {(bo, eve), (cem, eve)}


def test_a_newcomer_borrows_the_inviters_circle_which_fades(app: Flask, member: MemberFactory) -> None:
    ana, bo, cem = member("ana", name="Ana"), member("bo"), member("cem")
    vouch(ana, bo, "trust")
    dee = add_member("dee", name="Dee", inviter_id=ana)
    run_reactions()
    assert circle_of(dee).borrowed == 1.0
    assert circle_of(dee).ids == [ana, bo]
    with app.test_request_context():
        trail = trail_to(dee, bo)
        assert trail is not None
        assert (trail.borrowed, str(trail.words)) == (True, "Ana, who invited you, knows Bo")
        direct = trail_to(dee, ana)
        assert direct is not None
        assert str(direct.words) == "Ana invited you"
    page = circle_members(dee)
    assert (page.borrowed, page.lender and page.lender.handle) == (1.0, "ana")
    assert explain(dee, bo).as_json()["borrowed"] is True
    assert explain(dee, bo).as_json()["links"] == [[{"kind": "invited_by"}, {"kind": "vouch", "strength": "trust"}]]
    vouch(dee, cem, "trust")
    assert 0 < circle_of(dee).borrowed < 0.5, "it fades as own vouches come"
    assert "borrowed" not in explain(dee, cem).as_json()
    vouch(dee, ana, "trust")
    assert circle_of(dee).borrowed == 0, "what stands on an own vouch is not borrowed"
    assert circle_of(ana).borrowed == 0, "who invites does not borrow from who came"


def test_an_inviter_who_does_not_want_to_be_named_lends_unnamed(app: Flask, member: MemberFactory) -> None:
    quiet, bo = member("quiet", name="Very Quiet", discreet=True), member("bo")
    vouch(quiet, bo, "trust", "a secret reason")
    dee = add_member("dee", inviter_id=quiet)
    run_reactions()
    with app.test_request_context():
        # Whoever is behind the inviter would be known as trusted by them.
        assert trail_to(dee, bo) is None
    assert circle_members(dee).lender is None
    assert "secret" not in str(explain(dee, bo).as_json())


def test_several_people_are_explained_together(member: MemberFactory) -> None:
    ana, bo, quiet = member("ana"), member("bo"), member("quiet", discreet=True)
    cem, dee, eve, far = (member(one) for one in ("cem", "dee", "eve", "far"))
    vouch(ana, bo, "trust", "school")
    for one in (quiet, member("quieter", discreet=True), member("quietest", discreet=True)):
        vouch(ana, one, "trust", "a secret reason")
        vouch(one, eve, "trust", "another secret")
    for friend in (cem, dee):
        vouch(bo, friend, "trust")
    found = explain_set(ana, [dee, eve, cem, far, ana, cem])
    assert (found.reached, found.independent_ways) == (3, 2)
    told = found.as_json()
    assert [one["member"] for one in told["members"]][-1] == "far"  # type: ignore[attr-defined] # a list
    by_name = {one["member"]: one for one in told["members"]}  # type: ignore[attr-defined] # a list
    assert by_name["eve"]["path"] == ["ana", None, "eve"]
    assert by_name["eve"]["links"] == [{"kind": "hidden"}, {"kind": "hidden"}]
    assert by_name["cem"]["links"][0] == {"kind": "vouch", "strength": "trust", "reason": "school"}
    assert by_name["far"]["path"] is None
    assert "secret" not in str(told)


def test_trades_and_upheld_reports_are_exported_and_erased(member: MemberFactory) -> None:
    ana, bo, cem = member("ana"), member("bo"), member("cem")
    record_trade("o1", ana, bo)
    record_upheld("r1", ana, cem)
    told = export_member(ana)
    assert told["trades"][0]["served_by"] == "bo"
    assert told["upheld_reports"][0]["report"] == "r1"
    erase_member(ana, "ana")
    assert [tie.kind for tie in all_ties(db.session) if tie.kind != "absent"] == []
    assert bo not in circle_of(ana)

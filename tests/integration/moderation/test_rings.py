"""Rings are found, known again, and decided by moderators with a line in the log."""

from __future__ import annotations

from datetime import timedelta
from itertools import permutations

import pytest
from sqlalchemy import select

from app.community.items.service import add_item
from app.community.recommendations.service import recommend
from app.kernel.clock import Clock
from app.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from app.moderation.audit_log.checks import chain_is_whole
from app.moderation.audit_log.queries import log_page
from app.moderation.reports.queries import queue
from app.moderation.rings import checks
from app.moderation.rings.models import RingFinding
from app.moderation.rings.queries import get_ring, rings
from app.moderation.rings.service import dismiss, find_rings, report_members
from app.people.data_requests.queries import export_member
from app.people.data_requests.service import erase_member
from app.platform.database import EventRow, db
from app.trust.vouches.service import vouch, withdraw
from tests.support.people import MemberFactory

People = dict[str, int]
FAKES = ("f1", "f2", "f3", "f4", "f5")


@pytest.fixture
def people(member: MemberFactory, fixed_clock: Clock) -> People:
    """Five accounts of one afternoon that vouch for each other and praise one thing; and a family."""
    found: People = {"mo": member("mo", role="moderator"), "ana": member("ana")}
    for one in ("mum", "dad", "kid", "aunt"):
        found[one] = member(one)
        fixed_clock.advance(timedelta(days=90))
    for one in FAKES:
        found[one] = member(one)
        fixed_clock.advance(timedelta(minutes=20))
    for a, b in permutations(("mum", "dad", "kid", "aunt"), 2):
        vouch(found[a], found[b], "trust")
    for a, b in permutations(FAKES, 2):
        vouch(found[a], found[b], "trust_fully")
    for one in ("mum", "dad", "kid"):
        vouch(found["ana"], found[one], "trust_fully")
    vouch(found["ana"], found["f1"], "acquainted")
    thing = add_item(found["f1"], kind="product", title="Wonder oil", category="oil", description="")
    for one in FAKES:
        recommend(found[one], thing, stance="recommend", text="Great!")
    return found


def events(name: str) -> int:
    return len(list(db.session.scalars(select(EventRow.id).where(EventRow.name == name))))


def test_a_ring_is_found_with_its_evidence_and_a_family_is_not(people: People) -> None:
    assert find_rings() == 1
    [card] = rings(people["mo"])
    assert card.size == 5
    assert events("RingFound") == 1
    found = get_ring(people["mo"], card.id)
    assert [one.member.handle for one in found.members] == list(FAKES)
    assert found.mutual_pairs == 10
    figures = found.card.figures
    assert (figures.density, figures.alike, figures.outsiders) == (1.0, 1.0, 1)
    assert figures.joined_within == 80 * 60
    assert figures.closed == pytest.approx(20 / 20.3)
    assert [(one.title, one.count) for one in found.shared] == [("Wonder oil", 5)]
    assert len(found.picture.dots) == 5
    assert len(found.picture.strokes) == 10
    assert len(found.picture.outside) == 1
    assert list(checks.run()) == []


def test_what_was_found_is_known_again(people: People, member: MemberFactory, fixed_clock: Clock) -> None:
    find_rings()
    [card] = rings(people["mo"])
    late = member("f6")
    for one in FAKES:
        vouch(late, people[one], "trust_fully")
        vouch(people[one], late, "trust_fully")
    fixed_clock.advance(timedelta(days=1))
    assert find_rings() == 1
    [again] = rings(people["mo"])
    assert (again.id, again.size, again.found_at) == (card.id, 6, card.found_at)
    assert again.seen_at > card.seen_at
    assert events("RingFound") == 1
    dismiss(people["mo"], card.id, "A choir.")
    assert find_rings() == 0, "a decided one stays decided"
    assert rings(people["mo"]) == []


def test_what_is_a_ring_no_more_goes_from_the_list(people: People) -> None:
    find_rings()
    for a, b in permutations(FAKES, 2):
        if "f1" in {a, b} or "f2" in {a, b}:
            withdraw(people[a], people[b])
    assert find_rings() == 0
    [gone] = rings(people["mo"], decided=True)
    assert gone.status == "gone"
    assert list(checks.run()) == []


def test_a_dismissal_needs_a_reason_and_stands_in_the_log(people: People) -> None:
    find_rings()
    [card] = rings(people["mo"])
    with pytest.raises(Invalid):
        dismiss(people["mo"], card.id, "  ")
    dismiss(people["mo"], card.id, "A choir.")
    with pytest.raises(Conflict):
        dismiss(people["mo"], card.id, "Again.")
    [line] = log_page(people["mo"]).items
    assert (line.decision, str(line.subject), line.reason) == ("dismiss", f"ring:{card.id}", "A choir.")
    assert list(chain_is_whole()) == []
    assert events("RingDecided") == 1


def test_members_are_reported_together(people: People) -> None:
    find_rings()
    [card] = rings(people["mo"])
    with pytest.raises(NotFound):
        report_members(people["mo"], card.id, ["f1", "ana"], "One hand.")
    with pytest.raises(Invalid):
        report_members(people["mo"], card.id, [], "One hand.")
    assert queue(people["mo"]).items == []
    report_members(people["mo"], card.id, ["f1", "f2", "f1"], "One hand.")
    assert {report.subject.id for report in queue(people["mo"]).items} == {"f1", "f2"}
    [line] = log_page(people["mo"]).items
    assert line.decision == "report"
    with pytest.raises(Conflict):
        report_members(people["mo"], card.id, ["f3"], "Late.")


def test_only_moderators_look_and_decide(people: People) -> None:
    find_rings()
    ring_id = db.session.scalars(select(RingFinding.id)).one()
    for attempt in (
        lambda: rings(people["ana"]),
        lambda: get_ring(people["ana"], ring_id),
        lambda: dismiss(people["ana"], ring_id, "No."),
        lambda: report_members(people["ana"], ring_id, ["f1"], "No."),
    ):
        with pytest.raises(Forbidden):
            attempt()
    for unknown in ("nothing", "0" * 26):
        with pytest.raises(NotFound):
            get_ring(people["mo"], unknown)
        with pytest.raises(NotFound):
            dismiss(people["mo"], unknown, "No.")


def test_export_and_erase(people: People) -> None:
    find_rings()
    [card] = rings(people["mo"])
    assert export_member(people["f1"])["rings"] == [], "an open inquiry is not told"
    dismiss(people["mo"], card.id, "A choir.")
    assert export_member(people["f1"])["rings"][0]["outcome"] == "dismissed"
    erase_member(people["f1"], "f1")
    found = get_ring(people["mo"], card.id)
    assert [one.member.handle for one in found.members] == list(FAKES[1:])
    assert len(found.picture.strokes) == 6

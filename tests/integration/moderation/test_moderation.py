"""Reports, decisions and their log on both databases."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import delete, func, select, text, update
from sqlalchemy.exc import DBAPIError

from app.community.items.queries import get_item
from app.community.items.service import add_item
from app.community.recommendations.queries import get_recommendation_view
from app.community.recommendations.service import recommend
from app.kernel.errors import DomainError, Forbidden, Invalid, NotFound, TooMany
from app.kernel.subjects import Subject
from app.market.listings.queries import get_listing
from app.market.listings.service import publish_listing
from app.market.listings.values import ListingDraft
from app.messaging.conversations.queries import get_message
from app.messaging.conversations.service import send_message, start_conversation
from app.moderation.audit_log.checks import chain_is_whole
from app.moderation.audit_log.models import ModerationAction
from app.moderation.audit_log.queries import history_of, log_page
from app.moderation.decisions.service import decide, reinstate_member
from app.moderation.reports.models import Report
from app.moderation.reports.queries import get_report, queue
from app.moderation.reports.service import file_report
from app.people.accounts.queries import is_active
from app.people.data_requests.queries import export_member
from app.people.data_requests.service import erase_member
from app.platform.database import EventRow, db, unit_of_work
from app.platform.event_log import run_reactions
from tests.support.people import MemberFactory

LAMP = ListingDraft(
    kind="sale", title="A stolen lamp", description="Ask no questions.", condition="good", price=Decimal(18)
)


@pytest.fixture
def people(member: MemberFactory) -> dict[str, int]:
    return {
        "ana": member("ana"),
        "bo": member("bo"),
        "mo": member("mo", role="moderator"),
        "mia": member("mia", role="moderator"),
    }


def report_lamp(people: dict[str, int]) -> tuple[str, str]:
    listing = publish_listing(people["bo"], LAMP)
    return listing, file_report(people["ana"], Subject("listing", listing), "scam", "It was mine.")


def count(table: type, *where: object) -> int:
    return db.session.scalar(select(func.count()).select_from(table).where(*where)) or 0  # type: ignore[arg-type]


def test_a_report_keeps_what_it_is_about(people: dict[str, int]) -> None:
    listing, report_id = report_lamp(people)
    page = queue(people["mo"])
    (report,) = page.items
    assert (report.id, report.title, report.excerpt) == (report_id, "A stolen lamp", "Ask no questions.")
    assert report.author is not None
    assert report.author.handle == "bo"
    assert report.reporter is not None
    assert report.reporter.handle == "ana"
    assert report.url == f"/market/{listing}"
    again = file_report(people["ana"], Subject("listing", listing), "spam")
    assert again == report_id, "one open report per member and thing"
    second = file_report(people["mia"], Subject("listing", listing), "spam")
    assert second != report_id
    assert get_report(people["mo"], report_id).others == 1
    assert count(EventRow, EventRow.name == "ReportFiled") == 2


def test_what_cannot_be_reported(people: dict[str, int]) -> None:
    listing = publish_listing(people["bo"], LAMP)
    for subject, reason in [
        (Subject("listing", listing), "because"),
        (Subject("listing", listing), ""),
        (Subject("nonsense", "1"), "spam"),
        (Subject("listing", "nothing"), "spam"),
        (Subject("member", "nobody_here"), "spam"),
    ]:
        with pytest.raises((Invalid, NotFound)):
            file_report(people["ana"], subject, reason)
    with pytest.raises(Invalid, match="your own"):
        file_report(people["bo"], Subject("listing", listing), "spam")
    with pytest.raises(Invalid):
        file_report(people["ana"], Subject("listing", listing), "spam", "x" * 2001)
    assert count(Report) == 0


def test_reports_are_rationed(people: dict[str, int], app: Flask) -> None:
    for _again in range(20):
        file_report(people["ana"], Subject("member", "bo"), "spam")
    with pytest.raises(TooMany):
        file_report(people["ana"], Subject("member", "bo"), "spam")


def test_only_moderators_read_and_decide(people: dict[str, int]) -> None:
    _listing, report_id = report_lamp(people)
    for attempt in (
        lambda: queue(people["ana"]),
        lambda: get_report(people["ana"], report_id),
        lambda: log_page(people["ana"]),
        lambda: history_of(people["ana"], people["bo"]),
        lambda: decide(people["ana"], report_id, "remove", "I want it."),
        lambda: reinstate_member(people["ana"], people["bo"], "He is nice."),
    ):
        with pytest.raises(Forbidden):
            attempt()
    assert count(ModerationAction) == 0


def test_dismissing(people: dict[str, int]) -> None:
    listing, report_id = report_lamp(people)
    with pytest.raises(Invalid, match="reason"):
        decide(people["mo"], report_id, "dismiss", "  ")
    with pytest.raises(Invalid):
        decide(people["mo"], report_id, "burn", "Because.")
    decide(people["mo"], report_id, "dismiss", "It is his own lamp.")
    run_reactions()
    assert queue(people["mo"]).items == []
    assert get_listing(people["ana"], listing).card.status == "active"
    (line,) = log_page(people["mia"]).items
    assert (line.decision, line.reason, line.report_id) == ("dismiss", "It is his own lamp.", report_id)
    with pytest.raises(DomainError) as refusal:
        decide(people["mia"], report_id, "remove", "No.")
    assert refusal.value.error_code == "decided"
    assert file_report(people["ana"], Subject("listing", listing), "scam") != report_id, "it may come again"


def test_removing_takes_all_reports_of_the_thing(people: dict[str, int]) -> None:
    listing, report_id = report_lamp(people)
    file_report(people["mia"], Subject("listing", listing), "spam")
    decide(people["mo"], report_id, "remove", "Stolen.")
    assert queue(people["mo"]).items == []
    assert run_reactions() > 0
    with pytest.raises(NotFound):
        get_listing(people["ana"], listing)
    assert [one.reason for one in history_of(people["mo"], people["bo"])] == ["Stolen."]
    assert is_active(people["bo"])


def test_items_and_recommendations_go_too(people: dict[str, int]) -> None:
    item = add_item(people["ana"], kind="place", title="The den", description="Free money.")
    said = recommend(people["bo"], item, "recommend", text="They **paid** me.")
    about_said = file_report(people["ana"], Subject("recommendation", said), "paid")
    report = get_report(people["mo"], about_said)
    assert (report.excerpt, report.url) == ("They paid me.", f"/recommendations/{said}")
    decide(people["mo"], about_said, "remove", "Undisclosed payment.")
    about_item = file_report(people["ana"], Subject("item", item), "scam")
    with pytest.raises(Invalid, match="nobody to suspend"):
        decide(people["mo"], about_item, "suspend", "A scam.")
    run_reactions()
    with pytest.raises(NotFound):
        get_recommendation_view(None, said)
    assert get_item(item).title == "The den"
    decide(people["mo"], about_item, "remove", "A scam.")
    run_reactions()
    with pytest.raises(NotFound):
        get_item(item)


def test_a_message_is_reported_by_who_reads_it(people: dict[str, int]) -> None:
    room, _new = start_conversation(people["bo"], [people["ana"]])
    sent = send_message(people["bo"], room, "c1", "You will regret this.")
    with pytest.raises(NotFound):
        file_report(people["mia"], Subject("message", sent.id), "harassment")
    report_id = file_report(people["ana"], Subject("message", sent.id), "harassment")
    assert get_report(people["mo"], report_id).excerpt == "You will regret this."
    decide(people["mo"], report_id, "suspend", "A threat.")
    run_reactions()
    assert get_message(sent.id).deleted
    assert not is_active(people["bo"])


def test_suspending_and_lifting_it(people: dict[str, int]) -> None:
    report_id = file_report(people["ana"], Subject("member", "bo"), "fake")
    with pytest.raises(Invalid):
        decide(people["mo"], report_id, "remove", "A member is no thing.")
    assert queue(people["mo"]).items, "a refused decision leaves the report open"
    decide(people["mo"], report_id, "suspend", "Not who he says.")
    assert not is_active(people["bo"])
    with pytest.raises(Forbidden):
        publish_listing(people["bo"], LAMP)
    with pytest.raises(Invalid):
        reinstate_member(people["mo"], people["bo"], "")
    reinstate_member(people["mo"], people["bo"], "It was him after all.")
    assert is_active(people["bo"])
    assert [line.decision for line in log_page(people["mo"]).items] == ["reinstate", "suspend"]


def test_nobody_decides_about_their_own(people: dict[str, int], member: MemberFactory) -> None:
    report_id = file_report(people["ana"], Subject("member", "mo"), "harassment")
    with pytest.raises(Forbidden):
        decide(people["mo"], report_id, "dismiss", "I am fine.")
    with pytest.raises(DomainError):
        decide(people["mia"], report_id, "suspend", "Staff.")
    decide(member("op", role="operator"), report_id, "suspend", "Abuse of power.")
    assert not is_active(people["mo"])
    with pytest.raises(Forbidden):
        queue(people["mo"])


def test_one_of_many_decides(app: Flask, people: dict[str, int]) -> None:
    _listing, report_id = report_lamp(people)
    gate = threading.Barrier(8)

    def run(number: int) -> str:
        with app.app_context():
            gate.wait(timeout=30)
            try:
                decide(people["mo"], report_id, "dismiss", f"Reason {number}.")
            except DomainError as refusal:
                return refusal.error_code
            finally:
                db.session.remove()
            return "done"

    with ThreadPoolExecutor(8) as pool:
        found = sorted(pool.map(run, range(8)))
    assert found == ["decided"] * 7 + ["done"]
    db.session.rollback()
    assert count(ModerationAction) == 1


def test_lines_written_at_once_still_form_one_chain(app: Flask, people: dict[str, int], member: MemberFactory) -> None:
    reports = [
        file_report(people["ana"], Subject("member", f"x{number}"), "spam")
        for number in range(8)
        if member(f"x{number}")
    ]
    gate = threading.Barrier(8)

    def run(report_id: str) -> None:
        with app.app_context():
            gate.wait(timeout=30)
            decide(people["mo"], report_id, "dismiss", "Fine.")
            db.session.remove()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(run, reports))
    db.session.rollback()
    assert count(ModerationAction) == 8
    assert list(chain_is_whole()) == []


def test_the_database_itself_keeps_the_log(people: dict[str, int]) -> None:
    _listing, report_id = report_lamp(people)
    decide(people["mo"], report_id, "dismiss", "Fine.")
    for statement in (
        update(ModerationAction).values(reason="Something else."),
        delete(ModerationAction),
    ):
        with pytest.raises(DBAPIError, match="append-only"), unit_of_work():
            db.session.execute(statement)
    assert count(ModerationAction) == 1


def test_the_check_finds_what_was_changed_behind_its_back(people: dict[str, int]) -> None:
    for handle in ("ana", "bo"):
        report_id = file_report(people["mia"], Subject("member", handle), "spam")
        decide(people["mo"], report_id, "dismiss", "Fine.")
    assert list(chain_is_whole()) == []
    first, second = db.session.scalars(select(ModerationAction.id).order_by(ModerationAction.id))
    with unit_of_work():
        _disarm()
        db.session.execute(update(ModerationAction).where(ModerationAction.id == first).values(reason="Very bad."))
    assert list(chain_is_whole()) == [f"moderation action {first}: was changed after it was written"]
    with unit_of_work():
        db.session.execute(delete(ModerationAction).where(ModerationAction.id == first))
    assert list(chain_is_whole()) == [f"moderation action {second}: the line before it is missing or was changed"]


def _disarm() -> None:
    """What somebody with the database's password could do."""
    if db.engine.dialect.name == "sqlite":
        for what in ("update", "delete"):
            db.session.execute(text(f"DROP TRIGGER moderation_action_no_{what}"))
    else:
        db.session.execute(text("DROP TRIGGER moderation_action_append_only ON moderation_action"))


def test_who_leaves_takes_their_words_along(people: dict[str, int]) -> None:
    _listing, report_id = report_lamp(people)
    assert export_member(people["ana"])["reports"][0]["text"] == "It was mine."
    erase_member(people["ana"], "ana")
    erase_member(people["bo"], "bo")
    row = db.session.get(Report, report_id)
    assert row is not None
    assert (row.text, row.title, row.excerpt) == ("", "", "")
    assert get_report(people["mo"], report_id).author is not None

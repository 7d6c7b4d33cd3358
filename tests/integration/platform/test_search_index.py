"""The search index gives the same answers on both databases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from app.kernel.clock import clock
from app.kernel.money import Money
from app.platform.database import db, unit_of_work
from app.platform.search import index as search_index
from app.platform.search import spelling as search_spelling
from app.platform.search.index import Among, Document, Find
from app.platform.search.tables import create_search_tables
from app.platform.search.words import facet, question

AT = datetime(2026, 5, 1, tzinfo=UTC)
TITLES = {
    "lamp": "Fahrradlampe, fast neu",
    "cafe": "Café crème cups",
    "tea": "台灣高山烏龍茶壺",
    "mocca": "Moccamaster 10e5 / v2.0",
    "hindi": "हिन्दी पुस्तक",
    "korean": "한국 도자기",
    "quote": "O'Brien's \"best\" 100% lamp",
}


@pytest.fixture(autouse=True)
def _documents(app: Flask) -> None:
    with unit_of_work():
        search_index.put(Document("thing", ref, title, "given away in Lund", AT) for ref, title in TITLES.items())
        search_index.put([Document("person", "7", "Lamp Maker", "", AT)])


def found(typed: str) -> set[str]:
    return {one.ref for one in search_index.find("thing", question(typed), limit=50)}


FOUND: list[tuple[str, set[str]]] = [
    ("lamp", {"lamp", "quote"}),
    ("LAMPE", {"lamp", "quote"}),  # its English stem
    ("fahrr", {"lamp"}),
    ("cafe", {"cafe"}),
    ("café", {"cafe"}),
    ("烏龍", {"tea"}),
    ("茶壺", {"tea"}),
    ("壺", {"tea"}),
    ("龍", {"tea"}),
    ("茶台", set()),
    ("10e5", {"mocca"}),
    ("v2.0", {"mocca"}),
    ("हिन्दी", {"hindi"}),
    ("도자", {"korean"}),
    ("o'brien", {"quote"}),
    ("lamp lund", {"lamp", "quote"}),
    ("lamp malmö", set()),
    ("lund", set(TITLES)),
    ('" OR 1=1 --', set()),
    ("lamp*", {"lamp", "quote"}),
    ("NEAR(lamp)", set()),
    ("!&|':*", set()),
    ("   ", set()),
]


def test_words_find_what_a_reader_expects() -> None:
    """One database for all cases: making it takes longer than asking."""
    assert {typed: found(typed) for typed, _expected in FOUND} == dict(FOUND)


def test_a_second_put_replaces_and_remove_forgets() -> None:
    with unit_of_work():
        search_index.put([Document("thing", "lamp", "Bicycle bell", "", AT)])
    assert "lamp" not in found("fahrradlampe")
    assert "lamp" in found("bell")
    with unit_of_work():
        search_index.remove("thing", ["lamp"])
    assert found("bell") == set()
    assert found("lamp") == {"quote"}


def test_the_newest_come_first_and_pages_follow_each_other() -> None:
    with unit_of_work():
        search_index.put(Document("page", str(n), f"chair {n}", "", AT) for n in range(25))
    seen: list[str] = []
    before = None
    while rows := search_index.find("page", question("chair"), limit=10, before=before):
        seen += [one.ref for one in rows]
        before = rows[-1].place
    assert seen == [str(n) for n in reversed(range(25))]


def test_counts_tell_each_kind() -> None:
    lamp = question("lamp")
    everything = Among()
    asked = [("thing", lamp, everything), ("person", lamp, everything), ("thing", question("malmö"), everything)]
    assert search_index.count_each(asked) == [2, 1, 0]
    assert search_index.count_each([]) == []


def test_matching_serves_as_a_condition() -> None:
    query = search_index.matching("thing", "lund")
    assert query is not None
    assert set(db.session.scalars(query)) == set(TITLES)
    assert search_index.matching("thing", "…") is None


def test_clear_and_bulk_insert() -> None:
    with unit_of_work():
        search_index.clear()
        assert search_index.add_new(Document("thing", f"b{n}", f"Book {n}", "", AT) for n in range(1203)) == 1203
    assert found("lamp") == set()
    assert found("book 1202") == {"b1202"}


def test_bulk_insert_beside_what_is_there_and_what_comes_after() -> None:
    with unit_of_work():
        assert search_index.add_new([]) == 0
        assert search_index.add_new([Document("thing", "b1", "Lamp of Babel", "", AT)]) == 1
    with pytest.raises(ZeroDivisionError), unit_of_work():
        search_index.add_new(Document("thing", f"c{n}", f"Lamp of Babel {1 // n}", "", AT) for n in (2, 1, 0))
    with unit_of_work():
        search_index.put([Document("thing", "b2", "Lamp of Babel", "", AT)])
    assert found("babel") == {"b1", "b2"}
    assert found("cafe") == {"cafe"}
    with unit_of_work():
        search_index.remove("thing", ["b1"])
    assert found("babel") == {"b2"}


def test_making_the_tables_twice_is_harmless() -> None:
    with unit_of_work():
        create_search_tables(db.session.connection())
    assert found("cafe") == {"cafe"}


@pytest.fixture
def lamps() -> None:
    """Three lamps of two people, the last one the cheapest."""
    rows = [("l1", 1, "Lund", "home", 900), ("l2", 1, "Malmö", "art", 500), ("l3", 2, "Lund", "home", 100)]
    with unit_of_work():
        search_index.put(
            Document("lamp", ref, "Brass lamp", "", AT, owner_id=owner, place=place,
                     facets=(facet("category", category),), price_minor=cents, currency="EUR")
            for ref, owner, place, category, cents in rows
        )  # fmt: skip


def narrowed(common: bool, **among: object) -> list[Find]:
    return search_index.find(
        "lamp",
        question("lamp"),
        limit=5,
        among=Among(**among),  # type: ignore[arg-type] # whatever the case narrows
        common=common,
    )


NARROWED: list[tuple[dict[str, object], list[str]]] = [
    ({}, ["l3", "l2", "l1"]),
    ({"facets": (facet("category", "home"),)}, ["l3", "l1"]),
    ({"near": "lun"}, ["l3", "l1"]),
    ({"near": "MALMO"}, ["l2"]),
    ({"most": Money(500, "EUR")}, ["l3", "l2"]),
    ({"most": Money(500, "SEK")}, []),
    ({"owners": frozenset({1})}, ["l2", "l1"]),
    ({"owners": frozenset()}, []),
    ({"owners": frozenset(range(1, 1500))}, ["l3", "l2", "l1"]),
    ({"without": frozenset({1})}, ["l3"]),
    ({"near": "lund", "owners": frozenset({1})}, ["l1"]),
]


@pytest.mark.usefixtures("lamps")
def test_filters_are_part_of_the_question() -> None:
    for among, expected in NARROWED:
        for common in (False, True):
            assert [one.ref for one in narrowed(common, **among)] == expected, (among, common)
        [count] = search_index.count_each([("lamp", question("lamp"), Among(**among))])  # type: ignore[arg-type] # as above
        assert count == len(expected), among


@pytest.mark.usefixtures("lamps")
def test_what_belongs_to_a_suspended_member_is_not_found_until_the_end() -> None:
    with unit_of_work():
        search_index.hide(1, clock.now() + timedelta(days=1))
    assert [one.ref for one in narrowed(common=False)] == ["l3"]
    assert [one.ref for one in narrowed(common=True)] == ["l3"]
    with clock.freeze(clock.now() + timedelta(days=2)):
        assert len(narrowed(common=False)) == 3
    with unit_of_work():
        search_index.hide(1, None)
    assert len(narrowed(common=False)) == 3


def test_a_filter_without_words_finds_all_of_it() -> None:
    with unit_of_work():
        search_index.put([Document("lamp", "x", "Oil lamp", "", AT, facets=(facet("category", "art"),))])
    among = Among(facets=(facet("category", "art"),))
    assert [one.ref for one in search_index.find("lamp", question(""), limit=5, among=among)] == ["x"]


MEANT = [
    ("farhradlampe", "fahrradlampe"),
    ("fahradlmape", "fahrradlampe"),
    ("mocamaster", "moccamaster"),
    ("crmee", "creme"),
    ("cuos", "cups"),
    ("amker", "maker"),
    ("given", "given"),
]


def test_slips_lead_to_the_word_that_was_meant() -> None:
    near = search_spelling.nearest([typed for typed, _meant in MEANT])
    assert {typed: words[0] for typed, words in near.items()} == dict(MEANT)


def test_what_is_near_to_nothing_stays() -> None:
    assert search_spelling.nearest(["xyzzyx", "fa", "12345678", "茶壺茶壺", ""]) == {}


@pytest.mark.parametrize("typed", ["camp", "damp", "cakes", "gent", "kind", "quartz"])
def test_another_word_is_no_slip(typed: str) -> None:
    with unit_of_work():
        search_index.put([Document("thing", "more", "bakes, tent, wind and quarry", "", AT)])
    assert search_spelling.nearest([typed]) == {}


def test_words_of_who_is_gone_are_forgotten() -> None:
    assert "maker" in search_spelling.nearest(["maker"])["maker"]
    with unit_of_work():
        search_index.remove_for_good("person", "7")
    assert search_spelling.nearest(["maker"]) == {}
    assert search_spelling.nearest(["lampp"]) == {"lampp": ["lamp"]}

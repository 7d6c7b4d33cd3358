"""Reading files as they come."""

from __future__ import annotations

import csv
import gzip
import io
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.importing import reading
from app.importing.reading import MAX_LINE_LENGTH, Line, read_lines
from app.importing.rejects import Rejects
from app.importing.rules import is_header, parse_trust
from app.kernel.errors import Invalid


def read(tmp_path: Path, content: bytes, kind: str = "trust") -> list[Line]:
    path = tmp_path / "file.txt"
    path.write_bytes(content)
    return list(read_lines(path, kind, lambda _done, _total: None))


@pytest.mark.parametrize(
    "content",
    [
        b"1 2 0.5\n3\t4\n",
        b"1,2,0.5\r\n3 , 4\r\n",
        b"\xef\xbb\xbftruster,trustee,weight\n1,2,0.5\n3,4",
        b"# who trusts whom\n\n  1   2  0.5  \n   # nothing\n3 4\n",
        b'"1","2","0.5"\n"3","4"\n',
        gzip.compress(b"truster trustee weight\n1 2 0.5\n3 4\n", mtime=0),
    ],
)
def test_all_usual_forms(tmp_path: Path, content: bytes) -> None:
    assert [line.fields for line in read(tmp_path, content)] == [["1", "2", "0.5"], ["3", "4"]]


def test_numbers_are_those_of_the_file(tmp_path: Path) -> None:
    found = read(tmp_path, b"# a\ntruster trustee\n\n1 2\n\n3 4 # why\n")
    assert [(line.number, line.fields) for line in found] == [(4, ["1", "2"]), (6, ["3", "4"])]


def test_lines_that_cannot_be_read_are_named_and_do_not_stop_the_rest(tmp_path: Path) -> None:
    long = b"9" * (MAX_LINE_LENGTH * 2 + 5)
    found = read(tmp_path, b"1 2\n\xff\xfe 3\n" + long + b'\n1 \x00 2\n"3,4\n5 6\n')
    assert [(line.number, line.bad is None) for line in found] == [
        (1, True), (2, False), (3, False), (4, False), (5, False), (6, True),
    ]  # fmt: skip


def test_items_may_have_commas_in_quotes(tmp_path: Path) -> None:
    content = b'external_id,title,category\r\n1,"Love, actually",Film\r\n2,12" single,Music\r\n'
    found = read(tmp_path, content, "items")
    assert [line.fields for line in found] == [["1", "Love, actually", "Film"], ["2", '12" single', "Music"]]


def test_a_cut_off_archive_is_one_clear_refusal(tmp_path: Path) -> None:
    whole = gzip.compress(b"1 2\n" * 50_000, mtime=0)
    with pytest.raises(Invalid, match="damaged"):
        read(tmp_path, whole[: len(whole) // 2])


def test_progress_ends_at_the_end(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"1 2\n" * 5000)
    seen: list[tuple[int, int]] = []
    list(read_lines(path, "trust", lambda done, total: seen.append((done, total))))
    assert seen[-1] == (20_000, 20_000)
    assert seen == sorted(seen)


def test_rejects_are_written_anew_and_gone_when_there_are_none(tmp_path: Path) -> None:
    source = tmp_path / "trust.csv.gz"
    with Rejects(source, tmp_path / "else") as rejects:
        rejects.add(7, "nobody can trust themselves", "1 1")
    assert (tmp_path / "trust.csv.gz.rejects").read_text() == "7\tnobody can trust themselves\t1 1\n"
    with Rejects(source, tmp_path / "else"):
        pass
    assert not (tmp_path / "trust.csv.gz.rejects").exists()


ROWS = [
    ["external_id", "title", "category"],
    ["1", "Kettle, blue", "Kitchen"],
    ["2", 'Two\nlines, "quoted"', "Ö"],
    ["3", "茶壺", ""],
]


def as_csv(rows: list[list[str]], mark: str, end: str) -> str:
    """As spreadsheets write it: quoted only where they must."""

    def field(text: str) -> str:
        if any(one in text for one in (mark, '"', "\n")):
            return '"' + text.replace('"', '""') + '"'
        return text

    return end.join(mark.join(map(field, row)) for row in rows) + end


@pytest.mark.parametrize("mark", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
@pytest.mark.parametrize("before", ["", "sep={mark}", "# made by hand", "My things"])
def test_what_spreadsheets_write(tmp_path: Path, mark: str, end: str, encoding: str, before: str) -> None:
    title = before.format(mark=mark)
    text = (title + end if title else "") + as_csv(ROWS, mark, end)
    found = [line for line in read(tmp_path, text.encode(encoding), "items") if line.fields != ["My things"]]
    assert [line.fields for line in found] == ROWS[1:], "no phantom item, no header"
    assert all(line.bad is None for line in found)
    first = 2 + bool(title)
    assert [line.number for line in found] == [first, first + 1, first + 3], "numbers of the file's own lines"


@pytest.mark.parametrize("content", ["1;2;0,5\n3;4;1\n", "1\t2\t0,5\n3\t4\t1\n", '1,2,"0,5"\n3,4,1\n'])
def test_a_decimal_comma_is_read(tmp_path: Path, content: str) -> None:
    found = [parse_trust(line.fields) for line in read(tmp_path, content.encode())]
    assert [(one.truster, one.trustee, one.weight) for one in found] == [("u1", "u2", 0.5), ("u3", "u4", 1.0)]


def test_a_quote_that_never_closes_costs_one_line(tmp_path: Path) -> None:
    content = b'1,"open\n2,Two\n3,"Three"\n4,Four\n'
    found = read(tmp_path, content, "items")
    assert [(line.number, line.bad is None) for line in found] == [(1, False), (2, True), (3, True), (4, True)]


@given(st.binary(max_size=400), st.sampled_from(["trust", "ratings", "items"]))
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_are_lines_or_one_clear_refusal(tmp_path: Path, content: bytes, kind: str) -> None:
    if content.startswith(b"\x1f\x8b"):
        with pytest.raises(Invalid, match="damaged"):
            read(tmp_path, content, kind)
        return
    found = read(tmp_path, content, kind)
    numbers = [line.number for line in found]
    assert numbers == sorted(set(numbers))
    assert all((line.bad is None) == bool(line.fields) or line.bad is None for line in found)


PIECES = st.sampled_from(
    (
        *("1", "2", "a", "b", " ", "\t", ",", ";", "|", "\n", "\n", "\r\n", "\r"),
        *("#", '"', "=", "sep=;", "é", "\0", "\x0b", "\x1c", "0.5", "u1 u2 1\n"),
    )
)


@given(st.lists(PIECES, max_size=120).map("".join), st.sampled_from(["trust", "ratings", "items"]))
@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_plain_blocks_are_read_as_each_line_alone(tmp_path: Path, text: str, kind: str) -> None:
    """The quick way, for blocks without quotes and comments, finds what the careful one finds."""
    quick = read(tmp_path, text.encode(), kind)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(reading._Lines, "take_plain", lambda _self: None)
        assert read(tmp_path, text.encode(), kind) == quick


def test_most_of_a_usual_file_is_read_in_blocks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    looked_at: list[int] = []
    real = reading._decoded

    def note(number: int, raw: bytes, encoding: str) -> object:
        looked_at.append(number)
        return real(number, raw, encoding)

    monkeypatch.setattr(reading, "_decoded", note)
    lines = "".join(f"{one},{one + 1},1\n" for one in range(20_000))
    found = read(tmp_path, b"truster,trustee,weight\n" + lines.encode())
    assert [line.number for line in found] == list(range(2, 20_002))
    assert found[-1].fields == ["19999", "20000", "1"]
    assert looked_at == [1]


FIELD = st.text(st.characters(codec="utf-8"), min_size=1, max_size=8)


@given(st.lists(st.lists(FIELD, min_size=2, max_size=4), min_size=1, max_size=6))
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_record_of_the_csv_module_comes_back(tmp_path: Path, rows: list[list[str]]) -> None:
    texts = [[" ".join(text.replace("\0", "").split()) or "x" for text in row] for row in rows]
    texts = [row for row in texts if not is_header("items", row) and not row[0].startswith(("#", "sep="))]
    target = io.StringIO(newline="")
    csv.writer(target, quoting=csv.QUOTE_ALL).writerows(texts)
    found = read(tmp_path, target.getvalue().encode(), "items")
    assert [line.fields for line in found] == texts


def test_a_record_of_several_lines_is_one_line_of_the_rejects(tmp_path: Path) -> None:
    path = tmp_path / "items.csv"
    with Rejects(path, tmp_path / "other") as rejects:
        rejects.add(7, "why", "a\nb\r\nc")
    assert rejects.path.read_text() == "7\twhy\ta\\nb\\r\\nc\n"

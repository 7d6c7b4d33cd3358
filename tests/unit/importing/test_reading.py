"""Reading files as they come."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from app.importing.reading import LONGEST_LINE, Line, read_lines
from app.importing.rejects import Rejects
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
    long = b"9" * (LONGEST_LINE * 2 + 5)
    found = read(tmp_path, b"1 2\n\xff\xfe 3\n" + long + b"\n1 \x00 2\n\"3,4\n5 6\n")
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

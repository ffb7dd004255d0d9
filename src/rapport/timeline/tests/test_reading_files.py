"""Files of others are read row by row; what is broken is named with its line, and the rest goes on."""

from __future__ import annotations

import gzip
import tracemalloc
from pathlib import Path

import pytest

from rapport.timeline.importing import files
from rapport.timeline.importing.files import Row, opened
from rapport.timeline.importing.problems import Unreadable
from rapport.timeline.importing.source import Source, default_name, source_of


def written(folder: Path, content: bytes | str, name: str = "file.csv") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def rows_of(source: Source) -> list[Row]:
    with opened(source.path) as file:
        return list(source.rows(file))


def read(folder: Path, content: bytes | str, name: str = "file.csv", **how: object) -> list[Row]:
    return rows_of(source_of(written(folder, content, name), **how))  # type: ignore[arg-type]


@pytest.mark.parametrize("between", [",", ";", "\t", "|"])
def test_the_separator_is_found_out(tmp_path: Path, between: str) -> None:
    found = read(tmp_path, f"name{between}amount\nJoyce{between}12.50\nAli{between}3.00\n")
    assert [row.values for row in found] == [
        {"name": "Joyce", "amount": "12.50"},
        {"name": "Ali", "amount": "3.00"},
    ]
    assert [row.line for row in found] == [2, 3]


def test_columns_lined_up_with_blanks_are_read(tmp_path: Path) -> None:
    found = read(tmp_path, " id   date      price\r\n 00001 19970101  11.77\r\n 00002 19970112  12.00\r\n")
    assert found[0].values == {"id": "00001", "date": "19970101", "price": "11.77"}


def test_a_file_without_a_line_of_names_takes_those_given(tmp_path: Path) -> None:
    found = read(tmp_path, "7,2019-01-02,3.50\n8,2019-01-03,4.00\n", columns=["who", "day", "paid"])
    assert found[0] == Row(1, {"who": "7", "day": "2019-01-02", "paid": "3.50"})
    with pytest.raises(Unreadable, match="names 2 columns, the first line has 3"):
        read(tmp_path, "7,2019-01-02,3.50\n", columns=["who", "day"])


def test_quoted_values_span_lines_and_a_quote_left_open_costs_one_line_only(tmp_path: Path) -> None:
    found = read(tmp_path, 'id,text\n1,"two\nlines"\n2,"never closed\n3,fine\n4,"also ""fine"""\n')
    assert [(row.line, row.values.get("text"), row.fault) for row in found] == [
        (2, "two\nlines", ""),
        (4, None, "a quote is opened and not closed"),
        (5, "fine", ""),
        (6, 'also "fine"', ""),
    ]


def test_rows_of_another_width_are_refused_with_their_line(tmp_path: Path) -> None:
    found = read(tmp_path, "a,b\n1,2\n1,2,3\n1\n\n1,2,\n")
    assert [(row.line, row.fault) for row in found] == [
        (2, ""),
        (3, "3 values where there are 2 columns"),
        (4, "1 values where there are 2 columns"),
        (6, ""),
    ]
    assert found[1].original == "1 | 2 | 3"


def test_bytes_that_are_no_text_are_refused_with_their_line(tmp_path: Path) -> None:
    found = read(tmp_path, "id,name\n1,Wanjirũ\n".encode() + b"2,\xff\xfe\n3,nul\0here\n4,fine\n")
    assert [(row.line, row.fault) for row in found] == [
        (2, ""),
        (3, "not utf-8 at byte 3 of the line"),
        (4, "contains a NUL byte"),
        (5, ""),
    ]


def test_the_old_windows_encoding_is_recognised(tmp_path: Path) -> None:
    assert read(tmp_path, "id,name\n1,José\n".encode("cp1252"))[0].values["name"] == "José"
    assert read(tmp_path, "\ufeffid,name\n1,José\n")[0].values == {"id": "1", "name": "José"}


def test_a_line_of_five_megabytes_is_refused_and_not_kept(tmp_path: Path) -> None:
    path = written(tmp_path, b"id,name\n1," + b"x" * 5_000_000 + b"\n2,fine\n")
    source = Source(path, "table", source_of(written(tmp_path, "id,name\n1,a\n", "small.csv")).shape, ())
    tracemalloc.start()
    found = rows_of(source)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [(row.line, row.fault) for row in found] == [(2, "longer than 1 MB"), (3, "")]
    assert peak < 4_500_000


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "is empty"),
        (b" \n\n", "is empty"),
        (b"id,name\n", "holds no rows"),
        (b"PK\x03\x04....", "ZIP archive or an Excel file"),
        ("id,name\n1,a\n".encode("utf-16"), "is UTF-16"),
        (b"\0\1\2\3" * 100, "is not a text file"),
        (b"just one column\nof words\n", "cannot be told apart"),
        (b"<html><body/></html>", "not XES"),
    ],
)
def test_files_of_the_wrong_kind_are_refused_whole(tmp_path: Path, content: bytes, why: str) -> None:
    with pytest.raises(Unreadable, match=why):
        read(tmp_path, content)


def test_a_missing_file_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="No such file"):
        source_of(tmp_path / "nowhere.csv")


def test_a_packed_file_that_ends_in_the_middle_says_so(tmp_path: Path) -> None:
    lines = "".join(f"{n},{n * 7919 % 10_007}\n" for n in range(20_000))
    packed = gzip.compress(f"id,name\n{lines}".encode())
    source = source_of(written(tmp_path, packed, "whole.csv.gz"))
    assert len(rows_of(source)) == 20_000
    short = written(tmp_path, packed[: len(packed) * 2 // 3], "short.csv.gz")
    with pytest.raises(Unreadable, match=r"short.csv.gz ends in the middle"):
        rows_of(Source(short, source.kind, source.shape, ()))


def test_a_packed_file_that_grows_without_end_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "FREELY_INFLATED_BYTES", 100_000)
    monkeypatch.setattr(files, "MAX_RATIO", 20)
    path = written(tmp_path, gzip.compress(b"id,name\n" + b"1,aaaaaaaaaaaaaaaa\n" * 200_000), "bomb.csv.gz")
    source = source_of(path)
    with pytest.raises(Unreadable, match="no honest file"):
        rows_of(source)


def test_lines_of_json_are_read_and_nested_objects_become_columns(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        '{"a": {"b": 1}, "data": {"x": {"y": 2}}}\nnonsense\n[1]\n\n{"t": "\\u0000"}\n{"t": "\\ud800"}\n',
        "file.jsonl",
    )
    assert found[0].values == {"a.b": 1, "data": {"x": {"y": 2}}}
    assert [(row.line, row.fault.split(":")[0]) for row in found[1:]] == [
        (2, "not JSON"),
        (3, "not a JSON object"),
        (5, "contains a NUL byte"),
        (6, "not JSON"),
    ]


LOG = """<?xml version="1.0"?>
<log xmlns="http://www.xes-standard.org/">
<global scope="event"><string key="concept:name" value="never"/></global>
<trace>
<event><string key="concept:name" value="ask"><string key="inner" value="no"/></string>
<date key="time:timestamp" value="2020-01-01T10:00:00Z"/></event>
<string key="concept:name" value="C1"/><string key="region" value="coast"/>
</trace>
<trace><event><string key="concept:name" value="lost"/></event></trace>
</log>"""


def test_a_process_log_is_read_with_the_attributes_of_its_cases(tmp_path: Path) -> None:
    found = read(tmp_path, LOG, "log.xes")
    assert found[0] == Row(
        5,
        {
            "case": "C1",
            "concept:name": "ask",
            "time:timestamp": "2020-01-01T10:00:00Z",
            "case:region": "coast",
        },
    )
    assert (found[1].line, found[1].fault) == (9, "its case has no concept:name")


BOMB = '<?xml version="1.0"?><!DOCTYPE log [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><log>&b;</log>'


@pytest.mark.parametrize(
    ("content", "why"), [(BOMB, "declares a document type"), (LOG[:-30], "not whole XML")]
)
def test_bombs_and_broken_xml_are_refused(tmp_path: Path, content: str, why: str) -> None:
    with pytest.raises(Unreadable, match=why):
        read(tmp_path, content, "log.xes")


def test_dialogues_are_read_one_at_a_time_and_odd_ones_named(tmp_path: Path) -> None:
    talk = '{"convo_id": 1, "original": [["agent", "Hi"]], "delexed": [1]}'
    found = read(tmp_path, f'[{talk}, {{"convo_id": 2}}, {talk}]', "talk.json")
    assert [(row.line, row.fault) for row in found] == [
        (1, ""),
        (2, "not a dialogue with convo_id and original"),
        (3, ""),
    ]
    assert found[0].values == {"convo_id": 1, "scenario": None, "original": [["agent", "Hi"]]}
    with pytest.raises(Unreadable, match="not whole JSON"):
        read(tmp_path, f"[{talk}, {talk[:20]}", "cut.json")


@pytest.mark.parametrize(
    ("name", "source"),
    [("Orders (2).csv.gz", "Orders"), ("log.xes", "log"), ("export copy.jsonl", "export"), (".csv", "file")],
)
def test_a_second_download_of_a_file_has_the_name_of_the_first(name: str, source: str) -> None:
    assert default_name(Path(name)) == source

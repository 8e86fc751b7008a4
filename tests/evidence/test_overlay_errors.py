from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ytterby.evidence import baseline, tables
from ytterby.terms.errors import BadValue, InputError, UnknownName, YtterbyError

HEAD = "parameter,value,low,high,unit,known,source_publisher,confidence"
GOOD = "capacity:sep_mp,7000,6500,7500,t/y,2026-11-01,Our visit,A"


def load(folder: Path, text: str) -> None:
    (folder / "overlay").mkdir(exist_ok=True)
    (folder / "overlay" / "claims.csv").write_text(text, encoding="utf-8")
    baseline.load(folder)


@pytest.mark.parametrize(
    ("line", "kind", "cause", "column"),
    [
        (GOOD.replace("t/y", "furlongs"), UnknownName, "unknown unit 'furlongs'", "unit"),
        (GOOD.replace("7000", "seven"), BadValue, "'seven' is not a number", "value"),
        (GOOD.replace("7000", "7,000").replace("7,000", '"7,000"'), BadValue, "'7,000' is not a number", "value"),
        (GOOD.replace("7000", "nan"), BadValue, "'nan' is not a number", "value"),
        (GOOD.replace("6500", "9000"), BadValue, "low 9000 lies above high 7500", ""),
        (GOOD.replace("7000", "8000"), BadValue, "high 7500 lies below value 8000", ""),
        (GOOD.replace("2026-11-01", "1 Nov"), BadValue, "'1 Nov' is not a date", "known"),
        (GOOD.replace(",A", ",D"), UnknownName, "unknown grade 'D'", "confidence"),
        (GOOD.replace("capacity:", "capcity:"), UnknownName, "'capcity'", "parameter"),
        (GOOD.replace("capacity:sep_mp", "sep_mp"), BadValue, "names no parameter", "parameter"),
        (GOOD.replace("Our visit", ""), BadValue, "'source_publisher' is blank", "source_publisher"),
        (GOOD.replace("7000,6500,7500", ",,"), BadValue, "neither a value nor a range", "value"),
        (GOOD + ",more", BadValue, "9 cells where the head has 8", ""),
        (GOOD.replace("Our visit", '"Our visit'), BadValue, "not a well-formed table", ""),
    ],
)
def test_nice_errors(tmp_path: Path, line: str, kind: type[InputError], cause: str, column: str) -> None:
    with pytest.raises(kind) as caught:
        load(tmp_path, f"{HEAD}\n{GOOD}\n{line}\n")
    assert cause in caught.value.cause
    assert "claims.csv line" in caught.value.place
    assert "line 3" in caught.value.place or "quoted" in cause or "well-formed" in cause
    assert column in caught.value.place
    assert caught.value.remedy


@pytest.mark.parametrize(
    ("head", "cause"),
    [
        (HEAD.replace(",unit", ""), "column 'unit' is missing"),
        (HEAD.replace("value", "vlaue"), "unknown column 'vlaue'"),
        (HEAD + ",value", "column 'value' stands twice"),
        ("", "column 'parameter' is missing"),
    ],
)
def test_nice_errors_of_the_head(tmp_path: Path, head: str, cause: str) -> None:
    with pytest.raises(InputError, match=cause) as caught:
        load(tmp_path, f"{head}\n")
    assert "claims.csv line 1" in caught.value.place


def test_a_suggestion_stands_beside_a_typo(tmp_path: Path) -> None:
    with pytest.raises(UnknownName) as caught:
        load(tmp_path, f"{HEAD.replace('value', 'vlaue')}\n")
    assert "value" in caught.value.remedy


def test_bytes_that_are_not_text(tmp_path: Path) -> None:
    (tmp_path / "overlay").mkdir()
    (tmp_path / "overlay" / "claims.csv").write_bytes(b"parameter\xff\xfe\n")
    with pytest.raises(BadValue, match="not UTF-8"):
        baseline.load(tmp_path)


def test_a_table_nobody_knows() -> None:
    with pytest.raises(UnknownName) as caught:
        baseline.table("depositts")
    assert "deposits" in caught.value.remedy


def refusal(text: str) -> YtterbyError | None:
    """How a table is refused; None where it reads, to the claim."""
    try:
        for row in tables.parse(text, tables.schema()["overlay"], "claims.csv"):
            baseline._overlay_claim(row)
    except YtterbyError as error:
        return error
    return None


@given(st.text(max_size=200))
def test_wild_text_reads_or_is_refused(text: str) -> None:
    error = refusal(text)
    assert error is None or ("claims.csv" in error.place and error.cause)


@given(st.lists(st.text(max_size=12), min_size=8, max_size=8))
def test_wild_cells_read_or_are_refused(cells: list[str]) -> None:
    line = ",".join('"' + cell.replace('"', '""') + '"' for cell in cells)
    error = refusal(f"{HEAD}\n{line}\n")
    assert error is None or ("claims.csv" in error.place and error.cause)

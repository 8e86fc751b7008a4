"""What is printed: JSON that any program reads, tables that line up in both scripts, CSV that comes back."""

from __future__ import annotations

import csv
import io
import json
import math
import unicodedata
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ytterby.cli import speaking
from ytterby.world.listing import LISTS

atoms = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
values = st.recursive(
    atoms,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=12,
)


def _finite(value: Any) -> Any:
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, list):
        return [_finite(item) for item in value]
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in value.items()}
    return value


@given(values)
def test_json_comes_back_and_knows_no_nan(value: Any) -> None:
    text = json.dumps(speaking.plain(value), allow_nan=False)
    assert json.loads(text) == _finite(value)


def test_records_and_arrays_become_plain() -> None:
    @dataclass(frozen=True)
    class Inner:
        share: float
        elements: tuple[str, ...]

    assert speaking.plain(Inner(math.inf, ("Dy",))) == {"share": None, "elements": ["Dy"]}
    assert speaking.plain(np.array([[1.0, np.nan]])) == [[1.0, None]]
    assert speaking.plain(np.float64(0.5)) == 0.5
    assert speaking.plain({1: np.bool_(True), "n": np.int64(3)}) == {"1": True, "n": 3}


def _columns(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


@given(st.lists(st.text(alphabet="ab稀土镝é", min_size=1, max_size=9), min_size=1, max_size=6))
def test_plain_tables_line_up_in_both_scripts(names: list[str]) -> None:
    rows = [{"name": name, "amount": float(i), "end": "|"} for i, name in enumerate(names)]
    out = io.StringIO()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.stdout", out)
        speaking.table(rows, ("name", "amount", "end"))
    lines = out.getvalue().splitlines()
    assert len(lines) == len(rows) + 1
    bars = {_columns(line[: line.index("|")]) for line in lines[1:]}
    assert len(bars) == 1


@given(st.lists(st.tuples(st.text(alphabet='a,"\n稀 ', max_size=6), st.floats(allow_nan=False, allow_infinity=False))))
def test_csv_comes_back(pairs: list[tuple[str, float]]) -> None:
    rows = [{"name": f"x{name}", "value": value} for name, value in pairs]
    out = io.StringIO()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.stdout", out)
        speaking.comma_separated(rows)
    read = list(csv.DictReader(io.StringIO(out.getvalue())))
    assert [(row["name"], float(row["value"])) for row in read] == [(row["name"], row["value"]) for row in rows]


def test_rows_that_differ_keep_all_their_fields(capsys: pytest.CaptureFixture[str]) -> None:
    rows = [{"what": "mined", "median": 3.0}, {"what": "unexplained", "worst": 1e-12}]
    speaking.comma_separated(rows)
    assert capsys.readouterr().out.splitlines() == ["what,median,worst", "mined,3.0,", "unexplained,,1e-12"]
    speaking.table(rows)
    assert "1e-12" in capsys.readouterr().out


def test_an_empty_table_is_empty(capsys: pytest.CaptureFixture[str]) -> None:
    speaking.table([])
    assert capsys.readouterr().out.strip() == ""


def test_progress_speaks_seldom_and_never_of_the_end(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    clock = iter([0.0, 1.0, 6.0, 7.0, 12.0, 20.0])
    monkeypatch.setattr(speaking.time, "monotonic", lambda: next(clock))
    with speaking.progress("april-2025") as advance:
        for done in (100, 250, 300, 500, 1000):
            advance(done, 1000)
    out, err = capsys.readouterr()
    assert out == ""
    assert err.splitlines() == [
        "april-2025: 250 of 1,000, about 18 s left",
        "april-2025: 500 of 1,000, about 12 s left",
    ]


def test_lists_are_sorted_by_name() -> None:
    assert list(LISTS) == sorted(LISTS)

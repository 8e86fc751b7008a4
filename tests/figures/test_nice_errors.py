"""Errors of the figures: cause, row and remedy, for a person who never saw the code."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ytterby.figures import Caption, bars, dots, fan, multiples, network, ranges, sankey, shades, timeline, tornado
from ytterby.figures.outlines import outlines
from ytterby.terms.errors import BadValue, DateOrder, InputError, UnknownName

C = Caption("Found")


def flow(**changes: Any) -> dict[str, Any]:
    return {"stage": "a", "source": "x", "next_stage": "b", "target": "y", "value": 1.0} | changes


CASES: list[tuple[Callable[[], str], type[InputError], str]] = [
    (lambda: fan([{"period": "2025-13", "median": 1.0}], C), BadValue, "2025-13"),
    (lambda: fan([{"median": 1.0}], C), BadValue, "no 'period'"),
    (lambda: fan([{"period": "2025-01", "median": "many"}], C), BadValue, "many"),
    (lambda: fan([{"period": "2025-01", "p05": 9.0, "p95": 1.0}], C), BadValue, "backwards"),
    (lambda: fan([{"period": "2025-01", "median": float("inf")}], C), BadValue, "inf"),
    (lambda: fan([{"period": "2025-01", "median": 1.0}], C, width=40), BadValue, "40 px"),
    (
        lambda: fan([{"period": "2025-01", "median": 1.0}], C, references=[{"name": "r", "rows": []}] * 5),
        BadValue,
        "more than 4",
    ),
    (lambda: fan([], C, references=[{"rows": []}]), BadValue, "without a name"),
    (lambda: fan("rows", C), BadValue, "rows are a str"),
    (lambda: bars([["Nd", 1.0]], C), BadValue, "a row is a list"),
    (lambda: tornado([{"label": "", "low": 0.0, "high": 2.0}], C), BadValue, "label"),
    (lambda: multiples([{"rows": []}], C), BadValue, "without a name"),
    (lambda: multiples([{"name": "Dy", "rows": [{"period": "soon"}]}], C), BadValue, "soon"),
    (lambda: bars([{"label": "\u200b", "value": 1.0}], C), BadValue, "without a label"),
    (lambda: ranges([{"median": 1.0}], C), BadValue, "without a label"),
    (lambda: ranges([{"label": "a", "median": 1.0, "share": 93}], C), BadValue, "share of 93"),
    (lambda: ranges([{"label": "a", "median": 1.0, "p95": 0.5}], C), BadValue, "backwards"),
    (lambda: sankey([flow(value=-3)], C), BadValue, "-3"),
    (lambda: sankey([flow(next_stage="a")], C), BadValue, "circle"),
    (lambda: sankey([flow(), flow(stage="b", next_stage="a")], C), BadValue, "circle"),
    (lambda: sankey([flow(stage="b", next_stage="a")], C, stages=("a", "b")), BadValue, "does not come before"),
    (lambda: sankey([flow(stage="mien")], C, stages=("mine", "b")), UnknownName, "mien"),
    (lambda: network([flow()], C, by="continent"), UnknownName, "continent"),
    (lambda: network([flow()], C), BadValue, "source_stage"),
    (lambda: dots([{"name": "a", "lat": 98.0, "lon": 25.0, "value": 1.0}], C), BadValue, "latitude 98"),
    (lambda: dots([{"name": "a", "lat": 9.0, "lon": 25.0, "value": -1.0}], C), BadValue, "-1"),
    (lambda: shades([{"country": "CN", "value": 1.0}, {"country": "CN", "value": 2.0}], C), BadValue, "twice"),
    (lambda: shades([{"country": "CN", "value": 1.0}], C, limits=(0, 5, 1)), BadValue, "limits"),
    (lambda: timeline([{"date": "2025-04-04", "until": "2025-01-01", "label": "a"}], C), DateOrder, "ends before"),
    (lambda: timeline([{"date": "soon", "label": "a"}], C), BadValue, "soon"),
    (lambda: str(Caption(" ")), BadValue, "title"),
    (lambda: str(Caption("Found", sources="USGS")), BadValue, "sources"),
    (lambda: str(Caption("Found", language="de")), UnknownName, "de"),
]


@pytest.mark.parametrize(("act", "kind", "says"), CASES)
def test_cause_place_and_remedy(act: Callable[[], str], kind: type[InputError], says: str) -> None:
    with pytest.raises(kind) as caught:
        act()
    assert says in caught.value.cause
    assert caught.value.remedy or isinstance(caught.value, UnknownName)
    assert caught.value.place or "grouping" in caught.value.cause


def test_the_place_is_the_row() -> None:
    with pytest.raises(BadValue) as caught:
        bars([{"label": "a", "value": 1.0}, {"label": "b", "value": "x"}], C)
    assert caught.value.place == "figure bars, row 2"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("not json", "not a file"),
        ("[1, 2]", "not a file"),
        ('{"CN": [[1, 2, 3]]}', "no ring"),
        ('{"CN": [[200, 2, 3, 4, 5, 6]]}', "no ring"),
        ('{"FJ": [[179, -17, -179, -17, -179, -16, 179, -17]]}', "date line"),
    ],
)
def test_a_wrong_file_of_outlines(text: str, says: str, tmp_path: Path) -> None:
    file = tmp_path / "borders.json"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(BadValue) as caught:
        outlines(file)
    assert says in caught.value.cause
    assert caught.value.place.endswith("borders.json")


def test_a_missing_file_of_outlines(tmp_path: Path) -> None:
    with pytest.raises(UnknownName):
        outlines(tmp_path / "nowhere.json")

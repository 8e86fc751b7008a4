"""Tables: every row says what the single verdict says, whatever hands out the columns."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ytterby.rules import facts, regimes, tabled, verdicts
from ytterby.terms.errors import BadValue, InputError, UnknownName

Day = datetime.date
TODAY = Day(2026, 11, 21)
READINGS = tuple(regimes.readings())
LAWS = {name: verdicts.law(TODAY, name) for name in READINGS}

ROW = st.fixed_dictionaries(
    {"date": st.dates(Day(2022, 1, 1), Day(2027, 3, 1))},
    optional={
        "item.form": st.sampled_from(["magnet", "oxide", "metal", "target", "assembly", "equipment", "superhard"]),
        "item.composition.Nd": st.sampled_from([0.0, 0.3]),
        "item.composition.Dy": st.sampled_from([0.0, 0.0005, 0.02]),
        "item.composition.Ga": st.sampled_from([0.0, 0.5]),
        "item.control_code": st.sampled_from(["1C904.a", "3A090", "2B902.b", "9X999"]),
        "origin": st.sampled_from(["CN", "JP", "US", "RU"]),
        "from": st.sampled_from(["CN", "Japan", "US", "DE"]),
        "to": st.sampled_from(["CN", "JP", "US", "DE", "德国"]),
        "technology_origin": st.sampled_from(["CN", "JP"]),
        "end_use": st.sampled_from(["civil", "military", "chips_14nm", "repair", "humanitarian"]),
        "end_user": st.sampled_from(["Muster", "JAXA", "MHI", "Subaru", "Leidos", "Huawei"]),
        "consignee": st.sampled_from(["Muster", "HENSOLDT AG"]),
        "china_value_share": st.sampled_from([0.000999, 0.001, "0.1 %", 0.5]),
        "cots": st.sampled_from([True, False]),
        "owners": st.sampled_from([{"HENSOLDT AG": 0.5}, {"Huawei": 0.3, "SMIC": 0.2}, {"Muster": 1.0}]),
        "stages.mined": st.sampled_from(["CN", "AU"]),
        "contract": st.sampled_from(["us_dod", "none"]),
    },
)


def told(row: dict[str, Any]) -> dict[str, Any]:
    """The nested facts of a flat row."""
    nested: dict[str, Any] = {}
    for name, value in row.items():
        *path, last = name.split(".")
        place = nested
        for part in path:
            place = place.setdefault(part, {})
        place[last] = value
    return nested


def columns(rows: list[dict[str, Any]]) -> dict[str, list[Any]]:
    names = sorted({name for row in rows for name in row})
    return {name: [row.get(name) for row in rows] for name in names}


@given(st.lists(ROW, min_size=1, max_size=6), st.sampled_from(READINGS))
@settings(max_examples=25, deadline=None)
def test_a_row_says_what_the_single_verdict_says(rows: list[dict[str, Any]], reading: str) -> None:
    found = tabled.verdicts(columns(rows), LAWS[reading], next_change=True).to_columns()
    for at, row in enumerate(rows):
        one = verdicts.under(LAWS[reading], facts.of(told(row)), row["date"])
        assert found["outcome"][at] == one.outcome
        assert found["clauses"][at] == " ".join(one.clauses)
        assert found["confidence"][at] == one.confidence
        assert found["licence"][at] == " or ".join(one.licence)
        assert found["missing"][at] == " ".join(name for name, _ in one.missing)
        assert found["next_change"][at] == (one.next_change.isoformat() if one.next_change else "")


@given(st.lists(ROW, min_size=2, max_size=6), st.randoms(use_true_random=False))
@settings(max_examples=15, deadline=None)
def test_rows_do_not_know_one_another(rows: list[dict[str, Any]], chance: Any) -> None:
    order = list(range(len(rows)))
    chance.shuffle(order)
    held = LAWS[READINGS[0]]
    straight = tabled.verdicts(columns(rows), held).to_columns()
    turned = tabled.verdicts(columns([rows[at] for at in order]), held).to_columns()
    for name, cells in straight.items():
        assert [cells[at] for at in order] == turned[name]


SMALL: dict[str, list[Any]] = {
    "item.form": ["magnet", "oxide", None],
    "item.composition.Dy": [0.02, 0.0, 0.87],
    "item.composition.Nd": [0.28, 0.85, None],
    "from": ["CN", "CN", "CN"],
    "to": ["DE", "DE", "JP"],
    "end_use": ["civil", "civil", "civil"],
}


def test_pandas_arrow_and_lists_say_the_same() -> None:
    import pandas as pd

    held, on = LAWS[READINGS[-1]], Day(2025, 5, 10)
    plain = tabled.verdicts(SMALL, held, on).to_columns()
    assert plain["outcome"] == ["licence", "free", "undetermined"]
    assert plain["missing"][2].split()[0] == "item.form"
    assert tabled.verdicts(pd.DataFrame(SMALL), held, on).to_columns() == plain
    assert tabled.verdicts(Arrow(SMALL), held, on).to_columns() == plain


class Arrow:
    """Hands out its columns as a pyarrow.Table does."""

    def __init__(self, cells: dict[str, list[Any]]) -> None:
        self.cells = cells

    def to_pydict(self) -> dict[str, list[Any]]:
        return self.cells


def test_dates_of_any_kind_and_no_rows() -> None:
    import pandas as pd

    held = LAWS[READINGS[-1]]
    frame = pd.DataFrame({**SMALL, "date": pd.to_datetime(["2025-04-03", "2025-05-10", "2025-05-10"])})
    assert tabled.verdicts(frame, held).outcome.tolist() == ["free", "free", "undetermined"]
    assert tabled.verdicts({**SMALL, "date": ["2025-04-04"] * 3}, held).outcome[0] == "licence"
    assert tabled.verdicts({"from": [], "to": []}, held, TODAY).to_columns()["outcome"] == []


def test_owners_as_text() -> None:
    held, on = LAWS[READINGS[-1]], Day(2025, 10, 1)
    table = {
        "item.form": ["other"] * 3,
        "item.composition.Fe": [1.0] * 3,
        "origin": ["US"] * 3,
        "from": ["US"] * 3,
        "to": ["CN"] * 3,
        "end_use": ["civil"] * 3,
        "end_user": ["Harmony Parts"] * 3,
        "owners": ["Huawei: 0.3; SMIC: 20 %", "Huawei: 0.3", ""],
    }
    found = tabled.verdicts(table, held, on)
    assert found.outcome.tolist() == ["licence", "free", "free"]


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ({"form": ["magnet"]}, "item.form"),
        ({"item.form": ["magnets"]}, "'magnet'"),
        ({"from": ["CN", "Atlantis"]}, "row 2"),
        ({"item.material": ["unobtainium"]}, "row 1"),
        ({"elements": ["Dy Xx"]}, "Xx"),
        ({"item.composition.Dy": [0.7], "item.composition.Fe": [0.7]}, "1.4"),
        ({"item.composition.Dy": [2]}, "0 and 1"),
        ({"item.composition.Dy": ["much"]}, "plain numbers"),
        ({"china_value_share": [-0.1]}, "row 1"),
        ({"china_value_share": [float("inf")]}, "row 1"),
        ({"cots": ["maybe"]}, "true or false"),
        ({"date": ["soon"]}, "2026-11-21"),
        ({"contract": ["dod"]}, "us_dod"),
        ({"item.hs": ["magnet"]}, "customs code"),
        ({"owners": ["Muster"]}, "owners"),
        ({"owners": ["A: 0.7; B: 0.7"]}, "more than the whole"),
        ({"origin": ["CN"], "stages.produced": ["JP"]}, "contradict"),
        ({"origin": ["CN"], "china_value_share": [0], "item.composition.Dy": [0.1]}, "contradict"),
        ({"item.material": ["oxide.Dy"], "item.form": ["magnet"]}, "contradict"),
        ({"activity": ["technology"], "item.form": ["oxide"]}, "contradict"),
    ],
)
def test_nice_errors(table: dict[str, list[Any]], said: str) -> None:
    with pytest.raises(InputError) as error:
        tabled.verdicts(table, LAWS[READINGS[0]], TODAY)
    assert said in str(error.value)
    assert error.value.place


def test_nice_errors_without_a_day_or_a_table() -> None:
    with pytest.raises(BadValue, match="no day"):
        tabled.verdicts({"from": ["CN"]}, LAWS[READINGS[0]])
    with pytest.raises(BadValue, match="no table"):
        tabled.verdicts(3, LAWS[READINGS[0]], TODAY)
    with pytest.raises(UnknownName, match="Atlantis"):
        tabled.of_facts([{"from": "CN"}, {"to": "Atlantis"}])

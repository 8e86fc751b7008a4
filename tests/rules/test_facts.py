"""Facts: names in any tongue, what follows from what, and what contradicts itself."""

from __future__ import annotations

import contextlib
import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ytterby.rules import facts
from ytterby.rules.columns import columns
from ytterby.rules.facts import Facts
from ytterby.terms.errors import InputError, UnknownName

Day = datetime.date


def test_countries_and_materials_by_any_name() -> None:
    found = facts.of({"item": {"material": "氧化镝"}, "origin": "中国", "from": "China", "to": "United Kingdom"})
    assert (found.origin, found.since, found.to) == ("CN", "CN", "GB")
    assert found.item.material == "oxide.Dy"
    assert found.form == "oxide"
    assert found.elements == frozenset({"Dy"})


def test_stages_by_name() -> None:
    assert facts.of({"stages": {"mined": "Australia", "refined": "马来西亚"}}).stages == {
        "mined": "AU",
        "refined": "MY",
    }


@pytest.mark.parametrize(
    ("told", "kind", "form"),
    [
        ({}, "goods", ""),
        ({"item": {"form": "technology"}}, "technology", "technology"),
        ({"item": {"form": "service"}}, "service", "service"),
        ({"activity": "technology"}, "technology", "technology"),
        ({"activity": "person"}, "person", "service"),
        ({"activity": "technology", "item": {"form": "other"}}, "technology", "other"),
        ({"item": {"material": "component.motor"}}, "goods", "assembly"),
        ({"item": {"material": "alloy.SmCo"}}, "goods", "alloy"),
        ({"item": {"material": "magnet.NdFeB", "form": "target"}}, "goods", "target"),
    ],
)
def test_what_moves_and_in_which_form(told: dict[str, Any], kind: str, form: str) -> None:
    found = facts.of(told)
    assert (found.kind, found.form) == (kind, form)


def test_codes_are_written_one_way() -> None:
    item = facts.of({"item": {"hs": "8505.11.10 00", "control_code": " 1c904.A "}}).item
    assert (item.hs, item.control_code) == ("8505111000", "1C904.a")


@given(st.floats(0, 100, allow_nan=False))
def test_percentages_carry_their_sign(value: float) -> None:
    found = facts.of({"china_value_share": f"{value!r} %"})
    assert found.china_value_share == pytest.approx(value / 100)


@given(st.floats(0, 1, allow_nan=False))
def test_shares_stay_as_they_are(value: float) -> None:
    assert facts.of({"china_value_share": value}).china_value_share == value


def test_a_fact_left_out_is_unknown_and_an_empty_composition_too() -> None:
    empty = columns([facts.of({})], [Day(2026, 1, 1)])
    assert not empty.composed[0]
    assert empty["activity"][0] == "goods"
    untold = {name for name, where in empty.untold.items() if where[0]}
    assert {"from", "to", "item.form", "item.composition", "end_use", "cots", "china_value_share"} <= untold
    assert columns([facts.of({"item": {"composition": {"Dy": 0}}})], [Day(2026, 1, 1)]).composed[0]


@given(
    st.dictionaries(
        st.sampled_from(
            ["item", "origin", "from", "to", "end_use", "owners", "stages", "china_value_share", "cots", "x"]
        ),
        st.recursive(
            st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=12),
            lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=8), inner, max_size=2),
            max_leaves=4,
        ),
        max_size=4,
    )
)
def test_wild_facts_are_understood_or_refused_nicely(told: dict[str, Any]) -> None:
    with contextlib.suppress(InputError):
        assert isinstance(facts.of(told), Facts)


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"item": {"composition": {"Dy": 0.6, "Nd": 0.6}}}, "sum to 1.2"),
        ({"item": {"composition": {"Dx": 0.1}}}, "'Dx' is no element"),
        ({"item": {"composition": {"Dy": 30}}}, "30 %"),
        ({"item": {"composition": {"Dy": -0.1}}}, "greater than or equal to 0"),
        ({"item": {"composition": {"Dy": float("nan")}}}, "item.composition.Dy"),
        ({"item": {"material": "unobtainium"}}, "unknown material"),
        ({"item": {"form": "magnets"}}, "'magnet'"),
        ({"item": {"hs": "85-05"}}, "customs code"),
        ({"item": {"colour": "red"}}, "unknown key"),
        ({"destination": "DE"}, "unknown key"),
        ({"to": "Atlantis"}, "Atlantis"),
        ({"stages": {"mined": "Atlantis"}}, "stages.mined"),
        ({"end_use": "peace"}, "civil"),
        ({"owners": {"A": 0.6, "B": 0.6}}, "more than the whole"),
        ({"china_value_share": 5}, "5 %"),
        ({"china_value_share": "little"}, "china_value_share"),
        ({"cots": "perhaps"}, "cots"),
        ({"date": "2026-02-30"}, "date"),
        ({"origin": "China", "china_value_share": 0, "item": {"composition": {"Dy": 0.1}}}, "contradict"),
        ({"origin": "Germany", "stages": {"produced": "CN"}}, "contradict"),
        ({"activity": "goods", "item": {"form": "technology"}}, "contradict"),
        ({"activity": "service", "item": {"form": "magnet"}}, "contradict"),
        ({"item": {"material": "oxide.Dy", "form": "magnet"}}, "contradict"),
        ({"item": {"material": "oxide.Dy", "composition": {"Nd": 0.8}}}, "contradict"),
    ],
)
def test_nice_errors(told: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError) as error:
        facts.of(told, "shipment 7")
    assert said in str(error.value)
    assert "shipment 7" in error.value.place


def test_the_place_of_an_error_is_the_key() -> None:
    for told, key in (({"item": {"form": "magnets"}}, "item.form"), ({"end_use": "peace"}, "end_use")):
        with pytest.raises(InputError) as error:
            facts.of(told)
        assert error.value.place.endswith(f", {key}")


def test_names_that_agree_are_no_contradiction() -> None:
    assert facts.of({"origin": "Germany", "stages": {"produced": "DE"}}).stages == {"produced": "DE"}
    assert facts.of({"item": {"material": "oxide.Dy", "composition": {"Dy": 0.87}}}).form == "oxide"


def test_a_page_names_the_line(tmp_path: Path) -> None:
    page = tmp_path / "shipment.yaml"
    page.write_text("item: {form: magnet}\nform: CN\nto: NO\n", encoding="utf-8")
    with pytest.raises(UnknownName) as error:
        facts.load(page)
    assert "'from'" in str(error.value)
    assert "line 2" in error.value.place
    page.write_text("item: {form: magnet}\nfrom: CN\nto: NO\n", encoding="utf-8")
    assert facts.load(page).to == "NO", "a country, not a flag"

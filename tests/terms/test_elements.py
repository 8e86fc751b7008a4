"""Elements: weights against oxides, both ways of REO, every name once."""

from __future__ import annotations

import csv
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ytterby.terms import elements
from ytterby.terms.errors import UnknownName

AXIS = ["La", "Ce", "Pr", "Nd", "Pm", "Sm", "Eu", "Gd", "Tb", "Dy", "Ho", "Er", "Tm", "Yb", "Lu", "Y", "Sc"]
masses = st.dictionaries(st.sampled_from(AXIS), st.floats(0, 1e9), max_size=17)


def test_the_axis_holds_seventeen_in_order() -> None:
    assert list(elements.ELEMENTS) == AXIS
    assert [elements.INDEX[symbol] for symbol in AXIS] == list(range(17))
    numbers = [elements.RECORDS[symbol].number for symbol in AXIS]
    assert numbers == [*range(57, 72), 39, 21]


def test_stoichiometry_agrees_with_the_baseline_to_four_decimals() -> None:
    text = files("ytterby").joinpath("data", "baseline", "recipes.csv").read_text(encoding="utf-8")
    rows = {row["id"]: row for row in csv.DictReader(text.splitlines()) if row["id"].startswith("stoich_")}
    for symbol in set(AXIS) - {"Pm"}:
        row = rows[f"stoich_{symbol}"]
        assert round(elements.metal_in_oxide(symbol), 4) == pytest.approx(float(row["value"]), abs=1e-9), symbol
        assert elements.oxide_name(symbol) == row["input"]
    didymium = 0.75 * elements.metal_in_oxide("Nd") + 0.25 * elements.metal_in_oxide("Pr")
    assert round(didymium, 4) == pytest.approx(float(rows["stoich_NdPr"]["value"]), abs=1e-9)


def test_metal_in_oxide_by_a_second_way() -> None:
    # mass of oxygen bound to one unit of metal, from the oxygen side
    for record in elements.RECORDS.values():
        oxygen_per_metal = record.oxygen_atoms / record.metal_atoms * 15.999 / record.weight
        assert 1 / elements.oxide_per_metal(record.symbol) == pytest.approx(1 / (1 + oxygen_per_metal), rel=1e-12)


@given(masses)
def test_reo_and_back_is_the_same_mass(metal: dict[str, float]) -> None:
    oxide = elements.to_reo(metal)
    assert all(oxide[s] >= metal[s] for s in metal)
    assert elements.from_reo(oxide) == pytest.approx(metal, rel=1e-12)


@given(masses)
def test_a_vector_keeps_mass_and_place(metal: dict[str, float]) -> None:
    row = elements.vector(metal)
    assert len(row) == 17
    assert {s: row[elements.INDEX[s]] for s in metal} == metal
    assert sum(row) == pytest.approx(sum(metal.values()))


def test_a_vector_adds_two_names_of_one_element() -> None:
    assert elements.vector({"Nd": 1.0, "neodymium": 2.0})[elements.INDEX["Nd"]] == 3.0


@pytest.mark.parametrize("symbol", AXIS)
def test_every_name_finds_its_element_and_no_other(symbol: str) -> None:
    record = elements.RECORDS[symbol]
    forms = [symbol, record.en, record.en.upper(), record.zh, *record.zh_hant, record.oxide, f"氧化{record.zh}"]
    assert {elements.element(form).symbol for form in forms} == {symbol}


def test_traditional_names_fold_to_the_simplified_ones() -> None:
    from ytterby.terms.text import fold

    for record in elements.RECORDS.values():
        assert record.zh in {fold(form) for form in record.zh_hant}, record.symbol


@pytest.mark.parametrize(("wrong", "meant"), [("neodynium", "neodymium"), ("Disprosium", "dysprosium")])
def test_a_wrong_name_suggests_the_right_one(wrong: str, meant: str) -> None:
    with pytest.raises(UnknownName) as caught:
        elements.element(wrong, "recipes.csv line 4")
    assert meant in caught.value.remedy
    assert caught.value.place == "recipes.csv line 4"

"""Materials, grades and stages: names lead home, compositions are whole, what is assumed says so."""

from __future__ import annotations

import csv
import re
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ytterby.terms import units
from ytterby.terms.elements import ELEMENTS
from ytterby.terms.errors import UnknownName
from ytterby.terms.materials import grade, grades, material, materials
from ytterby.terms.stages import STAGES, stage
from ytterby.terms.text import fold


@given(st.sampled_from(sorted(materials())))
def test_every_name_of_a_material_leads_home(name: str) -> None:
    one = materials()[name]
    for form in (one.id, one.en, one.zh, fold(one.zh), one.en.upper(), *one.synonyms):
        assert material(form).id == name


def test_no_name_stands_for_two_materials() -> None:
    owners: dict[str, set[str]] = {}
    for one in materials().values():
        for form in (one.id, one.en, one.zh, *one.synonyms):
            owners.setdefault(fold(form).casefold(), set()).add(one.id)
    assert not {form: names for form, names in owners.items() if len(names) > 1}


def test_fields_are_well_formed() -> None:
    for one in materials().values():
        assert stage(one.stage).id == one.stage
        assert one.id.startswith(f"{one.form}.")
        assert units.parse(one.unit).kinds[0] in {"mass", "count"}
        assert all(re.fullmatch(r"\d{4}\.\d\d", code) for code in one.hs), one.id
        assert set(one.elements) <= set(ELEMENTS)
        assert list(one.elements) == sorted(one.elements, key=ELEMENTS.index)
        assert not re.search(r"[\u4e00-\u9fff]", one.en)
        assert re.search(r"[\u4e00-\u9fff]", one.zh)


def test_every_element_but_promethium_is_traded_as_oxide_and_metal() -> None:
    for form in ("oxide", "metal"):
        assert {f"{form}.{symbol}" for symbol in ELEMENTS if symbol != "Pm"} <= set(materials())


def test_materials_run_from_the_mine_on() -> None:
    order = [stage(one.stage).order for one in materials().values()]
    assert order == sorted(order)


def test_compositions_are_whole_and_fit_their_family() -> None:
    assert len(grades()) == 10
    for one in grades().values():
        assert sum(content.share for content in one.contents.values()) == pytest.approx(1.0, abs=1e-9), one.id
        assert all(content.low is None or content.low <= content.share for content in one.contents.values())
        assert set(one.rare_earths) <= set(materials()[one.material].elements), one.id
        total = sum(one.rare_earths.values())
        assert (0.25 < total < 0.35) if one.family == "NdFeB" else (0.2 < total < 0.4)


def test_heat_is_bought_with_heavy_rare_earth() -> None:
    plain = [one for one in grades().values() if one.family == "NdFeB" and not one.id.endswith("_GBD")]
    heavy = [one.rare_earths.get("Dy", 0.0) + one.rare_earths.get("Tb", 0.0) for one in plain]
    assert [one.max_temperature for one in plain] == sorted(one.max_temperature for one in plain)
    assert heavy == sorted(heavy)


def test_contents_agree_with_the_baseline_and_say_what_is_assumed() -> None:
    text = files("ytterby").joinpath("data", "baseline", "recipes.csv").read_text(encoding="utf-8")
    rows = {row["id"]: row for row in csv.DictReader(text.splitlines())}
    for one in grades().values():
        for constituent, content in one.contents.items():
            found = [row for name, row in rows.items() if name.startswith(f"comp_{one.id}_{constituent}")]
            assert len(found) == 1, (one.id, constituent)
            factor = units.convert(1.0, found[0]["unit"], "share")
            assert float(found[0]["value"]) * factor == pytest.approx(content.share, abs=1e-9)
            assert content.assumed == (found[0]["access"] == "recall" or found[0]["confidence"] == "C")
        assert one.assumed


def test_grades_are_found_however_they_are_written() -> None:
    assert grade("n45uh_gbd").id == grade("N45UH GBD").id == "N45UH_GBD"
    assert grade("Sm2Co17").family == "SmCo"


def test_stages_run_from_mine_to_recycling() -> None:
    expected = [
        "mine",
        "concentrate",
        "separation",
        "metal",
        "alloy",
        "magnet",
        "component",
        "product",
        "use",
        "recycling",
    ]
    assert [one.id for one in STAGES] == expected
    for one in STAGES:
        for form in (one.id, one.en, one.zh, *one.synonyms):
            assert stage(form) is one


@pytest.mark.parametrize(
    ("look_up", "wrong", "meant"),
    [(material, "NdPr oxyde", "NdPr oxide"), (grade, "N45SHH", "N45SH"), (stage, "seperation", "separation")],
)
def test_a_wrong_name_suggests_the_right_one(look_up: object, wrong: str, meant: str) -> None:
    with pytest.raises(UnknownName) as caught:
        look_up(wrong, "recipes.csv line 4, column input")  # type: ignore[operator]
    assert meant in caught.value.suggestions
    assert caught.value.place == "recipes.csv line 4, column input"

"""A buyer's file: the shipped ones are read, and what is wrong is told by line, key and the nearest name."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from smallbuyer import buyer, told

from ytterby.decisions.hedge import arrivals, company
from ytterby.decisions.hedge.company import Company
from ytterby.rules import pages
from ytterby.terms.errors import BadValue, InputError, UnknownName
from ytterby.world import scenarios
from ytterby.world.network import Network


def test_the_shipped_companies_are_sound_and_say_what_they_assume() -> None:
    for name in company.names():
        one = company.load(name)
        assert one.id == name
        assert all(row.assumed and row.why for row in (*one.products, *one.materials, *one.options.every())), name
        assert len(one.assumed()) >= len(one.products) + len(one.materials)
        arrivals.within(scenarios.load(one.scenario), one)


def test_the_schema_is_that_of_the_files() -> None:
    document = company.schema()
    jsonschema.Draft202012Validator.check_schema(document)
    for path in company.names().values():
        raw = pages.plain(pages.compose(path.read_text(encoding="utf-8"), path.name))
        raw["start"] = raw["start"].isoformat()
        jsonschema.validate(raw, document)


def test_a_projects_own_company_comes_before_the_packages(tmp_path: Path) -> None:
    (tmp_path / "companies").mkdir()
    text = company.path_of("carmaker").read_text(encoding="utf-8").replace("months: 18", "months: 9")
    (tmp_path / "companies" / "carmaker.yaml").write_text(text, encoding="utf-8")
    assert company.load("carmaker", tmp_path).months == 9


def changed(text: str, **swaps: str) -> str:
    for old, new in swaps.items():
        assert old in text
        text = text.replace(old, new, 1)
    return text


WRONG = [
    ({"margin: 4200": "margin: -1"}, "margin", "greater than or equal to 0"),
    ({"units_per_day: 110": "units_per_day: .nan"}, "units_per_day", "finite"),
    ({"units_per_day: 110": "units_per_day: 0"}, "units_per_day", "greater than 0"),
    ({"cash: 12000000": "cash: -5"}, "cash", "greater than or equal to 0"),
    ({"cash: 12000000": "cash: .inf"}, "cash", "finite"),
    ({"months: 18": "months: 600"}, "months", "60"),
    ({"alpha: 0.9": "alpha: 1.0"}, "alpha", "less than 1"),
    ({"share: 0.9, lead": "share: 0.8, lead"}, "materials", "sum to 0.9"),
    ({"id: magnet-small": "id: magnet-drive"}, "", "stands twice"),
    ({"material: magnet-drive, kg: 1.8": "material: magnet-driv, kg: 1.8"}, "", "did you mean 'magnet-drive'"),
    ({"instead: hybrid": "instead: hybird"}, "", "did you mean 'hybrid'"),
    ({"holding: 0.12": "holdings: 0.12"}, "holdings", "holding"),
]


@pytest.mark.parametrize(("swap", "key", "words"), WRONG, ids=[str(next(iter(one[0].values()))) for one in WRONG])
def test_nice_errors(swap: dict[str, str], key: str, words: str, tmp_path: Path) -> None:
    text = company.path_of("carmaker").read_text(encoding="utf-8")
    path = tmp_path / "mine.yaml"
    path.write_text(changed(text, **swap), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        company.load(path)
    whole = str(caught.value)
    assert "mine.yaml" in whole
    assert key in whole
    assert words in whole


def test_a_product_without_a_bill_of_materials_is_refused(tmp_path: Path) -> None:
    raw = told()
    del raw["products"][0]["materials"]
    with pytest.raises(ValueError, match="product 'car' has no bill of materials"):
        Company.model_validate(raw)


@pytest.mark.parametrize(
    ("row", "name"),
    [
        ({"products": [{"id": "x", "plant": "car_uss", "units_per_day": 1, "margin": 1,
                        "materials": [{"material": "uh", "kg": 1}]}]}, "car_uss"),
        ({"products": [{"id": "x", "region": "UK", "units_per_day": 1, "margin": 1,
                        "materials": [{"material": "uh", "kg": 1}]}]}, "UK"),
        ({"materials": [{"id": "uh", "grade": "magnet.UHH", "suppliers": [{"origin": "CN"}]}]}, "magnet.UHH"),
        ({"materials": [{"id": "uh", "grade": "magnet.UH", "suppliers": [{"origin": "mag_uss"}]}]}, "mag_uss"),
    ],
)  # fmt: skip
def test_what_the_world_does_not_have_is_told_with_the_nearest_name(
    network: Network, row: dict[str, Any], name: str
) -> None:
    with pytest.raises(UnknownName) as caught:
        arrivals.names_known(network, buyer(**row))
    assert caught.value.name == name
    assert "company small" in caught.value.place
    assert caught.value.remedy


def test_a_plan_outside_of_the_scenario_is_refused() -> None:
    plan = scenarios.load("april-2025")
    with pytest.raises(BadValue, match="runs from 2027-01-01") as caught:
        arrivals.within(plan, buyer(start=datetime.date(2027, 1, 1)))
    assert str(plan.end) in str(caught.value)

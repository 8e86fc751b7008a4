"""A project's overlay: it changes exactly what it says, and refuses what it cannot mean with a place and a remedy."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ytterby.terms.errors import InputError
from ytterby.world import baseline, build, checks, overlay
from ytterby.world.network import Network

TODAY = datetime.date(2026, 11, 21)
DAYS = 365.25


def _laid(folder: Path, weighed: Mapping[str, Any], **files: str) -> Network:
    for name, text in files.items():
        stem, suffix = name.rsplit("_", 1)
        (folder / f"{stem}.{suffix}").write_text(text, encoding="utf-8")
    return build.build(weighed, TODAY, overlay.load(folder))


def _differences(first: Network, second: Network) -> set[str]:
    changed = set()
    for field in dataclasses.fields(Network):
        a, b = getattr(first, field.name), getattr(second, field.name)
        same = np.array_equal(a, b, equal_nan=a.dtype.kind == "f") if isinstance(a, np.ndarray) else a == b
        if not same:
            changed.add(field.name)
    return changed


def test_no_folder_and_an_empty_one_change_nothing(tmp_path: Path, weighed: Any, network: Network) -> None:
    assert not _differences(network, build.build(weighed, TODAY, overlay.load(tmp_path / "none")))
    (tmp_path / "README.txt").write_text("notes", encoding="utf-8")
    assert not _differences(network, build.build(weighed, TODAY, overlay.load(tmp_path)))


def test_a_changed_date_changes_that_plant_only(tmp_path: Path, weighed: Any, network: Network) -> None:
    changed = _laid(tmp_path, weighed, facilities_csv="id,start,full\nmag_mp10x,2029-01-01,2031-12-31\n")
    assert _differences(network, changed) == {"ramp_start", "ramp_days"}
    row = network.facilities.index("mag_mp10x")
    assert np.flatnonzero(network.ramp_start != changed.ramp_start).tolist() == [row]
    assert changed.ramp_days[row] == 1094


def test_a_changed_capacity_is_that_capacity(tmp_path: Path, weighed: Any, network: Network) -> None:
    changed = _laid(tmp_path, weighed, facilities_csv="id,capacity\nmag_evac,4000\n")
    row = network.facilities.index("mag_evac")
    assert changed.capacity[row] * DAYS == pytest.approx(4_000)
    assert np.flatnonzero(network.capacity != changed.capacity).tolist() == [row]
    # It starts later, so it moves nobody's share but those it has a part in; nothing else of the world moves.
    moved = {"capacity", "capacity_by", "facility_assumed", "uncertainty", "link_share", "activity_share", "notes"}
    assert _differences(network, changed) <= moved | {"yield_by", "cover_by", "lead_by", "demand_by", "ramp_by"}


def test_a_parameter_of_ones_own_counts_before_the_claims(tmp_path: Path, weighed: Any, network: Network) -> None:
    changed = _laid(tmp_path, weighed, assumptions_csv="parameter,value\ncapacity:mag_usar,1200\n")
    row = network.facilities.index("mag_usar")
    assert changed.capacity[row] * DAYS == pytest.approx(1_200)
    assert changed.facility_assumed[row]


NEW = (
    "id,name,stage,country,process,capacity,basis,start,full,lat,lon\n"
    "mag_new,A new plant,magnet,PL,magnet,1500,out:magnet,2027-01-01,2028-01-01,52.2,21.0\n"
)
NEW_LINKS = (
    "material,buyer,region,supplier,share\n"
    "alloy.*,mag_new,*,alloy_lcm,1\n"
    "magnet.*,car.bev,EU,mag_new,0.05\n"
)  # fmt: skip


def test_a_new_plant_with_its_links(tmp_path: Path, weighed: Any, network: Network) -> None:
    changed = _laid(tmp_path, weighed, facilities_csv=NEW, links_csv=NEW_LINKS)
    checks.check(changed)
    assert set(changed.facilities) - set(network.facilities) == {"mag_new"}
    row = changed.facilities.index("mag_new")
    assert changed.capacity[row] * DAYS == pytest.approx(1_500)
    assert changed.regions[changed.facility_region[row]] == "EU"
    buyers = {
        changed.facilities[changed.in_slot_facility[i]]
        for o, i in zip(changed.link_out, changed.link_in, strict=True)
        if changed.out_slot_facility[o] == row and changed.materials[changed.out_slot_material[o]].startswith("magnet")
    }
    assert buyers == {"car.bev.EU"}


def test_demand_of_ones_own(tmp_path: Path, weighed: Any, network: Network) -> None:
    text = "product,region,year,units_per_year\ncar.bev,US,2024,1300000\ncar.bev,US,2030,4000000\n"
    changed = _laid(tmp_path, weighed, demand_csv=text)
    row = network.groups.index("car.bev.US")
    assert changed.demand[row, 0] * DAYS == pytest.approx(1_300_000)
    assert changed.demand[row, 6] * DAYS == pytest.approx(4_000_000)
    others = np.arange(len(network.groups)) != row
    assert np.array_equal(changed.demand[others], network.demand[others])


def test_a_recipe_in_yaml_replaces_the_one_of_that_name(tmp_path: Path, weighed: Any, network: Network) -> None:
    text = (
        "- recipe: magnet.SmCo\n  process: magnet_smco\n  drive: magnet.SmCo\n"
        "  inputs: {alloy.SmCo: 1}\n  outputs: {magnet.SmCo: 0.8, scrap.SmCo: 0.1}\n"
    )
    changed = _laid(tmp_path, weighed, recipes_yaml=text)
    row = changed.activities.index("magnet.SmCo@mag_cn_smco")
    coefs = sorted(changed.output_coef[changed.output_activity == row])
    assert coefs == [0.1, 0.8]
    assert "magnet.UH@mag_jp" in changed.activities


def test_the_folder_is_read_and_left_alone(tmp_path: Path, weighed: Any) -> None:
    _laid(tmp_path, weighed, facilities_csv=NEW, links_csv=NEW_LINKS)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["facilities.csv", "links.csv"]
    assert (tmp_path / "facilities.csv").read_text(encoding="utf-8") == NEW


F = "id,name,stage,country,process,capacity,basis,start,full,lat\n"
L = "material,buyer,region,supplier,share\n"
R = "recipe,process,direction,material,coef\n"

NICE_ERRORS = [
    ("facilities_csv", F + "mag_mp,,,,,lots,,,,\n", "'lots'", "facilities.csv line 2, column capacity",
     "write a number"),
    ("facilities_csv", F + "mag_mp,,,,,-5,,,,\n", "-5 is negative", "line 2, column capacity", "0 or more"),
    ("facilities_csv", F + "mag_mp,,,,,,,2027-01-01,2026-01-01,\n", "comes before", "column full", "later date"),
    ("facilities_csv", F + "mag_mp,,,,,,,soon,,\n", "'soon' is not a date", "column start", "2026-03-15"),
    ("facilities_csv", F + "mag_mp,,,,,,,,,north\n", "'north' is not a number", "column lat", "plain number"),
    ("facilities_csv", F + "mag_mp,,,Atlantis,,,,,,\n", "unknown country 'Atlantis'", "column country", ""),
    ("facilities_csv", F + "mag_mp,,,,magnt,,,,,\n", "unknown process 'magnt'", "column process", "'magnet'"),
    ("facilities_csv", F + "mag_mp,,,,,,sideways,,,\n", "basis 'sideways'", "column basis", "out:metal"),
    ("facilities_csv", F + "mag_mp,,,,,capacty:mag_mp + 1,,,,\n", "unknown parameter", "column capacity",
     "capacity:mag_mp"),
    ("facilities_csv", "id,capacty\nmag_mp,5\n", "unknown column 'capacty'", "facilities.csv line 1", "'capacity'"),
    ("facilities_csv", F + ",,,,,5,,,,\n", "no name", "line 2, column id", "fill column id"),
    ("facilities_csv", F + "mag_mp,,,,,5,,,,,,,,\n", "14 cells under 10", "line 2", "double quotes"),
    ("facilities_csv", F + "mag_mp,,,,,5,,,,\nmag_mp,,,,,6,,,,\n", "stands here and in line 2", "line 3", "one of"),
    ("facilities_csv", F + "x,X,magnet,US,magnet,5,out:oxide,,,\n", "counts nothing", "column basis", "name one"),
    ("links_csv", L + "magnet.N,car.bev,US,mag_mpp,0.1\n", "unknown facility 'mag_mpp'", "column supplier", "'mag_mp'"),
    ("links_csv", L + "magnet.N,car.bv,US,mag_mp,0.1\n", "'car.bv'", "column buyer", "'car.bev'"),
    ("links_csv", L + "magnt.N,car.bev,US,mag_mp,0.1\n", "unknown material 'magnt.N'", "column material", "'magnet.N'"),
    ("links_csv", L + "magnet.N,car.bev,US,mag_mp,-0.1\n", "negative", "column share", "0 or more"),
    ("links_csv", L + "magnet.N,car.bev,US,mag_mp,half\n", "'half'", "column share", "write a number"),
    ("recipes_csv", R + "alloy.N,alloy,in,metal.NdPr,0.2\nalloy.N,alloy,out,alloy.N,1\n", "from nothing",
     "line 2", "raise"),
    ("recipes_csv", R + "alloy.N,alloy,in,metal.Nope,0.2\n", "unknown material 'metal.Nope'", "column material", ""),
    ("recipes_csv", R + "alloy.N,alloy,into,metal.NdPr,1\n", "direction 'into'", "column direction", "in or out"),
    ("recipes_csv", R + "alloy.N,alloy,in,metal.NdPr,1\n", "makes nothing", "line 2", "direction out"),
    ("recipes_yaml", "- recipe: [", "not YAML", "recipes.yaml line", "indentation"),
    ("recipes_yaml", "- recipe: x\n  proces: y\n", "unknown field 'proces'", "recipe 1", "'process'"),
    ("recipes_yaml", "recipe: x\n", "must be a list", "recipes.yaml", "begin every"),
    ("demand_csv", "product,region,year,units_per_year\ncar.bev,US,2030,-3\n", "negative", "units_per_year",
     "0 or more"),
    ("demand_csv", "product,region,year,units_per_year\ncar.bve,US,2030,3\n", "'car.bve'", "column product",
     "'car.bev'"),
    ("demand_csv", "product,region,year,units_per_year\ncar.bev,XX,2030,3\n", "region 'XX'", "column region", ""),
    ("demand_csv", "product,region,year,units_per_year\ncar.bev,US,1999,3\n", "year 1999", "column year", "write 2024"),
    ("assumptions_csv", "parameter,value,low,high\nmine:kachin,5,6,7\n", "not between", "column low", "low <= value"),
    ("assumptions_csv", "parameter,value\nmine:kachin,\n", "no value", "column value", "write a number"),
    ("facilitys_csv", "id\nx\n", "unknown overlay table", "overlay/facilitys.csv", "facilities.csv"),
]  # fmt: skip


@pytest.mark.parametrize(("file", "text", "cause", "place", "remedy"), NICE_ERRORS)
def test_nice_errors(tmp_path: Path, weighed: Any, file: str, text: str, cause: str, place: str, remedy: str) -> None:
    with pytest.raises(InputError) as caught:
        _laid(tmp_path, weighed, **{file: text})
    error = caught.value
    assert cause in error.cause
    assert place in error.place
    assert remedy in error.remedy
    assert "Traceback" not in str(error)


def test_text_that_is_not_utf8(tmp_path: Path) -> None:
    (tmp_path / "facilities.csv").write_bytes(b"id,name\nx,\xff\xfe\n")
    with pytest.raises(InputError, match="UTF-8"):
        overlay.load(tmp_path)


@given(st.text(max_size=200))
def test_wild_tables_are_read_or_refused(text: str) -> None:
    """Whatever stands in a file, it is either lines under known columns or an error for a user."""
    try:
        lines = baseline.lines(text, "facilities", "overlay/facilities.csv")
        place = ""
    except InputError as error:
        lines, place = (), error.place
    assert lines == () or all(set(line.cells) <= set(baseline.COLUMNS["facilities"]) for line in lines)
    assert place == "" or place.startswith("overlay/facilities.csv")


@given(st.text(max_size=60))
def test_wild_yaml_is_read_or_refused(text: str) -> None:
    place = "overlay/recipes.yaml"
    try:
        list(overlay.recipe_lines(text, place))
    except InputError as error:
        place = error.place
    assert place.startswith("overlay/recipes.yaml")


def test_the_examples_of_the_manual_work(tmp_path: Path, weighed: Any, network: Network) -> None:
    manual = (Path(__file__).parents[2] / "docs" / "data.md").read_text(encoding="utf-8")
    for block in manual.split("\n\n"):
        lines = block.splitlines()
        if not lines or not all(line.startswith("    ") for line in lines):
            continue
        text = "\n".join(line[4:] for line in lines) + "\n"
        header = text.splitlines()[0].split(",")
        table = next((name for name, columns in baseline.COLUMNS.items() if set(header) <= set(columns)), "")
        if text.startswith("- recipe"):
            (tmp_path / "recipes.yaml").write_text(text, encoding="utf-8")
        else:
            assert table, header
            (tmp_path / f"{table}.csv").write_text(text, encoding="utf-8")
    names = {path.name for path in tmp_path.iterdir()}
    assert names == {"facilities.csv", "links.csv", "assumptions.csv", "recipes.yaml", "demand.csv"}
    changed = build.build(weighed, TODAY, overlay.load(tmp_path))
    checks.check(changed)
    assert "mag_new" in changed.facilities
    assert changed.capacity[changed.facilities.index("kachin")] * DAYS == pytest.approx(25_000)

"""From line stops to losses of an economy: draw by draw, beside the run, with the table marked as assumed."""

from __future__ import annotations

import hashlib
import warnings
from pathlib import Path
from typing import Any

import linestops
import numpy as np
import pandas as pd
import pytest
from economies import economy as small
from hypothesis import given
from hypothesis import strategies as st

from ytterby.run import concordance, coupling, losses, record
from ytterby.run.ario import Behaviour, RunawayWarning, simulate
from ytterby.run.ario import Path as LostPath
from ytterby.run.ario.estimate import estimated
from ytterby.run.concordance import rows as lines_of
from ytterby.run.coupling import Setting
from ytterby.run.draws import draw
from ytterby.run.record import Run
from ytterby.terms.errors import BadValue, InputError, UnknownName, YtterbyError

pytestmark = pytest.mark.usefixtures("quick_to_compile")
SEED, DRAWS = 7, 6


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return linestops.kept(tmp_path_factory.mktemp("runs"), DRAWS)


@pytest.fixture(scope="module")
def made(run: Run) -> Run:
    return coupling.couple(run)


def digest(path: Path) -> str:
    files = sorted(p for p in path.rglob("*") if p.is_file() and losses.FOLDER not in p.relative_to(path).parts)
    return hashlib.sha256(b"".join(p.read_bytes() for p in files)).hexdigest()


def by_hand(run: Run) -> dict[tuple[str, str], np.ndarray]:
    """(region, sector) -> (period, draw) capacity lost, line of the concordance by line."""
    demand, output = (run.array(n).astype(float) for n in ("demand", "output"))
    table = concordance.load()
    drawn = draw(table.parameters, SEED, run.draws)
    found: dict[tuple[str, str], np.ndarray] = {}
    worth, short = {}, {}
    for line in lines_of("concordance"):
        for k, group in enumerate(run.info["groups"]):
            if group["product"] != line["product"]:
                continue
            key = (group["region"], line["sector"], line["pool"])
            value = float(line["unit_value"])
            worth[key] = worth.get(key, 0.0) + value * demand[k]
            short[key] = short.get(key, 0.0) + value * np.maximum(demand[k] - output[k], 0.0)
    for region, sector, pool in worth:
        part = short[region, sector, pool] / worth[region, sector, pool]
        part = part * drawn[f"economy:hangs:{pool}:{sector}"]
        found[region, sector] = found.get((region, sector), 0.0) + part
    return {key: value for key, value in found.items() if value.any()}


# what hits the economy


def test_what_stands_still_is_what_the_concordance_says(run: Run, made: Run) -> None:
    """The value added of struck capacity, against the lines of the table one by one."""
    table, hit = estimated(), by_hand(run)
    struck = made.array("struck")
    days = np.array([31.0, 28.0, 31.0, 29.0])
    assert set(made.info["struck_industries"]) == {f"{r}|{s}" for r, s in hit}
    for row, label in enumerate(table.labels):
        usual = table.value_added[row] / 365.0
        wanted = usual * days[:, None] * hit.get(label, np.zeros((4, run.draws)))
        np.testing.assert_allclose(struck[row], wanted, rtol=2e-5, atol=1e-5 * usual * 31)


def test_a_draw_of_the_economy_goes_on_from_the_same_draw_of_the_chain(run: Run, made: Run) -> None:
    """Each alone through `simulate`, with the behaviour that was drawn for it."""
    table, hit = estimated(), by_hand(run)
    drawn = draw(concordance.behaviour(), SEED, run.draws)
    month = np.repeat([0, 1, 2, 3], [31, 28, 31, 29])
    usual = concordance.inventories()
    for k in (0, 3, 5):
        stocks = {s: days * drawn["economy:inventory_days"][k] for s, days in usual.items()}
        behaviour = Behaviour(
            psi=drawn["economy:psi"][k],
            inventory_days=stocks,
            restoration_days=60.0 * drawn["economy:restoration_days"][k],
            overproduction_max=drawn["economy:overproduction_max"][k],
            overproduction_days=drawn["economy:overproduction_days"][k],
        )
        lost = np.stack([values[month, k] for values in hit.values()], axis=1)
        alone = simulate(table, parameters=behaviour, shocks=[LostPath(list(hit), lost)], steps=119)
        assert alone.production is not None
        np.testing.assert_allclose(
            made.array("output")[:, :, k].sum(axis=1), alone.production.sum(axis=0), rtol=1e-6, atol=1.0
        )


def test_nothing_is_lost_where_no_line_stops(tmp_path: Path) -> None:
    calm = linestops.kept(tmp_path, 2, short=np.zeros((len(linestops.GROUPS), 4, 2)))
    found = losses.rows(coupling.couple(calm))
    assert max(abs(row["lost_p95"]) for row in found) <= 1e-3 * min(
        abs(v) for v in coupling.couple(calm).info["value_added"]
    )


# beside the run


def test_the_run_itself_does_not_change(run: Run, made: Run) -> None:
    before = digest(run.path)
    again = coupling.couple(run)
    assert again.id == made.id
    assert again.info["created"] == made.info["created"]
    assert digest(run.path) == before
    assert made.path.parent == run.path / losses.FOLDER
    assert [row["id"] for row in record.listing(run.path.parent)] == [run.id]
    assert [row["id"] for row in losses.kept(run)] == [made.id]


def test_another_table_is_another_economy(run: Run, made: Run, tmp_path: Path) -> None:
    given = folder(tmp_path)
    own = coupling.couple(run, Setting.of(given))
    assert own.id != made.id
    assert (losses.cost(made).own, losses.cost(own).own) == (None, given.name)
    assert losses.opened(run, made.id).id == made.id
    with pytest.raises(BadValue, match="different tables"):
        losses.rows(made, own)


# what is told


def test_rows_add_up_where_they_must(made: Run) -> None:
    rows = losses.rows(made)
    told = {(row["period"], row["region"], row["sector"]): row for row in rows}
    assert all(row["assumed"] for row in rows)
    for row in rows:
        for kind in losses.KINDS:
            assert row[f"{kind}_p05"] <= row[f"{kind}_median"] <= row[f"{kind}_p95"]
    lost = made.array("value_lost").astype(float)
    world = lost.sum(axis=(0, 1))
    assert told["all", "WLD", "all"]["lost_p95"] == pytest.approx(np.sort(world)[-1])
    assert told["2025-03", "WLD", "all"]["lost_p05"] == pytest.approx(lost[:, 2].sum(axis=0).min())
    cars = [k for k, label in enumerate(made.labels("value_lost")) if label == "DE|vehicles"]
    assert told["all", "DE", "vehicles"]["lost_p95"] == pytest.approx(lost[cars].sum(axis=(0, 1)).max())
    assert told["all", "WLD", "all"]["indirect_median"] > 0.0


def test_a_run_costs_nothing_more_than_itself(made: Run) -> None:
    for row in losses.rows(made, made):
        assert row["lost_p05"] == row["lost_p95"] == 0.0


def test_longer_stops_cost_more(tmp_path: Path) -> None:
    short = np.zeros((len(linestops.GROUPS), 4, 2))
    short[:2, 1] = 0.4
    worse = short.copy()
    worse[:2, 2:] = 0.4
    one, other = (
        coupling.couple(linestops.kept(tmp_path, 2, short=s, name=n * 12)) for s, n in ((short, "a"), (worse, "b"))
    )
    found = losses.rows(other, one)
    assert (
        next(r for r in found if (r["region"], r["sector"], r["period"]) == ("DE", "vehicles", "all"))["lost_p05"] > 0
    )
    assert next(r for r in found if (r["region"], r["period"]) == ("WLD", "2025-02"))["lost_p95"] == 0.0


# the estimated table


def test_the_table_is_what_its_aggregates_say() -> None:
    table = estimated()
    shape = (len(table.regions), len(table.sectors))
    told = {line["region"]: 1e9 * float(line["gdp"]) for line in lines_of("regions")}
    added = dict(zip(table.regions, table.value_added.reshape(shape).sum(axis=1), strict=True))
    assert added == {name: pytest.approx(value, rel=1e-6) for name, value in told.items()}
    for line in lines_of("structure"):
        whole = {name: sum(float(other[name]) for other in lines_of("structure")) for name in table.regions}
        for region in table.regions:
            row = table.industry((region, line["sector"]))
            wanted = told[region] * float(line[region]) / whole[region]
            assert table.value_added[row] == pytest.approx(wanted, rel=2e-5)
    np.testing.assert_allclose(table.Z.sum(axis=1) + table.Y.sum(axis=1), table.x, rtol=1e-9)
    assert table.Y.sum() == pytest.approx(sum(told.values()), rel=1e-6)
    assert table.assumed
    assert table.unit == "USD"
    assert set(table.regions) == {"CN", "US", "DE", "EU", "JP", "KR", "VN", "IN", "ZZ"}


def test_exports_of_the_estimated_table_are_the_ones_the_page_tells() -> None:
    table = estimated()
    seller = np.array([table.regions.index(region) for region, _ in table.labels])
    buyer = np.repeat(np.arange(len(table.regions)), len(table.uses))
    sold = {}
    for name in ("US", "CN", "JP"):
        here = table.regions.index(name)
        abroad = table.Z[seller == here][:, seller != here].sum() + table.Y[seller == here][:, buyer != here].sum()
        sold[name] = round(abroad / 1e12, 1)
    assert sold == {"US": 4.0, "CN": 4.4, "JP": 0.9}


def test_every_row_behind_the_table_says_that_it_is_from_memory() -> None:
    for name in ("regions", "sectors", "structure", "technology", "concordance", "behaviour"):
        for line in lines_of(name):
            assert (line["access"], line["confidence"]) == ("recall", "C"), (name, line)
    assert concordance.load().assumed


def test_every_product_of_the_world_hangs_on_some_sector() -> None:
    from ytterby.world import baseline

    known = {line["product"] for line in lines_of("concordance")}
    assert known == {line["id"] for line in baseline.load()["products"]}


# a table of one's own


def folder(path: Path, **files: str) -> Path:
    table = small(2, 3)
    names = [("AA" if r == "r0" else "BB", s) for r, s in table.labels]
    rows = pd.MultiIndex.from_tuples(names, names=["region", "sector"])
    uses = pd.MultiIndex.from_tuples([("AA", "f"), ("AA", "g"), ("BB", "f"), ("BB", "g")], names=["region", "category"])
    path.mkdir(exist_ok=True)
    pd.DataFrame(table.Z, index=rows, columns=rows).to_csv(path / "Z.csv")
    pd.DataFrame(table.Y, index=rows, columns=uses).to_csv(path / "Y.csv")
    usual = {
        "regions.csv": "region,table_region\nDE,AA\nUS,BB\nJP,BB\n",
        "concordance.csv": "product,sector,pool,share,low,high,unit_value\n"
        "car.bev,s1,cars,0.5,0.5,0.5,2\ncar.ice,s1,cars,0.5,0.5,0.5,1\nrobot.industrial,s2,robots,0.1,0.05,0.2,1\n",
        "inventories.csv": "sector,days\ns0,inf\ns1,60\n",
    }
    for name, text in {**usual, **files}.items():
        (path / name).write_text(text, encoding="utf-8")
    return path


def test_a_table_of_ones_own_is_followed(run: Run, tmp_path: Path) -> None:
    setting = Setting.of(folder(tmp_path))
    model = coupling.economy(run, setting)
    assert model.behaviour.inventory_days == {"s0": np.inf, "s1": 60.0, "s2": 90.0}
    found = coupling.couple(run, setting)
    assert set(found.info["struck_industries"]) == {"AA|s1", "BB|s1", "BB|s2"}
    assert found.info["unit"] == "money"
    assert found.info["own_table"]
    assert losses.rows(found)[0]["lost_median"] > 0.0


def test_what_pymrio_saves_is_read(tmp_path: Path) -> None:
    """Its text files: tab-separated, two labels a row and a column."""
    own = folder(tmp_path)
    for name in ("Z", "Y"):
        frame = pd.read_csv(own / f"{name}.csv", index_col=[0, 1], header=[0, 1])
        (own / f"{name}.csv").unlink()
        frame.to_csv(own / f"{name}.txt", sep="\t")
    (own / "unit.txt").write_text("region\tsector\tunit\nAA\ts0\tMill USD\nAA\ts1\tMill USD\n", encoding="utf-8")
    found = coupling.given(own)
    np.testing.assert_allclose(found.Z, small(2, 3).Z)
    assert found.unit == "Mill USD"
    (own / "unit.txt").write_bytes(b"M \xff")
    assert coupling.given(own).unit == "M \ufffd"


@pytest.mark.parametrize(
    ("files", "error", "told"),
    [
        ({"concordance.csv": "product,sector\n"}, InputError, "no rows"),
        ({"concordance.csv": "product,sector\ncar.bev,s1\n"}, InputError, "pool is missing"),
        (
            {"concordance.csv": "product,sector,pool,share,low,high,unit_value\ncar.bev,s9,cars,.5,.4,.6,1\n"},
            UnknownName,
            "sector of the table 's9'",
        ),
        (
            {"concordance.csv": "product,sector,pool,share,low,high,unit_value\ncar.bev,s1,cars,.5,.6,.7,1\n"},
            BadValue,
            "share 0.6, 0.5",
        ),
        (
            {"concordance.csv": "product,sector,pool,share,low,high,unit_value\ncar.bev,s1,cars,half,.4,.7,1\n"},
            BadValue,
            "'half' is no number",
        ),
        (
            {"concordance.csv": "product,sector,pool,share,low,high,unit_value\ncar.bev,s1,cars,nan,nan,nan,1\n"},
            BadValue,
            "not finite",
        ),
        (
            {
                "concordance.csv": "product,sector,pool,share,low,high,unit_value\n"
                "car.bev,s1,a,.6,.6,.6,1\ncar.ice,s1,b,.6,.6,.6,1\n"
            },
            BadValue,
            "sum to 1.2",
        ),
        (
            {
                "concordance.csv": "product,sector,pool,share,low,high,unit_value\n"
                "car.bev,s1,a,.6,.6,.6,1\ncar.ice,s1,a,.5,.5,.5,1\n"
            },
            BadValue,
            "two shares",
        ),
        ({"regions.csv": "region,table_region\nDE,XX\n"}, UnknownName, "region of the table 'XX'"),
        ({"inventories.csv": "sector,days\ns1,-3\n"}, BadValue, "-3 days"),
        ({"inventories.csv": "sector,days\ns9,3\n"}, UnknownName, "s9"),
        ({"Z.csv": "a,b\n1,2\n"}, YtterbyError, "."),
        ({"Z.csv": ",,AA\n,,s0\nregion,sector,\nAA,s0,x\n"}, YtterbyError, "."),
    ],
)
def test_nice_errors(tmp_path: Path, files: dict[str, str], error: type[YtterbyError], told: str) -> None:
    with pytest.raises(error, match=told) as caught:
        Setting.of(folder(tmp_path, **files))
    assert caught.value.remedy
    assert caught.value.place


def cell(text: str) -> Any:
    """Writes a word into a cell of a CSV."""

    def change(path: Path) -> None:
        lines = path.read_text(encoding="utf-8").split("\n")
        cells = lines[4].split(",")
        lines[4] = ",".join([*cells[:3], text, *cells[4:]])
        path.write_text("\n".join(lines), encoding="utf-8")

    return change


@pytest.mark.parametrize(
    ("file", "change", "told"),
    [
        ("Z.csv", cell("abc"), "'abc' is no number"),
        ("Y.csv", cell("?"), "is no number"),
        ("Z.csv", cell(""), "no finite number"),
        ("Z.csv", cell("-5"), "is negative"),
        ("Z.csv", lambda path: path.write_bytes(bytes(range(256)) * 9), "not a table"),
        ("Z.csv", lambda path: path.write_text("", encoding="utf-8"), "not a table"),
        ("concordance.csv", lambda path: path.write_bytes(b"\xff\xfe\x00M"), "cannot be read"),
        ("regions.csv", lambda path: path.write_text("region,table_region\nDE\n", encoding="utf-8"), "unknown region"),
        ("inventories.csv", lambda path: path.write_text("sector,days\ns1\n", encoding="utf-8"), "is no number"),
    ],
)
def test_wild_files_are_told(tmp_path: Path, file: str, change: Any, told: str) -> None:
    own = folder(tmp_path)
    change(own / file)
    with pytest.raises(InputError, match=told) as caught:
        Setting.of(own)
    assert caught.value.place


def test_a_folder_without_a_table_or_a_common_region_is_refused(run: Run, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such folder"):
        Setting.of(tmp_path / "nowhere")
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match="Z is missing"):
        Setting.of(tmp_path / "empty")
    own = folder(tmp_path / "own")
    (own / "regions.csv").unlink()
    before = digest(run.path)
    with pytest.raises(BadValue, match="none of the run's regions"):
        coupling.couple(run, Setting.of(own))
    assert digest(run.path) == before


def test_a_run_that_was_not_followed_says_how(tmp_path: Path) -> None:
    alone = linestops.kept(tmp_path, 2)
    with pytest.raises(InputError, match="not followed") as caught:
        losses.opened(alone)
    assert caught.value.remedy == "ytterby run stopped --draws 2 --seed 7 --economy"


def test_a_runaway_is_told_as_such(tmp_path: Path) -> None:
    """Stocks of two weeks, asked for by half: the stops end, the fall does not."""
    short = np.zeros((len(linestops.GROUPS), 4, 2))
    short[:, 1] = 0.9
    one = linestops.kept(tmp_path, 2, short=short)
    wide = "product,sector,pool,share,low,high,unit_value\n" + "".join(
        f"{p},{s},{s},0.99,0.99,0.99,1\n" for p, s in (("car.bev", "s1"), ("car.ice", "s1"), ("robot.industrial", "s2"))
    )
    thin = folder(tmp_path / "own", **{"concordance.csv": wide, "inventories.csv": "sector,days\ns0,6\ns1,6\ns2,6\n"})
    with pytest.warns(RunawayWarning, match="failure of the ordering rule"):
        found = coupling.couple(one, Setting.of(thin))
    assert losses.runaways(found).any()
    assert found.info["stability"]["threshold"] > 0.5
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        calm = coupling.couple(one)
    assert not losses.runaways(calm).any()


@given(st.integers(0, 2**31), st.floats(0.0, 3.0))
def test_wild_shortfalls_stay_shares(seed: int, scale: float) -> None:
    """Whatever lines build, capacity lost is a share, and more built never loses more."""
    rng = np.random.default_rng(seed)
    products = [line["product"] for line in lines_of("concordance")]
    groups: list[dict[str, Any]] = [
        {"product": str(rng.choice(products)), "region": str(rng.choice(["CN", "US"]))} for _ in range(8)
    ]
    told = concordance.load()
    drawn = draw(told.parameters, seed, 4)
    demand = rng.exponential(1.0, (8, 3, 4)) * (rng.random((8, 3, 4)) > 0.2)
    output = demand * rng.uniform(0.0, scale, demand.shape)
    found = told.struck(drawn, groups, demand, output)
    more = told.struck(drawn, groups, demand, output + 0.1 * demand)
    for key, lost in found.items():
        assert ((lost >= 0.0) & (lost <= 1.0)).all()
        assert (more.get(key, np.zeros_like(lost)) <= lost + 1e-12).all()

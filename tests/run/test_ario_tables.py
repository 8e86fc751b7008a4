from __future__ import annotations

from pathlib import Path as File
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from economies import economy
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as nps

from ytterby.run.ario import Behaviour, Destruction, Gate, Loss, Path, Table, from_frames, from_pymrio, read, simulate
from ytterby.terms.errors import BadValue, DateOrder, InputError, Unbalanced, UnknownName, YtterbyError

TABLE = economy()
LABELS = list(TABLE.labels)
USES = [(r, use) for r in TABLE.regions for use in TABLE.uses]


def frames() -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    rows = pd.MultiIndex.from_tuples(LABELS, names=["region", "sector"])
    columns = pd.MultiIndex.from_tuples(USES, names=["region", "category"])
    Z = pd.DataFrame(TABLE.Z, index=rows, columns=rows)
    return Z, pd.DataFrame(TABLE.Y, index=rows, columns=columns), pd.DataFrame({"indout": TABLE.x}, index=rows)


def same(found: Table) -> None:
    assert (found.regions, found.sectors) == (TABLE.regions, TABLE.sectors)
    for name in ("Z", "x"):
        np.testing.assert_allclose(getattr(found, name), getattr(TABLE, name), rtol=1e-12)
    by_region = lambda t: t.Y.reshape(len(t.x), len(t.regions), -1).sum(axis=2)  # noqa: E731
    np.testing.assert_allclose(by_region(found), by_region(TABLE), rtol=1e-12)


@given(st.permutations(range(12)), st.permutations(range(6)))
def test_the_order_of_labels_does_not_matter(rows: list[int], columns: list[int]) -> None:
    labels = [LABELS[k] for k in rows]
    Y = TABLE.Y[np.ix_(rows, columns)]
    same(Table.of(TABLE.Z[np.ix_(rows, rows)], Y, TABLE.x[rows], labels, [USES[k] for k in columns]))


def test_frames_and_what_pymrio_parses_are_the_same_table() -> None:
    Z, Y, x = frames()
    same(from_frames(Z, Y, x))
    same(from_frames(Z.iloc[::-1], Y.sample(frac=1, random_state=1), x["indout"].iloc[::-1]))
    unit = pd.DataFrame({"unit": ["M EUR"] * 12}, index=Z.index)
    system = SimpleNamespace(Z=Z.iloc[:, ::-1], Y=Y, x=x, unit=unit)
    found = from_pymrio(system)
    same(found)
    assert found.unit == "M EUR"


@pytest.mark.parametrize("form", ["csv", "parquet"])
@pytest.mark.parametrize("long", [False, True])
def test_files_are_read_as_they_were_written(tmp_path: File, form: str, long: bool) -> None:
    Z, Y, x = frames()
    if long:
        Z = Z.stack(level=[0, 1]).rename("value").rename_axis(["from_region", "from_sector", "to_region", "to_sector"])
        Y = Y.stack(level=[0, 1]).rename("value").rename_axis(["from_region", "from_sector", "to_region", "use"])
        Z, Y = Z.reset_index(), Y.reset_index()
    paths = []
    for name, frame in (("Z", Z), ("Y", Y), ("x", x)):
        paths.append(tmp_path / f"{name}.{form}")
        plain = long and name != "x"
        if form == "csv":
            frame.to_csv(paths[-1], index=not plain)
        else:
            frame.to_parquet(paths[-1])
    same(read(*paths))


@pytest.mark.parametrize(
    ("change", "error", "told"),
    [
        (lambda Z, Y, x: (Z, Y, 1.1 * x), Unbalanced, "is sold"),
        (lambda Z, Y, x: (np.where(np.eye(12) > 0, np.nan, Z), Y, x), BadValue, "no finite number"),
        (lambda Z, Y, x: (-Z, Y, x), BadValue, "is negative"),
        (lambda Z, Y, x: (Z, np.where(np.arange(6) == 1, np.inf, Y), x), BadValue, "no finite number"),
        (lambda Z, Y, x: (Z[:, :-1], Y, x), BadValue, "12 x 11"),
        (lambda Z, Y, x: (Z, Y[:-1], x), BadValue, "same industries"),
        (lambda Z, Y, x: (Z, Y[:, :-1], x), BadValue, "5 columns of final demand for 3 regions"),
        (lambda Z, Y, x: (Z, Y, x[:-1]), BadValue, "11 outputs"),
        (
            lambda Z, Y, x: (Z * np.where(np.arange(12) == 4, 3, 1), Y, None),
            BadValue,
            r"value added is -[\d.e+]+.*r1\|s0",
        ),
        (lambda Z, Y, x: ("none", Y, x), BadValue, "array of numbers"),
        (lambda Z, Y, x: (Z, -Y, None), BadValue, "sums to|negative"),
    ],
)
def test_a_table_that_cannot_be_is_refused(change: Any, error: type[YtterbyError], told: str) -> None:
    Z, Y, x = change(TABLE.Z, TABLE.Y, TABLE.x)
    with pytest.raises(error, match=told) as caught:
        Table.of(Z, Y, x, LABELS)
    assert caught.value.remedy


@pytest.mark.parametrize(
    ("labels", "error", "told"),
    [
        (LABELS[:-1], BadValue, "11 labels for 12"),
        ([*LABELS[:-1], LABELS[0]], BadValue, r"r0\|s0 stands twice"),
        ([*LABELS[:-1], ("r9", "s3")], BadValue, "missing"),
        (["r0"] * 12, UnknownName, "region"),
    ],
)
def test_labels_that_do_not_match_are_refused(labels: Any, error: type[YtterbyError], told: str) -> None:
    with pytest.raises(error, match=told):
        Table.of(TABLE.Z, TABLE.Y, TABLE.x, labels)


def test_frames_whose_labels_differ_are_refused(tmp_path: File) -> None:
    Z, Y, x = frames()
    renamed = Y.rename(index={"s3": "s4"}, level=1)
    with pytest.raises(BadValue, match=r"rows of Z and Y differ: r0\|s3"):
        from_frames(Z, renamed, x)
    with pytest.raises(BadValue, match="rows and columns of Z differ"):
        from_frames(Z.rename(index={"r0": "rx"}, level=0), Y, x)
    with pytest.raises(UnknownName, match="rx"):
        from_frames(Z, Y.rename(columns={"r0": "rx"}, level=0), x)
    with pytest.raises(BadValue, match="calc_all"):
        from_pymrio(SimpleNamespace(Z=None, Y=None))
    with pytest.raises(InputError, match="no such file"):
        read(tmp_path / "Z.csv", tmp_path / "Y.csv")
    (tmp_path / "Z.csv").write_text("from_region,from_sector,to_region,value\na,b,c,1\n", encoding="utf-8")
    with pytest.raises(InputError, match="to_sector is missing"):
        read(tmp_path / "Z.csv", tmp_path / "Z.csv")


@pytest.mark.parametrize(
    ("shock", "error", "told"),
    [
        (Loss({"r0|s9": 0.5}), UnknownName, "sector 's9'"),
        (Loss({"rx|s1": 0.5}), UnknownName, "region 'rx'"),
        (Loss({"nowhere": 0.5}), UnknownName, "nowhere"),
        (Loss({12: 0.5}), UnknownName, "12"),
        (Loss({"r0|s1": 1.5}), BadValue, "1.5 is lost of 1"),
        (Loss({"r0|s1": np.nan}), BadValue, "missing, infinite or negative"),
        (Loss({"r0|s1": -0.1}), BadValue, "negative"),
        (Loss({}), BadValue, "nothing is lost"),
        (Loss({"r0|s1": 0.5}, duration=0), DateOrder, "duration of 0"),
        (Loss({"r0|s1": 0.5}, occurrence=-1), BadValue, "negative"),
        (Loss({"r0|s1": 0.5}, recovery_days=0), BadValue, "recovery in 0"),
        (Loss({"r0|s1": 0.5}, recovery="quick"), UnknownName, "quick"),
        (Destruction({"r0|s1": 1e15}), BadValue, "is lost of"),
        (Destruction({"r0|s1": 0.5}, share=True, rebuilt_by={"s1": 0.5}), BadValue, "sum to 0.5"),
        (Destruction({"r0|s1": 0.5}, share=True, rebuilt_by={"sx": 1.0}), UnknownName, "sx"),
        (Destruction({"r0|s1": 0.5}, share=True, rebuilt_by={"s1": 1.0}, factor=0.0), BadValue, "factor"),
        (Gate(["r0|s1"], 1.5), BadValue, "passes 1.5"),
        (Gate(["r0|s1"], to=["r7"]), UnknownName, "r7"),
        (Gate(["r0|s1"], to=["r0"]), BadValue, "stands anywhere"),
        (Path(["r0|s1"], np.full((5, 1), 1.2)), BadValue, "no share"),
        (Path(["r0|s1"], np.zeros((5, 2))), BadValue, "has shape"),
        ({"kind": "war"}, UnknownName, "war"),
        ({"kind": "loss", "losst": {}}, UnknownName, "losst"),
        ({"kind": "path"}, BadValue, "lacks a field"),
        (3, BadValue, "no shock"),
    ],
)
def test_a_shock_that_cannot_be_is_refused(shock: Any, error: type[YtterbyError], told: str) -> None:
    with pytest.raises(error, match=told) as caught:
        simulate(TABLE, shocks=[shock], steps=3)
    assert caught.value.remedy


@pytest.mark.parametrize(
    ("given_", "error", "told"),
    [
        ({"parameters": {"psy": 0.5}}, UnknownName, "psi"),
        ({"parameters": {"psi": 1.2}}, BadValue, "psi is 1.2"),
        ({"parameters": {"psi": np.nan}}, BadValue, "psi is nan"),
        ({"parameters": {"psi": "high"}}, BadValue, "no number"),
        ({"parameters": {"inventory_days": {"s0": 3}}}, BadValue, "lacks s1"),
        ({"parameters": {"inventory_days": {"sx": 3}}}, UnknownName, "sx"),
        ({"parameters": {"inventory_days": [1.0, 2.0]}}, BadValue, "shape"),
        ({"parameters": {"restoration_days": np.inf}}, BadValue, "restoration_days is inf"),
        ({"parameters": {"overproduction_max": 0.9}}, BadValue, "below overproduction_base"),
        ({"parameters": {"order_rule": "any"}}, BadValue, "order rule"),
        ({"parameters": {"step_days": 0}}, BadValue, "step of 0"),
        ({"parameters": {"capital": [1.0]}}, BadValue, "1 capitals for 12"),
        ({"parameters": {"psi": np.full(3, 0.5), "overproduction_days": np.full(4, 9.0)}}, BadValue, "draws differ"),
        ({"steps": 0}, BadValue, "0 steps"),
        ({"keep": ["profit"]}, UnknownName, "profit"),
        ({"dtype": "int8"}, BadValue, "int8"),
        ({"shocks": {"kind": "loss"}}, BadValue, "no list"),
        ({"shocks": [[Loss({"r0|s1": 0.5})], [Loss({"r0|s1": np.ones(2)})]]}, BadValue, "varies by draw"),
        ({"parameters": {"psi": np.full(3, 0.5)}, "shocks": [[], []]}, BadValue, "2 and 3 draws"),
    ],
)
def test_parameters_that_cannot_be_are_refused(given_: dict[str, Any], error: type[YtterbyError], told: str) -> None:
    with pytest.raises(error, match=told):
        simulate(TABLE, **{"steps": 3, **given_})


@given(nps.arrays(float, (4, 4), elements=st.floats(allow_nan=True, allow_infinity=True)), st.integers(1, 3))
def test_wild_tables_are_refused_or_hold(Z: np.ndarray, uses: int) -> None:
    """Whatever numbers stand in it, a table that is taken is one: finite, sold, with value added."""
    labels = [("a", "x"), ("a", "y"), ("b", "x"), ("b", "y")]
    try:
        table = Table.of(Z, np.full((4, 2 * uses), 10.0), None, labels)
    except YtterbyError:
        return
    assert np.isfinite(table.Z).all()
    assert (table.value_added >= -1e-6 * table.x.max()).all()


def test_days_of_stock_by_sector_are_those_named() -> None:
    named = Behaviour(inventory_days={"s0": 1.0, "s1": 30.0, "s2": np.inf, "s3": 4.0}, step_days=2).laid(TABLE, 2)
    np.testing.assert_array_equal(named["inventory"][:, 1], [1.0, 15.0, np.inf, 2.0])

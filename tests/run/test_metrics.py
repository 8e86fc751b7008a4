from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from puddle import ABOUT, GROUPS, Puddle, rain

from ytterby.run import metrics, record
from ytterby.run.periods import calendar
from ytterby.terms.errors import BadValue, UnknownName

FLOW = calendar(Puddle().grid).share.T @ np.arange(1.0, 41.0)
DRAWS = 40


def perform(runs: Path, model: Puddle | None = None, **given: Any) -> record.Run:
    told = {"draws": DRAWS, "seed": 1, "about": ABOUT, **given}
    return record.perform(model or Puddle(), runs, {"scenario": "wet", "extra": bool(model and model.extra)}, **told)


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("metrics")


@pytest.fixture(scope="module")
def run(runs: Path) -> record.Run:
    return perform(runs)


def points(values: np.ndarray) -> dict[str, float]:
    """Quantiles by counting: the smallest value with at least that share of draws at or below it."""
    told = {}
    for name, q in (("p05", 0.05), ("p25", 0.25), ("median", 0.5), ("p75", 0.75), ("p95", 0.95)):
        told[name] = min(v for v in values if np.mean(values <= v) >= q - 1e-12)
    return told


@given(values=st.lists(st.one_of(st.floats(-1e6, 1e6), st.just(np.inf)), min_size=1, max_size=60))
def test_quantiles_are_values_of_draws(values: list[float]) -> None:
    given_ = np.array(values)
    assert metrics.quantiles(given_) == points(given_)


def pick(rows: list[dict[str, Any]], **fields: Any) -> dict[str, Any]:
    found = [row for row in rows if all(row.get(k) == v for k, v in fields.items())]
    assert len(found) == 1, f"{fields}: {len(found)} rows"
    return found[0]


def check(row: dict[str, Any], factor: float, drawn: np.ndarray | None = None) -> None:
    drawn = rain(DRAWS, 1) if drawn is None else drawn
    for name, value in points(factor * drawn).items():
        assert row[name] == pytest.approx(value, rel=1e-5), name


def test_exports_add_up_draw_by_draw(run: record.Run) -> None:
    rows = metrics.rows(run, "exports")
    march = FLOW[2]
    check(pick(rows, period="2025-03", destination="US", material="magnet.N"), march)
    check(pick(rows, period="2025-03", destination="US", material="magnets"), 3 * march)
    check(pick(rows, period="2025-03", destination="WLD", material="magnets"), 6 * march)
    check(pick(rows, period="2025-03", destination="WLD", material="oxide.Dy"), 4 * march)
    head = pick(rows, period="2025-03", destination="WLD", material="magnets")
    assert (head["origin"], head["unit"], head["complete"]) == ("CN", "t", True)
    assert pick(rows, period="2025-01", destination="WLD", material="magnets")["complete"] is False


def test_shortage_is_what_was_not_built(run: record.Run) -> None:
    rows = metrics.rows(run, "shortage")
    steps = np.arange(1.0, 41.0)
    missing = calendar(Puddle().grid).share.T @ np.where((steps > 10) & (steps <= 20), 0.6 * steps, 0.0)
    april = list(run.info["periods"]).index("2025-04")
    row = pick(rows, period="2025-04", product="car", region="US")
    check(row, 2 * missing[april])
    assert row["share"] == pytest.approx(missing[april] / FLOW[april], rel=1e-5)
    assert pick(rows, period="2025-04", product="car", region="CN")["median"] == pytest.approx(0.0, abs=1e-4)


def test_line_stops_are_days_and_dates(run: record.Run) -> None:
    rows = metrics.rows(run, "line-stops")
    row = pick(rows, product="car", region="US")
    assert (row["slows"], row["stops"]) == (1.0, 1.0)
    assert row["first_slow_median"] == row["first_stop_median"] == "2025-03-16"
    assert row["days_to_slow_median"] == 49.0  # from the controls on 26 January
    assert row["days_slow_median"] == 70.0
    assert row["recovered_median"] == 70.0
    quiet = pick(rows, product="car", region="CN")
    assert (quiet["slows"], quiet["first_slow_median"], quiet["days_to_slow_median"]) == (0.0, None, None)


def test_prices_stocks_and_licences(run: record.Run) -> None:
    level = FLOW / calendar(Puddle().grid).share.sum(axis=0)
    check(pick(metrics.rows(run, "prices"), period="2025-05", material="oxide.Dy", zone="EX"), 2 * level[4])
    stocks = metrics.rows(run, "stocks")
    check(pick(stocks, period="2025-05", material="oxide.Dy", zone="CN"), level[4])
    assert pick(stocks, period="2025-05", material="cover:car", zone="US")["unit"] == "day"
    licences = metrics.rows(run, "licences")
    check(pick(licences, period="2025-03", what="granted", destination="DE"), 2 * FLOW[2])
    so_far = pick(licences, period="2025-03", what="granted of applied so far", destination="WLD")
    assert so_far["median"] == pytest.approx(1.0)


def test_the_balance_tells_what_is_unexplained(runs: Path) -> None:
    leaky = record.perform(Puddle(leak=1e-10), runs, {"scenario": "leaky"}, draws=3, seed=0, about=ABOUT)
    row = pick(metrics.rows(leaky, "balance"), what="unexplained", element="Dy")
    assert row["worst"] == pytest.approx(1e-10, rel=1e-3)
    check(pick(metrics.rows(leaky, "balance"), period="2025-03", what="mined", element="Dy"), 2 * FLOW[2], rain(3))


@pytest.mark.parametrize("metric", sorted(metrics.METRICS))
def test_every_metric_tells_rows_that_fit_one_line_of_json(run: record.Run, metric: str) -> None:
    rows = metrics.rows(run, metric)
    assert rows
    assert json.loads(json.dumps(rows, allow_nan=False)) == rows


@pytest.mark.parametrize("metric", sorted(metrics.METRICS))
def test_against_itself_nothing_differs(run: record.Run, metric: str) -> None:
    for row in metrics.rows(run, metric, run):
        moved = {
            k: v for k, v in row.items() if k in ("p05", "median", "p95", "share", "moved_days_median", "missed_median")
        }
        assert all(v in (0.0, None) for v in moved.values()), row


def test_against_another_the_difference_is_taken_draw_by_draw(runs: Path, run: record.Run) -> None:
    """The quantiles of a difference are not the differences of quantiles: all draws get the same half."""
    halved = {"puddle:rain": 0.5 * rain(DRAWS, 1)}
    other = record.perform(Puddle(), runs, {"scenario": "half"}, draws=DRAWS, seed=1, fitted=halved, about=ABOUT)
    row = pick(metrics.rows(run, "exports", other), period="2025-03", destination="US", material="magnet.N")
    check(row, 0.5 * FLOW[2])
    back = pick(metrics.rows(other, "exports", run), period="2025-03", destination="US", material="magnet.N")
    assert back["median"] < 0
    assert back["p05"] == pytest.approx(-points(0.5 * FLOW[2] * rain(DRAWS, 1))["p95"], rel=0.2)


@pytest.mark.parametrize(
    ("given", "what"), [({"seed": 2}, "seed"), ({"draws": 41}, "draws"), ({"model": Puddle(steps=20)}, "periods")]
)
def test_runs_that_share_no_draws_are_not_compared(
    runs: Path, run: record.Run, given: dict[str, Any], what: str
) -> None:
    model = given.pop("model", None)
    other = record.perform(
        model or Puddle(), runs, {"scenario": what}, **{"draws": DRAWS, "seed": 1, "about": ABOUT, **given}
    )
    with pytest.raises(BadValue, match=f"differ in {what}") as caught:
        metrics.rows(run, "exports", other)
    assert what in caught.value.remedy


def test_an_unknown_metric_is_told(run: record.Run) -> None:
    with pytest.raises(UnknownName, match="exportss") as caught:
        metrics.rows(run, "exportss")
    assert "exports" in caught.value.remedy
    assert len(GROUPS) == 2

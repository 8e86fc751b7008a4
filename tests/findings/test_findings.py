"""The numbers of the findings against a second computation from the run's own arrays."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ytterby import findings
from ytterby.findings import ground as ground_room
from ytterby.findings import wording
from ytterby.findings.drivers import drivers
from ytterby.findings.ground import Ground
from ytterby.findings.shortyear import SHORT, first_short
from ytterby.findings.verdict import hardest, verdict
from ytterby.run import fits
from ytterby.run.draws import generator
from ytterby.run.record import Run
from ytterby.world.families import family

pytestmark = pytest.mark.slow
Tell = Callable[[str], Any]


class Altered:
    """A run of which some arrays are others."""

    def __init__(self, run: Run, **arrays: Any) -> None:
        self._run, self._arrays = run, arrays

    def __getattr__(self, name: str) -> Any:
        return getattr(self._run, name)

    def array(self, series: str) -> Any:
        change = self._arrays.get(series)
        values = self._run.array(series)
        return values if change is None else change(values)


def ground_of(told: Any, run: Any = None) -> Ground:
    claims = tuple(told.project._claims())
    network = told.project.world_of(told.run, list(claims))
    return Ground(run or told.run, claims, network, told.hindcast, told.hindcast_run, told.project.fit_of(told.run))


def test_the_headline_is_the_day_the_arrays_say(tell: Tell) -> None:
    told = tell("april-2025")
    ground = ground_of(told)
    key = hardest(ground)
    assert key is not None
    groups = told.run.info["groups"]
    rows = [k for k, g in enumerate(groups) if (family(g["product"]), g["region"]) == key]
    first = np.sort(told.run.array("first_slow")[rows].min(axis=0))
    median = first[int(np.ceil(len(first) / 2)) - 1]
    assert np.isfinite(median)
    day = date.fromisoformat(told.run.info["start"]) + timedelta(days=float(median))
    assert f"{day.day} {day:%B}" in told.report.headline
    assert wording.place(key[1]) in told.report.headline
    assert "90" in told.report.headline


def test_another_run_another_headline(tell: Tell) -> None:
    told = tell("april-2025")
    later = Altered(told.run, first_slow=lambda v: v + 40.0)
    assert findings.headline(later)[0] != findings.headline(told.run)[0]
    never = Altered(told.run, first_slow=lambda v: np.full_like(v, np.inf))
    assert "no lines" in findings.headline(never)[0]


def test_no_certainty_where_draws_disagree(tell: Tell) -> None:
    told = tell("april-2025")

    def half(values: Any) -> Any:
        mixed = values.copy()
        mixed[:, : values.shape[1] // 2 - 1] = np.inf
        return mixed

    said = findings.headline(Altered(told.run, first_slow=half))
    assert wording.NEVER in said[0]
    assert "all 8 draws" not in " ".join(said)


def test_the_hindcast_is_what_the_arrays_say(tell: Tell) -> None:
    told = tell("april-2025")
    run, about = told.hindcast_run, told.hindcast_run.info["fit_about"]
    labels = [label.split("|") for label in run.labels("exports")]
    rows = [k for k, (_, material) in enumerate(labels) if material.startswith("magnet.")]
    total = run.array("exports")[rows].sum(axis=0).astype(float)
    section = next(s for s in told.report.sections if s.anchor == "hindcast")
    shown = {row[0]: row for row in section.table.rows if row[1] == "World"}
    assert list(shown) == ["2025-07", "2025-08", "2025-09"]
    errors = []
    for month, row in shown.items():
        k = run.info["periods"].index(month)
        noise = generator(run.info["seed"], f"discrepancy:WLD:{k}").standard_normal(run.draws)
        sample = total[k] * np.exp(about["discrepancy"] * noise)
        assert row[2:5] == pytest.approx(tuple(np.quantile(sample, [0.05, 0.5, 0.95])))
        claim = next(c for c in told.project._claims() if c.parameter == f"trade:export:CN:WLD:magnets:{month}")
        assert row[5] == claim.value
        errors.append(abs(row[3] / claim.value - 1.0))
    assert told.hindcast.scores["ytterby"].error == pytest.approx(np.mean(errors))
    assert wording.percent(float(np.mean(errors))) in section.title


def test_the_hindcast_knows_nothing_later(tell: Tell) -> None:
    told = tell("april-2025")
    document = told.hindcast_run.info["scenario_document"]
    assert told.hindcast_run.id != told.run.id
    assert document["known"] == document["world_known"] == told.hindcast_run.info["world_known"] == "2025-06-30"
    assert all((e["known_from"] or e["date"]) <= "2025-06-30" for e in document["events"])
    assert told.hindcast_run.draws == told.run.draws


def test_a_run_made_for_a_report_is_never_the_latest(tell: Tell) -> None:
    told = tell("april-2025")
    assert told.project.open_run("april-2025").id == told.run.id
    assert told.project.open_run("latest").id != told.hindcast_run.id


def test_a_run_without_fit_has_no_hindcast(tell: Tell) -> None:
    assert tell("baseline").hindcast is None
    assert "hindcast" not in [s.anchor for s in tell("baseline").report.sections]


def test_inputs_are_drawn_again_as_the_run_drew_them(tell: Tell) -> None:
    told = tell("april-2025")
    ground = ground_of(told)
    fitted = told.project.fit_of(told.run)
    expected = fits.values(fitted, ground.parameters.values(), told.run.draws)
    assert set(expected) == set(fitted.names)
    for name, values in expected.items():
        assert np.array_equal(ground.drawn[name], values)
    without = dataclasses.replace(ground, fitted=None)
    assert not any(name.startswith("licensing:") for name in without.drawn)


def test_drivers_find_the_input_that_makes_the_number(tell: Tell) -> None:
    told = tell("april-2025")
    draws = 40
    info = {**told.run.info, "draws": draws, "fit": ""}
    big = Run(told.run.id, told.run.path, info)
    ground = dataclasses.replace(ground_of(told), run=big)
    name = "behaviour:stop_spread"
    made = dataclasses.replace(verdict(ground_of(told)), values=100.0 - 50.0 * ground.drawn[name], scale=1.0)
    found = drivers(ground, made)
    assert found[0].name == name
    assert found[0].rank == pytest.approx(-1.0)
    assert found[0].low > 0 > found[0].high
    # a normal input moves the number by its slope times its spread
    assert found[0].low == pytest.approx(50.0 * ground.drawn[name].std(), rel=0.25)


def test_first_short_year_is_the_first_with_more_than_five_per_cent_missing(tell: Tell) -> None:
    ground = ground_of(tell("robots-2050"))
    found = first_short(ground, "NdPr")
    assert found is not None
    assert found.years == (2026, 2027)
    weight = [g["elements"].get("Nd", 0.0) + g["elements"].get("Pr", 0.0) for g in ground.run.info["groups"]]
    months = [k for k, p in enumerate(ground.run.info["periods"]) if p.startswith("2026")]
    for draw in range(ground.run.draws):
        wanted, built = (
            sum(w * float(ground.run.array(s)[g, months, draw].sum(dtype=float)) for g, w in enumerate(weight))
            for s in ("demand", "output")
        )
        assert found.gap[0, draw] == pytest.approx(1.0 - built / wanted, abs=1e-5)
        short = [year for k, year in enumerate(found.years) if found.gap[k, draw] > SHORT]
        assert found.first[draw] == (short[0] if short else np.inf)


def test_told_writes_page_and_figures(tell: Tell, tmp_path: Path) -> None:
    told = tell("baseline")
    lines, path, figures = told.project.told(told.run.id, tmp_path / "page.html", tmp_path / "figures")
    assert lines == told.headline
    assert path.read_text(encoding="utf-8").startswith("<!doctype html>")
    assert {f.name for f in figures} >= {"exports.svg", "line-stops.svg", "map.svg", "mine-to-magnet.svg"}
    assert all(f.read_text(encoding="utf-8").startswith("<svg") for f in figures)


def test_nice_errors(tell: Tell) -> None:
    from ytterby.terms.errors import BadValue

    told = tell("april-2025")
    with pytest.raises(BadValue, match="world of the run") as caught:
        _ = Ground(told.run, (), None).network
    assert caught.value.place
    assert caught.value.remedy
    with pytest.raises(BadValue, match="no 'fit'") as caught:
        told.project.hindcast("baseline", draws=2)
    assert "hindcast april-2025" in caught.value.remedy
    with pytest.raises(BadValue, match="draws"):
        told.project.hindcast("april-2025", draws=0)


def test_points_hold_what_never_comes() -> None:
    at = ground_room.points(np.array([1.0, 2.0, np.inf, np.inf, np.inf]))
    assert at["p05"] == 1.0
    assert at["median"] == np.inf

"""`run --economy` and `show RUN economy`: what a run costs, told to a person and to a machine."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "run"))  # linestops stands beside the tests of runs

import linestops

from ytterby.cli.economical import amount
from ytterby.project import Project


@pytest.fixture
def ran(ask: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A project in which one run is kept; to simulate again gives that one."""
    run = linestops.kept(tmp_path / "project" / "runs", 2)
    monkeypatch.setattr(Project, "run", lambda *_, **__: run)
    monkeypatch.setattr(Project, "findings", lambda *_, **__: ["Lines stop."])
    return ask


def test_a_run_is_followed_told_and_shown(ran: Any, tmp_path: Path) -> None:
    before = ran("show", "stopped", "economy")
    assert before.status == 1
    assert "ytterby run stopped --draws 2 --seed 7 --economy" in before.err
    answer = ran("run", "stopped", "--economy", "--json").value["economy"]
    assert Path(answer["path"]).is_dir()
    assert answer["assumed"]
    assert answer["runaway"] == answer["crashed"] == 0.0
    shown = ran("show", "stopped", "economy", "--json").value
    assert [row for row in shown if row["period"] == "all"] == answer["rows"]
    told = ran("run", "stopped", "--economy")
    assert told.status == 0
    assert "Lines stop." in told.out
    assert "value added lost by country, bn USD" in told.out
    assert "assumed: the table of the economy" in told.err
    world = next(row for row in answer["rows"] if (row["region"], row["sector"]) == ("WLD", "all"))
    assert f"Value added lost: {amount(world['lost_median'], 'USD')}" in told.out
    assert "DE,vehicles" in ran("show", "stopped", "economy", "--csv").out
    against = ran("show", "stopped", "economy", "--against", "stopped", "--json").value
    assert {row["lost_p95"] for row in against} == {0.0}


def test_a_report_answers_with_what_the_run_costs(ran: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Project, "told", lambda *_, **__: (["Lines stop."], tmp_path / "page.html", []))
    assert "economy" not in ran("report", "stopped", "--json").value
    cost = ran("run", "stopped", "--economy", "--json").value["economy"]
    assert ran("report", "stopped", "--json").value["economy"] == cost
    assert cost["own_table"] is None


def test_nice_errors(ran: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Project, "run", lambda *_, **__: pytest.fail("a bad table is told before a long run"))
    told = ran("run", "stopped", "--economy-table", str(tmp_path / "nowhere"))
    assert told.status == 1
    assert "no such folder" in told.err
    assert "Z.csv" in told.err
    (tmp_path / "half").mkdir()
    (tmp_path / "half" / "Z.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    assert "Y is missing" in ran("run", "stopped", "--economy-table", str(tmp_path / "half")).err
    assert "economy" in ran("show", "stopped", "economi").err
    assert not (tmp_path / "project" / "runs" / "abcdef012345" / "economy").exists()

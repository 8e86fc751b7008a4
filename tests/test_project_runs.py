"""A small real run through the one door, from claims to rows."""

from __future__ import annotations

import datetime
import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import ytterby
from ytterby.cli import door
from ytterby.project import Project
from ytterby.run.record import Run

pytestmark = pytest.mark.slow

DRAWS = 3
METRICS = ("exports", "shortage", "line-stops", "prices", "stocks", "balance", "licences")


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, Run, list[tuple[int, int]]]:
    project = ytterby.init(tmp_path_factory.mktemp("ran") / "project")
    said: list[tuple[int, int]] = []
    run = project.run("april-2025", draws=DRAWS, progress=lambda done, total: said.append((done, total)))
    return project, run, said


def test_a_run_is_kept_whole_and_conserves(ran: tuple[Project, Run, Any]) -> None:
    project, run, said = ran
    assert run.draws == DRAWS
    assert run.mass_residual <= 1e-9
    assert [row["id"] for row in project.runs()] == [run.id]
    assert said[-1] == (DRAWS, DRAWS)
    assert said == sorted(said)
    assert [path.name for path in (project.path / "runs").iterdir()] == [run.id]


def test_the_same_question_gives_the_same_bits(
    ran: tuple[Project, Run, Any], tmp_path_factory: pytest.TempPathFactory
) -> None:
    _, run, _ = ran
    elsewhere = ytterby.init(tmp_path_factory.mktemp("again") / "project")
    again = elsewhere.run("april-2025", draws=DRAWS)
    assert again.id == run.id
    for series in run.info["series"]:
        assert np.array_equal(again.array(series), run.array(series), equal_nan=True), series


def test_a_run_answers_by_id_start_scenario_and_latest(ran: tuple[Project, Run, Any]) -> None:
    project, run, _ = ran
    for name in (run.id, run.id[:5], "april-2025", "latest"):
        assert project.open_run(name).id == run.id
    with pytest.raises(ytterby.UnknownName, match="april-2025"):
        project.open_run("april-2026")
    with pytest.raises(ytterby.UnknownName, match="exports"):
        project.show("latest", "exprots")


@pytest.mark.parametrize("metric", METRICS)
def test_quantiles_are_ordered_and_no_difference_to_itself(ran: tuple[Project, Run, Any], metric: str) -> None:
    project, run, _ = ran
    rows = project.show("latest", metric)
    assert rows
    for row in rows:
        if "p05" in row:
            assert row["p05"] <= row["median"] <= row["p95"]
    for row in project.show("latest", metric, against=run.id):
        assert all(row[q] == 0.0 or math.isinf(row[q]) for q in ("p05", "median", "p95") if q in row)


def test_the_terminal_tells_the_same(ran: tuple[Project, Run, Any], capsys: pytest.CaptureFixture[str]) -> None:
    project, run, _ = ran
    where = ["--project", str(project.path)]
    assert door.outcome([*where, "run", "april-2025", "--draws", str(DRAWS), "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert set(answer) == {"run", "path", "draws", "steps", "mass_residual", "seconds"}
    assert answer["run"] == run.id
    for form in ("--json", "--csv"):
        assert door.outcome([*where, "show", "latest", "exports", form]) == 0
        out = capsys.readouterr().out
        assert len(json.loads(out) if form == "--json" else out.splitlines()[1:]) == len(
            project.show("latest", "exports")
        )
    for verb in (["runs"], ["show", "latest", "line-stops"], ["world", "--check"], ["world", "--list", "links"]):
        assert door.outcome([*where, *verb, "--json"]) == 0
        assert json.loads(capsys.readouterr().out)
        assert door.outcome([*where, *verb]) == 0
        assert capsys.readouterr().out.strip()


def test_a_fit_does_not_speak_for_a_day_before_it(ran: tuple[Project, Run, Any]) -> None:
    project, _, _ = ran
    plan = project.scenario("april-2025")
    assert plan.fit is not None
    day_before = plan.fit.until - datetime.timedelta(days=1)
    assert project._fitted(plan.at(day_before)) is None


def test_a_full_disk_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import errno

    from ytterby.run import record

    def full(*_: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", "metrics.zarr")

    project = ytterby.init(tmp_path / "project")
    monkeypatch.setattr(record.Sink, "write", full)
    with pytest.raises(ytterby.StoreError, match="full"):
        project.run("april-2025", draws=2)
    assert list((project.path / "runs").iterdir()) == []
    assert project.runs() == []

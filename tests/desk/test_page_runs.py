"""Home to the proof that runs are listed, read, compared and kept whole, without waking what computes them."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from starlette.testclient import TestClient

import ytterby
from ytterby.desk.app import create_app
from ytterby.desk.compared import parted
from ytterby.findings import differences
from ytterby.findings.ground import Ground
from ytterby.project import Project
from ytterby.run.record import Run
from ytterby.terms.errors import YtterbyError

OWN = {"origin": "http://localhost:8039", "sec-fetch-site": "same-origin"}
SHORT = """\
id: short
extends: baseline
title: {en: A short spring, zh: 短促的春天}
question: What runs short within five months?
start: 2025-01-01
end: 2025-06-30
levers:
  - name: slower-desks
    date: 2025-04-10
    kind: throughput
    value: {median: 0.3, low: 0.2, high: 0.5, assumed: true}
    source: a choice to be tried
"""


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, Run, Run]:
    """A project with one scenario, run with its lever off and on."""
    project = ytterby.init(tmp_path_factory.mktemp("ran") / "project")
    (project.path / "scenarios").mkdir(exist_ok=True)
    (project.path / "scenarios" / "short.yaml").write_text(SHORT, encoding="utf-8")
    first = project.run("short", 16)
    return project, first, project.run("short", 16, levers=["slower-desks=0.1"])


@pytest.fixture(scope="module")
def desk(ran: tuple[Project, Run, Run]) -> Iterator[TestClient]:
    with TestClient(create_app(ran[0].path), base_url="http://localhost:8039", follow_redirects=False) as one:
        yield one


def told(desk: TestClient, path: str) -> dict[str, Any]:
    answer = desk.get(path)
    assert answer.status_code == 200, answer.text[:400]
    found: dict[str, Any] = answer.json()
    return found


def section(page: dict[str, Any], name: str) -> list[dict[str, Any]]:
    return next(one["rows"] for one in page["sections"] if one["id"] == name)


def test_runs_are_listed_and_narrowed(desk: TestClient, ran: tuple[Project, Run, Run]) -> None:
    _, first, second = ran
    rows = told(desk, "/en/runs.json")["rows"]
    assert {one["id"] for one in rows} == {first.id, second.id}
    assert next(one for one in rows if one["id"] == second.id)["levers"] == ["slower-desks=0.1"]
    assert [one["id"] for one in told(desk, "/en/runs.json?lever=-")["rows"]] == [first.id]
    assert desk.get("/en/runs?scenario=nothing").status_code == 404
    text = desk.get("/zh/runs").text
    assert text.count('type="checkbox" name="run"') == 2


def test_two_that_are_ticked_are_compared(desk: TestClient, ran: tuple[Project, Run, Run]) -> None:
    _, first, second = ran
    pair = sorted((first, second), key=lambda run: (run.info["created"], run.id))
    answer = desk.get(f"/en/runs?run={second.id}&run={first.id}")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/en/compare/{pair[0].id}/{pair[1].id}")
    assert desk.get(answer.headers["location"]).status_code == 200
    assert "tick two" in desk.get(f"/en/runs?run={second.id}").text


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_page_of_a_run_says_what_the_run_says(desk: TestClient, ran: tuple[Project, Run, Run], lang: str) -> None:
    project, first, _ = ran
    page = told(desk, f"/{lang}/run/{first.id}.json")
    rows = [row for row in project.show(first.id, "exports") if row["destination"] == "WLD"]
    fan = {row["period"]: row["median"] for row in rows if row["material"] == "magnets" and row["complete"]}
    assert {one["period"]: one["median"] for one in section(page, "exports")} == pytest.approx(fan)
    named = {one["id"] for one in page["sections"]}
    assert {"exports", "line-stops", "shortage", "price-dy", "drivers", "record", "inputs", "report"} <= named
    for name in ("exports", "line-stops", "shortage", "price-dy", "drivers"):
        for form in ("svg", "csv", "json"):
            assert desk.get(f"/{lang}/run/{first.id}/-/{name}.{form}").status_code == 200
    assert page["run"]["mass_residual"] < 1e-9
    text = desk.get(f"/{lang}/run/{first.id}").text
    assert "Traceback" not in text


def test_the_headline_is_the_reports_own(desk: TestClient, ran: tuple[Project, Run, Run]) -> None:
    from ytterby.desk import outlook
    from ytterby.findings.verdict import verdict

    project, first, _ = ran
    claims = project.claims()
    found = verdict(Ground(first, tuple(claims), project.world_of(first, claims), fitted=project.fit_of(first)))
    assert found.key is not None
    title = told(desk, f"/en/run/{first.id}.json")["title"]
    assert outlook.makers(found.key, "en") in title
    assert outlook.makers(found.key, "en") in found.headline
    assert outlook.makers(found.key, "zh") in told(desk, f"/zh/run/{first.id}.json")["title"]


def test_any_input_leads_to_its_figures(desk: TestClient, ran: tuple[Project, Run, Run]) -> None:
    page = told(desk, f"/en/run/{ran[1].id}.json")
    inputs = section(page, "inputs")
    assert sum(one["assumed"] for one in inputs) > 0
    claims = {claim for one in inputs for claim in one["claims"]}
    assert claims <= {one.id for one in ran[0].claims()}
    text = desk.get(f"/en/run/{ran[1].id}").text
    known = next(one for one in inputs if len(one["claims"]) == 1)
    assert f"/en/claim/{known['claims'][0]}" in text or "?page=2" in text


def test_an_id_in_part_or_a_scenario_leads_to_the_run(desk: TestClient, ran: tuple[Project, Run, Run]) -> None:
    first = ran[1]
    assert desk.get(f"/zh/run/{first.id[:6]}").headers["location"] == f"/zh/run/{first.id}"
    assert desk.get("/en/run/short").status_code == 303
    for path in ("/en/run/zzz", "/en/run/..%2F..%2Fetc", "/en/compare/a/b", f"/en/metric/{first.id}/nothing"):
        answer = desk.get(path)
        assert answer.status_code == 404
        assert "Traceback" not in answer.text


def test_metrics_are_whole(desk: TestClient, ran: tuple[Project, Run, Run]) -> None:
    project, first, _ = ran
    assert len(told(desk, f"/en/metric/{first.id}/licences.json")["rows"]) == len(project.show(first.id, "licences"))


def test_nothing_wakes_jax(ran: tuple[Project, Run, Run]) -> None:
    project, first, second = ran
    code = f"""
import sys, ytterby
from ytterby.desk import urls
from ytterby.desk.counter import Counter
desk = Counter(ytterby.open({str(project.path)!r}))
for path in ("/en/runs", "/en/run/{first.id}", "/zh/compare/{first.id}/{second.id}", "/en/scenario/short",
             "/en/scenarios", "/en/draft/short", "/en/metric/{first.id}/exports"):
    made = desk.show(urls.parse(path))
    assert made.status == 200, path
print("jax" in sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.strip() == "False"


# compared


def test_the_comparison_is_that_of_the_draws(desk: TestClient, ran: tuple[Project, Run, Run]) -> None:
    _, first, second = ran
    page = told(desk, f"/en/compare/{first.id}/{second.id}.json")
    assert page["paired"]
    labels = [label.split("|") for label in first.labels("exports")]
    rows = [k for k, (_, what) in enumerate(labels) if what.startswith("magnet.")]
    per_draw = second.array("exports")[rows].sum(axis=0) - first.array("exports")[rows].sum(axis=0)
    means = dict(zip(first.info["periods"], per_draw.mean(axis=1).tolist(), strict=True))
    found = [one for one in page["rows"] if one["what"] == "exports"]
    assert found
    for one in found:
        assert one["mean"] == pytest.approx(means[one["period"]], abs=0.02)
    # The lever slows the desks: what it does must be said, and stand out.
    assert any(one["stands_out"] for one in page["rows"])
    assert page["said"]
    settings = section(page, "settings")
    assert any("slower" in str(one["what"]).lower() for one in settings)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_other_way_round_is_the_same_with_its_sign_turned(
    desk: TestClient, ran: tuple[Project, Run, Run], lang: str
) -> None:
    _, first, second = ran
    there = told(desk, f"/{lang}/compare/{first.id}/{second.id}.json")["rows"]
    back = told(desk, f"/{lang}/compare/{second.id}/{first.id}.json")["rows"]
    turned = {tuple(str(one.get(k)) for k in ("what", "product", "region", "period", "material", "zone")): one
              for one in back}  # fmt: skip
    for one in there:
        other = turned[tuple(str(one.get(k)) for k in ("what", "product", "region", "period", "material", "zone"))]
        assert one["mean"] == pytest.approx(-other["mean"])
        assert one["stands_out"] == other["stands_out"]


def test_a_run_beside_itself_says_nothing(desk: TestClient, ran: tuple[Project, Run, Run]) -> None:
    page = told(desk, f"/en/compare/{ran[1].id}/{ran[1].id}.json")
    assert "the two say the same" in page["title"]
    assert page["said"] == []
    assert not any(one["stands_out"] for one in page["rows"])


class Drawn:
    """What a comparison asks of a run."""

    def __init__(self, seed: int, draws: int = 40) -> None:
        self.info = {"seed": seed, "draws": draws}


class Told:
    """A ground that has a run and nothing else."""

    def __init__(self, seed: int) -> None:
        self.run = Drawn(seed)


def test_chance_does_not_stand_out_and_an_effect_does() -> None:
    chance = np.random.default_rng(8)
    alike: list[bool] = []
    for _ in range(300):
        base = chance.normal(50.0, 9.0, 40)
        pair: Any = [base, base + chance.normal(0.0, 3.0, 40)]
        one = differences._difference("days_slow", ("car", "US"), pair, [0.0, 0.0], Told(1), Told(1))  # type: ignore[arg-type]
        assert one is not None
        alike.append(one.stands_out)
        moved: Any = [base, base + 5.0 + chance.normal(0.0, 3.0, 40)]
        sure = differences._difference("days_slow", ("car", "US"), moved, [0.0, 0.0], Told(1), Told(1))  # type: ignore[arg-type]
        assert sure is not None
        assert sure.stands_out
        apart: Any = [base, chance.normal(50.0, 9.0, 40)]
        other = differences._difference("days_slow", ("car", "US"), apart, [0.0, 0.0], Told(1), Told(2))  # type: ignore[arg-type]
        assert other is not None
        assert not other.paired
        alike.append(other.stands_out)
    assert np.mean(alike) < 0.02


def test_what_was_told_differently_is_found(ran: tuple[Project, Run, Run]) -> None:
    _, first, second = ran
    plans = [run.info["scenario_document"] for run in (first, second)]
    assert parted(plans[0], plans[0], "en") == []
    names = [what for what, _, _ in parted(*plans, "en")]
    assert names == ["events: Slower desks", "levers: Slower desks"]


# kept whole


def until(reached: Callable[[], Any], seconds: float = 90.0) -> Any:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := reached():
            return found
        time.sleep(0.05)
    raise AssertionError("it never came")


def test_a_killed_run_is_said_and_nothing_half_written_is_shown(tmp_path: Path) -> None:
    project = ytterby.init(tmp_path / "project")
    app = create_app(project.path)
    with TestClient(app, base_url="http://localhost:8039", follow_redirects=False) as desk:
        jobs = app.state.desk.jobs
        job = desk.post("/api/run", json={"scenario": "april-2025", "draws": 5000}).json()["job"]
        runs = project.path / "runs"
        until(lambda: list(runs.glob(".*")))
        os.kill(jobs._worker.pid, signal.SIGKILL)
        until(lambda: desk.get(f"/api/jobs/{job}").json()["state"] == "failed")
        text = desk.get(f"/en/job/{job}").text
        assert "the worker ended before the job was done" in text
        assert "Traceback" not in text
        assert told(desk, "/en/runs.json")["rows"] == []
        assert desk.get("/en/runs").status_code == 200
        assert project.runs() == []
        key = text.split('name="_key" value="', 1)[1].split('"')[0]
        answer = desk.post(f"/en/job/{job}", data={"_key": key, "_form": "again"}, headers=OWN)
        assert answer.status_code == 303
        again = answer.headers["location"].rpartition("/")[2]
        assert again != job
        until(lambda: desk.get(f"/api/jobs/{again}").json()["state"] == "running")
        assert desk.delete(f"/api/jobs/{again}").json()["state"] == "cancelled"


def test_a_report_is_handed_out_as_a_file(desk: TestClient, ran: tuple[Project, Run, Run]) -> None:
    project, first, second = ran
    assert desk.get(f"/en/report/{second.id}").headers["location"] == f"/en/run/{second.id}#report"
    project.report(first.id)
    answer = desk.get(f"/en/report/{first.id}")
    assert answer.headers["content-disposition"] == f'attachment; filename="ytterby-{first.id}.html"'
    assert answer.content == (project.path / "reports" / f"{first.id}.html").read_bytes()


def test_a_run_is_read_although_its_world_no_longer_builds(tmp_path: Path, ran: tuple[Project, Run, Run]) -> None:
    project = ytterby.init(tmp_path / "project")
    shutil.copytree(ran[1].path, project.path / "runs" / ran[1].id)
    (project.path / "overlay").mkdir(exist_ok=True)
    (project.path / "overlay" / "recipes.csv").write_text("nothing,of,the,kind\n1,2,3,4\n", encoding="utf-8")
    with pytest.raises(YtterbyError):
        project.world()
    with TestClient(create_app(project.path), base_url="http://localhost:8039", follow_redirects=False) as desk:
        page = desk.get(f"/en/run/{ran[1].id}")
        assert page.status_code == 200, page.text
        assert desk.get("/en/runs").status_code == 200

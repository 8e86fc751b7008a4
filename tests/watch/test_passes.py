"""Passes: what one does, that none does anything twice, and that a killed one is finished by the next."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.watch.orders import BARLEY, FALLING, order, with_runs

from ytterby import watch
from ytterby.store import database, folder, watches
from ytterby.terms.errors import StoreError
from ytterby.watch.staying import glance

if TYPE_CHECKING:
    from ytterby.project import Project


def steps(project: Project, step: str) -> list[dict[str, object]]:
    with database.open(folder.find(project.path)) as db:
        return watches.all(db, "eu-licences", step)


def test_documents_are_filtered_put_in_short_and_reviewed_once(tmp_path: Path, project: Project) -> None:
    asked = watch.load(order(tmp_path), project.path)
    (tmp_path / "articles" / "a.txt").write_text(FALLING, encoding="utf-8")
    (tmp_path / "articles" / "b.txt").write_text(BARLEY, encoding="utf-8")
    (first,) = watch.once(project, [asked])
    assert (first.read, len(first.answered), len(first.accepted)) == (2, 1, 1)
    (claim,) = project.claims(document=first.answered[0], status="accepted")
    assert (claim.value, claim.counterpart) == (25.0, "EU")
    assert claim.reviewer == "watch: eu-licences"
    assert "grade B" in claim.reason
    (second,) = watch.once(project, [asked])
    assert (second.read, second.answered, second.accepted) == (0, [], [])
    assert len(steps(project, "document")) == 2


def test_by_default_claims_are_proposed_only(tmp_path: Path, project: Project) -> None:
    asked = watch.load(order(tmp_path, claims=None), project.path)
    (tmp_path / "articles" / "a.txt").write_text(FALLING, encoding="utf-8")
    (done,) = watch.once(project, [asked])
    assert done.accepted == []
    assert done.proposed > 0
    assert project.claims(document=done.answered[0], status="accepted") == []


def test_what_a_person_decided_stands(tmp_path: Path, project: Project) -> None:
    asked = watch.load(order(tmp_path), project.path)
    path = tmp_path / "articles" / "a.txt"
    path.write_text(FALLING, encoding="utf-8")
    (reading,) = project.read([path])
    project.review("rejected", reviewer="me", document=reading.id)
    (done,) = watch.once(project, [asked])
    assert done.accepted == []
    assert project.claims(document=reading.id, status="accepted") == []


def test_a_missing_source_is_told_and_the_rest_proceeds(tmp_path: Path, project: Project) -> None:
    asked = watch.load(order(tmp_path, sources=["nowhere", "articles"]), project.path)
    (tmp_path / "articles" / "a.txt").write_text(FALLING, encoding="utf-8")
    lines: list[str] = []
    (done,) = watch.once(project, [asked], lines.append)
    assert done.refused == 1
    assert len(done.answered) == 1
    assert any("nowhere" in line for line in lines)


def test_one_watch_at_a_time(project: Project, tmp_path: Path) -> None:
    asked = watch.load(order(tmp_path), project.path)
    with watch.locked(project), pytest.raises(StoreError, match="another watch"):
        watch.once(project, [asked])
    watch.once(project, [asked])


def test_a_glance_changes_when_a_file_does(tmp_path: Path) -> None:
    sources = [str(tmp_path), "https://example.org/feed"]
    empty = glance(sources)
    assert glance(sources) == empty
    (tmp_path / "a.txt").write_text("a", encoding="utf-8")
    one = glance(sources)
    assert one != empty
    (tmp_path / "a.txt").write_text("ab", encoding="utf-8")
    assert glance(sources) != one


def test_staying_reads_what_comes_and_nothing_twice(tmp_path: Path, project: Project) -> None:
    asked = watch.load(order(tmp_path), project.path)
    passes: list[watch.Pass] = []
    for done in watch.stay(project, [asked], every=0.05, stopped=lambda: len(passes) >= 2):
        passes.append(done)
        (tmp_path / "articles" / "a.txt").write_text(FALLING, encoding="utf-8")
    assert [one.read for one in passes] == [0, 1]


@pytest.mark.slow
def test_from_an_article_to_an_alert_once(tmp_path: Path, project: Project) -> None:
    asked = with_runs(tmp_path, project)
    (first,) = watch.once(project, [asked])
    assert first.failures == []
    assert first.alerts == []
    assert first.runs.keys() == {"brief-look"}
    (tmp_path / "articles" / "a.txt").write_text(FALLING, encoding="utf-8")
    (second,) = watch.once(project, [asked])
    assert second.failures == []
    assert len(second.alerts) == 1
    assert second.delivered == 1
    (told,) = [json.loads(line) for line in (project.path / "alerts/out.jsonl").read_text("utf-8").splitlines()]
    moved, still = told["outcomes"]
    assert moved["exceeded"]
    assert abs(moved["percent"]) > 1
    assert not still["exceeded"]
    (blamed,) = told["claims"]
    assert blamed["quote"] in project.document(blamed["document"]).text
    assert "25%" in blamed["quote"]
    assert told["runs"]["after"] == second.runs["brief-look"]
    assert told["documents"][0]["brief"]["core"]["text"]
    # The numbers are those of the runs, and the one run differs from the other by its fit alone.
    before, after = (project.open_run(told["runs"][key]).info for key in ("before", "after"))
    assert before["network"] == after["network"]
    assert before["fit"] != after["fit"]
    assert after["fit_about"]["carried_from"] == before["fit"]
    kept = project.fit_of(project.open_run(told["runs"]["after"]))
    assert kept is not None
    assert kept.hash == after["fit"]
    (taken_in,) = after["fit_about"]["carried_on"]
    assert taken_in["value"] == 0.25
    assert 0.25 < taken_in["after"]["median"] < taken_in["before"]["median"]
    rows = {
        row["median"]
        for row in project.show(told["runs"]["after"], "exports")
        if (row["period"], row["destination"], row["material"]) == ("2025-11", "EU", "magnets")
    }
    assert rows == {moved["after"]["median"]}
    (third,) = watch.once(project, [asked])
    assert (third.alerts, third.delivered) == ([], 0)
    assert len(steps(project, "alert")) == 1


@pytest.mark.slow
def test_an_event_instead_of_a_fit(tmp_path: Path, project: Project) -> None:
    runs = [{"name": "brief-look", "draws": 16, "seed": 3, "approvals": "event"}]
    asked = with_runs(tmp_path, project, scenarios=runs)
    watch.once(project, [asked])
    (tmp_path / "articles" / "a.txt").write_text(FALLING, encoding="utf-8")
    (done,) = watch.once(project, [asked])
    info = project.open_run(done.runs["brief-look"]).info
    events = [one for one in info["scenario_document"]["events"] if one["name"].startswith("read-")]
    assert {(one["region"], one["kind"], one["date"]) for one in events} == {
        ("EU", "grant", "2025-09-28"), ("DE", "grant", "2025-09-28"),
    }  # fmt: skip
    assert len(done.alerts) == 1


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no SIGKILL here")
def test_killed_in_the_middle_and_finished_by_the_next(tmp_path: Path, project: Project) -> None:
    asked = with_runs(tmp_path, project)
    watch.once(project, [asked])
    (tmp_path / "articles" / "a.txt").write_text(FALLING, encoding="utf-8")
    code = (
        "import ytterby; from ytterby import watch; import sys\n"
        "p = ytterby.open(sys.argv[1]); watch.once(p, [watch.load(sys.argv[2], p.path)])"
    )
    command = [sys.executable, "-c", code, str(project.path), str(tmp_path / "order.yaml")]
    with subprocess.Popen(command, env={**os.environ, "JAX_PLATFORMS": "cpu"}) as killed:
        try:
            until = time.monotonic() + 120.0
            while not steps(project, "document") and killed.poll() is None and time.monotonic() < until:
                time.sleep(0.05)
        finally:
            killed.send_signal(signal.SIGKILL)
    assert len(steps(project, "document")) == 1
    (done,) = watch.once(project, [asked])
    assert done.failures == []
    assert done.read == 0
    assert len(steps(project, "alert")) == 1
    lines = (project.path / "alerts/out.jsonl").read_text("utf-8").splitlines()
    assert len(lines) == 1
    with database.open(folder.find(project.path)) as db:
        reviews = db.rows("SELECT claim, count(*) AS n FROM reviews GROUP BY claim")
    assert [row["n"] for row in reviews] == [1]

"""Home to the proof that long work goes on behind the pages: told, left, found again, cancelled, taken up."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

import ytterby
from ytterby.desk.app import create_app
from ytterby.desk.jobs import Job, Jobs
from ytterby.project import Project
from ytterby.terms.errors import BadValue, UnknownName

OWN = {"origin": "http://localhost:8039", "sec-fetch-site": "same-origin"}


@pytest.fixture
def jobs(project: Project) -> Iterator[Jobs]:
    one = Jobs(project.path)
    yield one
    one.close()


def until(reached: Callable[[], Any], seconds: float = 60.0) -> Any:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := reached():
            return found
        time.sleep(0.05)
    raise AssertionError("it never came")


def ended(jobs: Jobs, job: Job) -> Job:
    found: Job = until(lambda: None if jobs.get(job.id).open else jobs.get(job.id))
    return found


def note(folder: Path, name: str = "note.txt") -> Path:
    path = folder / name
    path.write_text("Terbium\n\nChina exported 12 tonnes of terbium in May 2025.\n", encoding="utf-8")
    return path


def test_work_is_done_and_remembered(jobs: Jobs, project: Project, tmp_path: Path) -> None:
    job = jobs.start("read", {"sources": [str(note(tmp_path))]})
    assert job.state == "waiting"
    done = ended(jobs, job)
    assert done.state == "done"
    assert done.result["documents"][0]["status"] == "read"
    assert [one.title for one in project.documents()] == ["Terbium"]
    # Another desk, or the next one, knows of it.
    assert Jobs(project.path).get(job.id).result == done.result


def test_a_failure_says_why(jobs: Jobs) -> None:
    done = ended(jobs, jobs.start("run", {"scenario": "no such scenario"}))
    assert done.state == "failed"
    assert "no such scenario" in done.error["cause"]
    assert ended(jobs, jobs.start("report", {})).error["cause"].startswith("a fault in Ytterby itself")


def test_the_same_question_is_one_job(jobs: Jobs) -> None:
    first = jobs.start("run", {"scenario": "april-2025", "draws": 7})
    assert jobs.start("run", {"draws": 7, "scenario": "april-2025"}).id == first.id
    other = jobs.start("run", {"scenario": "april-2025", "draws": 8})
    assert other.id != first.id
    assert jobs.cancel(other.id).state == "cancelled"
    assert jobs.cancel(first.id).state == "cancelled"
    assert jobs.cancel(first.id).state == "cancelled"
    assert not [one for one in jobs.all() if one.open]


def test_a_cancelled_job_makes_way(jobs: Jobs, tmp_path: Path) -> None:
    long = jobs.start("run", {"scenario": "april-2025", "draws": 5000})
    until(lambda: jobs.get(long.id).state == "running")
    short = jobs.start("read", {"sources": [str(note(tmp_path))]})
    jobs.cancel(long.id)
    assert ended(jobs, short).state == "done"
    assert jobs.get(long.id).state == "cancelled"
    assert list((jobs.project / "runs").glob("*/run.json")) == []


def test_what_was_cut_off_is_taken_up_again(project: Project, tmp_path: Path) -> None:
    first = Jobs(project.path)
    job = first.start("run", {"scenario": "april-2025", "draws": 5000})
    until(lambda: first.get(job.id).state == "running")
    first.close()
    kept = json.loads((first.folder / f"{job.id}.json").read_text(encoding="utf-8"))
    assert kept["state"] == "waiting"
    # A desk that was killed leaves the file saying "running".
    (first.folder / f"{job.id}.json").write_text(json.dumps({**kept, "state": "running"}), encoding="utf-8")
    second = Jobs(project.path)
    second.resume()
    until(lambda: second.get(job.id).state == "running")
    second.cancel(job.id)
    second.close()


def test_two_desks_work_as_one(project: Project, tmp_path: Path) -> None:
    first, second = Jobs(project.path), Jobs(project.path)
    try:
        first.start("read", {"sources": [str(note(tmp_path, "a.txt"))]})
        job = second.start("read", {"sources": [str(note(tmp_path, "b.txt"))]})
        assert ended(second, job).state == "done"
        assert second._thread is None
    finally:
        first.close()
        second.close()


def test_nice_errors(jobs: Jobs) -> None:
    with pytest.raises(UnknownName, match="kind of job"):
        jobs.start("rum", {})
    with pytest.raises(UnknownName, match="unknown job"):
        jobs.get("../../etc/passwd")
    with pytest.raises(UnknownName):
        jobs.cancel("")


def test_too_many_are_refused(jobs: Jobs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ytterby.desk.jobs.MOST_OPEN", 2)
    for draws in (1, 2):
        jobs.start("run", {"scenario": "april-2025", "draws": draws})
    with pytest.raises(BadValue, match="wait already"):
        jobs.start("run", {"scenario": "april-2025", "draws": 3})
    for job in jobs.all():
        jobs.cancel(job.id)


def test_progress_is_told_as_it_goes(tmp_path: Path) -> None:
    project = ytterby.init(tmp_path / "project")
    with TestClient(create_app(project.path), base_url="http://localhost:8039", follow_redirects=False) as client:
        started = client.post("/api/run", json={"scenario": "april-2025", "draws": 3})
        assert started.status_code == 202
        job = started.json()["job"]
        page = client.get(f"/en/job/{job}")
        assert f'data-events="/events/{job}"' in page.text
        assert '<noscript><meta http-equiv="refresh"' in page.text
        assert client.get("/en/jobs").status_code == 200
        with client.stream("GET", f"/events/{job}?lang=zh") as told:
            assert told.headers["content-type"].startswith("text/event-stream")
            events = [json.loads(line[6:]) for line in told.iter_lines() if line.startswith("data: ")]
        assert events[-1]["state"] == "已完成"
        assert not events[-1]["open"]
        assert all(event["open"] for event in events[:-1])
        assert client.get(f"/api/jobs/{job}").json()["result"]["run"]
        assert "Open the run" in client.get(f"/en/job/{job}").text
        assert client.get("/events/nothing").status_code == 404


def test_a_job_is_cancelled_by_its_page(tmp_path: Path) -> None:
    project = ytterby.init(tmp_path / "project")
    with TestClient(create_app(project.path), base_url="http://localhost:8039", follow_redirects=False) as client:
        job = client.post("/api/run", json={"scenario": "april-2025", "draws": 5000}).json()["job"]
        text = client.get(f"/en/job/{job}").text
        key = text.split('name="_key" value="', 1)[1].split('"')[0]
        answer = client.post(f"/en/job/{job}", data={"_key": key, "_form": "cancel"}, headers=OWN)
        assert answer.status_code == 303
        assert client.get(f"/api/jobs/{job}").json()["state"] == "cancelled"
        assert "nothing half-done was kept" in client.get(answer.headers["location"]).text

"""Home to the proof that standing orders are made, changed, started, stopped and run from their pages, safely."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from starlette.testclient import TestClient

import ytterby
from ytterby import watch
from ytterby.desk import alerted
from ytterby.desk.app import create_app
from ytterby.project import Project
from ytterby.watch import orders

OWN = {"origin": "http://localhost:8039", "sec-fetch-site": "same-origin"}
ARTICLE = """标题:对欧稀土出口许可批准率大幅下降
来源:新华社
日期:2025-09-28

中国欧盟商会9月28日表示,中国商务部对欧盟企业稀土磁体出口许可申请的批准率降至25%。
"""
ORDER: dict[str, Any] = {
    "id": "eu",
    "title": "Licences for Europe",
    "sources": ["articles"],
    "topic": "export-licences",
    "briefs": True,
    "alerts": [{"file": "alerts/eu.jsonl"}],
}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[tuple[Project, TestClient]]:
    project = ytterby.init(tmp_path / "project")
    with TestClient(create_app(project.path), base_url="http://localhost:8039", follow_redirects=False) as one:
        yield project, one


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Project, TestClient]]:
    """One desk for tests after which nothing has changed."""
    project = ytterby.init(tmp_path_factory.mktemp("watches") / "project")
    with TestClient(create_app(project.path), base_url="http://localhost:8039", follow_redirects=False) as one:
        yield project, one


def until(reached: Callable[[], Any], seconds: float = 60.0) -> Any:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := reached():
            return found
        time.sleep(0.05)
    raise AssertionError("it never came")


def put(project: Project, **changes: Any) -> str:
    folder = project.path / "workflows"
    (folder / "articles").mkdir(parents=True, exist_ok=True)
    (folder / "articles" / "a.txt").write_text(ARTICLE, encoding="utf-8")
    text = yaml.safe_dump(ORDER | changes, allow_unicode=True)
    (folder / f"{ORDER['id']}.yaml").write_text(text, encoding="utf-8")
    return text


def send(client: TestClient, path: str, form: str, **fields: str) -> Any:
    key = client.get(path).text.split('name="_key" value="', 1)[1].split('"')[0]
    return client.post(path, data={"_key": key, "_form": form, **fields}, headers=OWN)


def test_the_example_is_copied_and_can_be_read(desk: tuple[Project, TestClient]) -> None:
    project, client = desk
    assert "Nothing is watched yet" in client.get("/en/watches").text
    answer = send(client, "/en/watches", "new", name="mine")
    assert (answer.status_code, answer.headers["location"]) == (303, "/en/watch/mine")
    order = orders.order("mine", project.path)
    assert order.error is None
    assert order.workflow is not None
    assert Path(order.workflow.sources[0]).is_dir()
    assert client.get("/zh/watch/mine").status_code == 200
    again = send(client, "/en/watches", "new", name="mine")
    assert again.status_code == 400
    assert "already" in again.text
    copy = send(client, "/en/watch/mine", "copy", name="other")
    assert copy.headers["location"] == "/en/watch/other"
    assert {one.id for one in orders.orders(project.path)} == {"mine", "other"}


@pytest.mark.parametrize("name", ["../evil", "a/b", "", "A", "x" * 65, "a.yaml", "a\x00b", "..", "~root", "a\\b"])
def test_a_name_is_no_path(shared: tuple[Project, TestClient], name: str) -> None:
    project, client = shared
    before = sorted(project.path.parent.rglob("*.yaml"))
    assert send(client, "/en/watches", "new", name=name).status_code in (400, 404)
    assert sorted(project.path.parent.rglob("*.yaml")) == before


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"sources": ["/etc"]}, "outside the project"),
        ({"sources": ["../../.."]}, "outside the project"),
        ({"alerts": [{"file": "../../alerts.jsonl"}]}, "outside the project"),
        ({"alerts": [{"markdown": "/tmp/alerts.md"}]}, "outside the project"),
        ({"allow_private": True}, "cannot be set on a page"),
        ({"alerts": [{"webhook": {"url": "http://10.0.0.1/x", "allow_private": True}}]}, "cannot be set on a page"),
        ({"topic": "no-such-topic"}, "no-such-topic"),
        ({"id": "other"}, "is not the name of the file"),
        ({"password": "x"}, "secret"),
        ({"outcomes": [{"scenario": "april-2025", "metric": "exports", "percent": 1}]}, "scenario"),
    ],
)
def test_a_page_gives_a_workflow_no_more_reach(
    shared: tuple[Project, TestClient], changes: dict[str, Any], words: str
) -> None:
    project, client = shared
    text = put(project)
    wanted = yaml.safe_dump(ORDER | changes)
    answer = send(client, "/en/watch/eu", "edit", text=wanted, was=text)
    assert answer.status_code in (400, 404), answer.text
    assert words in answer.text
    assert "Traceback" not in answer.text
    assert wanted.splitlines()[-1].split(":")[0] in answer.text, "what was typed is gone"
    assert (project.path / "workflows" / "eu.yaml").read_text(encoding="utf-8") == text


def test_what_was_reached_by_hand_may_stay(desk: tuple[Project, TestClient], tmp_path: Path) -> None:
    project, client = desk
    text = put(project, sources=[str(tmp_path)])
    wanted = text.replace("Licences for Europe", "Another title")
    assert send(client, "/en/watch/eu", "edit", text=wanted.replace("\n", "\r\n"), was=text).status_code == 303
    assert (project.path / "workflows" / "eu.yaml").read_text(encoding="utf-8") == wanted


def test_a_change_made_meanwhile_is_not_lost(desk: tuple[Project, TestClient]) -> None:
    project, client = desk
    text = put(project)
    other = text.replace("Licences for Europe", "By hand")
    (project.path / "workflows" / "eu.yaml").write_text(other, encoding="utf-8")
    answer = send(client, "/en/watch/eu", "edit", text=text.replace("Europe", "all"), was=text)
    assert answer.status_code == 400
    assert "changed meanwhile" in answer.text
    assert "Licences for all" in answer.text
    assert (project.path / "workflows" / "eu.yaml").read_text(encoding="utf-8") == other


def test_a_broken_file_says_where(desk: tuple[Project, TestClient]) -> None:
    project, client = desk
    (project.path / "workflows").mkdir()
    (project.path / "workflows" / "eu.yaml").write_text("id: eu\ntitle: [\n", encoding="utf-8")
    page = client.get("/en/watch/eu")
    assert page.status_code == 200
    assert "cannot be read" in page.text
    assert "eu.yaml" in page.text
    assert "cannot be read" in client.get("/en/watches").text
    assert send(client, "/en/watch/eu", "start").status_code == 400
    assert client.get("/en/watch/nothing").status_code == 404


def test_it_runs_once_from_its_page_and_tells(desk: tuple[Project, TestClient]) -> None:
    project, client = desk
    put(project)
    answer = send(client, "/en/watch/eu", "once")
    job = answer.headers["location"].rpartition("/")[2]
    done = until(lambda: (found := client.get(f"/api/jobs/{job}").json())["state"] == "done" and found)
    (passed,) = done["result"]["passes"]
    assert (passed["read"], len(passed["alerts"])) == (1, 1)
    told = client.get("/en/watch/eu.json").json()
    assert told["last"]["read"] == 1
    assert [row["workflow"] for row in client.get("/en/watches/-/alerts.json").json()["rows"]] == ["eu"]
    assert "对欧稀土出口许可批准率大幅下降" in client.get("/zh/today").text
    assert client.get(f"/en/job/{job}").status_code == 200


def test_it_is_watched_until_it_is_stopped_also_by_the_next_desk(desk: tuple[Project, TestClient]) -> None:
    project, client = desk
    put(project)
    assert send(client, "/en/watch/eu", "start").status_code == 303
    until(lambda: orders.last("eu", project.path))
    assert "Watched every minute" in client.get("/en/watch/eu").text
    keeper = client.app.state.desk.jobs.watch  # type: ignore[attr-defined]
    assert keeper.standing() == "on"
    keeper.close()
    assert keeper.kept() == ("eu",)
    keeper.resume()
    assert keeper.standing() == "on"
    assert send(client, "/en/watch/eu", "stop").status_code == 303
    assert (keeper.standing(), keeper.kept()) == ("off", ())


def test_a_second_watch_says_that_the_first_works(desk: tuple[Project, TestClient]) -> None:
    project, client = desk
    put(project)
    with watch.locked(project):
        send(client, "/en/watch/eu", "start")
        keeper = client.app.state.desk.jobs.watch  # type: ignore[attr-defined]
        until(lambda: keeper.standing() == "failed")
    page = client.get("/en/watch/eu").text
    assert "another watch works on this project" in page
    assert "Traceback" not in page


def test_the_watch_ends_with_its_desk(desk: tuple[Project, TestClient]) -> None:
    project, client = desk
    put(project)
    send(client, "/en/watch/eu", "start")
    keeper = client.app.state.desk.jobs.watch  # type: ignore[attr-defined]
    process = keeper._process
    process.stdin.close()  # as the system does it where a desk is killed
    assert process.wait(timeout=60) == 0


def test_words_of_an_alert_are_made_from_its_figures(desk: tuple[Project, TestClient]) -> None:
    change = {
        "metric": "line-stops", "of": "first_slow", "where": {"product": "robot.humanoid", "region": "JP"},
        "before": {"median": "2025-10-15", "unit": "date"}, "after": {"median": "2025-10-08", "unit": "date"},
        "days": -7.0, "percent": None, "exceeded": True,
    }  # fmt: skip
    project, client = desk
    told = {
        "id": "x", "workflow": "eu", "title": "T", "at": "2026-11-21T00:00:00", "outcomes": [change],
        "claims": [{"id": "c", "quote": "<b>降至25%</b>", "document": "d" * 64, "passage": 4}],
        "runs": {"scenario": "s", "before": "a", "after": "b"},
    }  # fmt: skip
    from ytterby.store import database, folder, watches

    with database.open(folder.find(project.path)) as db:
        watches.enter(db, "eu", "alert", "x", told)
    assert alerted.alerts(project) == [told]
    english, chinese = (client.get(f"/{lang}/watch/eu").text for lang in ("en", "zh"))
    assert "humanoid robots, Japan: first slow on 2025-10-15 → 2025-10-08, 7 days earlier" in english
    assert "人形机器人，日本：最早放缓日 2025-10-15 → 2025-10-08，提前 7 天" in chinese
    assert f"/document/{'d' * 64}#p4" in english
    assert "<b>" not in english
    assert json.loads(json.dumps(client.get("/en/watch/eu/-/alerts.json").json()["rows"]))[0]["days"] == -7.0

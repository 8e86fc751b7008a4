"""Home to the proof that scenarios are read whole, started, copied and edited on the desk without losing a letter."""

from __future__ import annotations

import html
import json
import re
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

import ytterby
from ytterby.desk.app import create_app
from ytterby.world import scenarios

OWN = {"origin": "http://localhost:8039", "sec-fetch-site": "same-origin"}


def key_of(client: TestClient, path: str) -> str:
    return client.get(path).text.split('name="_key" value="', 1)[1].split('"')[0]


def send(client: TestClient, path: str, form: str, **fields: str) -> Any:
    key = key_of(client, path)
    return client.post(path, data={"_key": key, "_form": form, **fields}, headers=OWN)


def orders(client: TestClient) -> list[dict[str, Any]]:
    return client.get("/api/jobs").json()  # type: ignore[no-any-return]


@pytest.fixture
def copied(fresh: TestClient) -> TestClient:
    """A desk whose project has a scenario of its own, ``later``."""
    answer = send(fresh, "/en/scenario/october-2025", "copy", name="later")
    assert answer.headers["location"] == "/en/draft/later"
    return fresh


def seen(client: TestClient) -> str:
    return client.get("/en/draft/later.json").json()["version"]  # type: ignore[no-any-return]


def text(client: TestClient) -> str:
    return client.get("/en/draft/later.json").json()["text"]  # type: ignore[no-any-return]


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("name", scenarios.names())
def test_a_scenario_is_shown_whole(client: TestClient, name: str, lang: str) -> None:
    plan = scenarios.load(name)
    page = client.get(f"/{lang}/scenario/{name}.json").json()
    assert page["scenario"] == plan.model_dump(mode="json")
    uncertain = next(one["rows"] for one in page["sections"] if one["id"] == "uncertainty")
    assert {one["name"] for one in uncertain} == set(scenarios.spreads(plan))
    assert all(one["unit"] for one in uncertain)
    shown = client.get(f"/{lang}/scenario/{name}").text
    assert (plan.title.zh if lang == "zh" else plan.title.en) in html.unescape(shown)
    assert client.get(f"/{lang}/scenario/{name}/-/events.svg").status_code == 200
    # Every lever has a box of its own, and a value with its range where its value says something.
    for lever in plan.levers:
        assert f'name="on:{lever.name}"' in shown
        assert (f'name="value:{lever.name}"' in shown) == bool(scenarios.unit_of(lever))


def test_all_of_them_are_listed(client: TestClient) -> None:
    rows = client.get("/zh/scenarios.json").json()["rows"]
    assert [one["id"] for one in rows] == list(scenarios.names())
    assert not any(one["own"] for one in rows)


def test_a_run_is_started_with_its_levers(fresh: TestClient) -> None:
    path = "/en/scenario/baseline"
    given = {"draws": "9", "seed": "4", "known": "2026-01-31", "on:second-source-early": "1"}
    answer = send(fresh, path, "run", **given, **{"value:second-source-early": "2000000000"})
    assert answer.status_code == 303
    job = answer.headers["location"].rpartition("/")[2]
    found = next(one for one in orders(fresh) if one["id"] == job)
    assert found["asked"] == {
        "scenario": "baseline", "draws": 9, "seed": 4, "known": "2026-01-31", "levers": ["second-source-early"],
    }  # fmt: skip
    other = send(fresh, path, "run", **given | {"known": ""}, **{"value:second-source-early": "3e9"})
    again = next(one for one in orders(fresh) if one["id"] == other.headers["location"].rpartition("/")[2])
    assert again["asked"]["levers"] == ["second-source-early=3e9"]
    for one in orders(fresh):
        fresh.delete(f"/api/jobs/{one['id']}")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"draws": "0"}, "Draws"),
        ({"draws": "many"}, "Draws"),
        ({"draws": "9999999"}, "Draws"),
        ({"seed": "-1"}, "seed"),
        ({"known": "soon"}, "no day"),
        ({"on:price-floor-for-all": "1", "value:price-floor-for-all": "-5"}, "price-floor-for-all"),
        ({"on:price-floor-for-all": "1", "value:price-floor-for-all": "much"}, "no number"),
    ],
)
def test_a_wrong_field_is_refused_and_what_was_typed_stays(fresh: TestClient, given: dict[str, str], said: str) -> None:
    fields = {"draws": "77", "seed": "5", "known": ""} | given
    answer = send(fresh, "/en/scenario/baseline", "run", **fields)
    assert answer.status_code == 400
    assert said.lower() in answer.text.lower()
    assert 'name="seed" value="' + fields["seed"] in answer.text
    assert orders(fresh) == []


@pytest.mark.parametrize("name", ["", "april-2025", "../evil", "A B", "<script>"])
def test_a_copy_needs_a_free_name(fresh: TestClient, name: str) -> None:
    answer = send(fresh, "/en/scenario/april-2025", "copy", name=name)
    assert answer.status_code == 400
    assert "<script>" not in answer.text.replace('<script src="/static', "")
    assert fresh.get("/en/scenarios.json").json()["rows"] == fresh.get("/en/scenarios.json").json()["rows"]
    assert not any(one["own"] for one in fresh.get("/en/scenarios.json").json()["rows"])


def test_fields_are_changed_and_the_rest_stays(copied: TestClient) -> None:
    before = text(copied)
    page = copied.get("/en/draft/later").text
    form = page.split('id="form-fields"', 1)[1].split("</form>", 1)[0]
    fields = {
        name: html.unescape(value) for name, value in re.findall(r'<input [^>]*name="([\w.]+)" value="([^"]*)"', form)
    }
    fields |= {"demand_path": "iea", "reading": "extended_2027_01_10", "title.zh": "更晚的秋天", "end": "2026-12-31"}
    fields.pop("_form", None)
    fields.pop("_key", None)
    answer = send(copied, "/en/draft/later", "fields", **fields)
    assert answer.status_code == 303, answer.text
    after = text(copied)
    changed = [(a, b) for a, b in zip(before.splitlines(), after.splitlines(), strict=True) if a != b]
    assert len(changed) == 2
    plan = copied.get("/zh/scenario/later.json").json()["scenario"]
    assert (plan["title"]["zh"], plan["end"]) == ("更晚的秋天", "2026-12-31")
    older = copied.get("/en/draft/later").text
    assert "Until 20" in older
    wrong = send(copied, "/en/draft/later", "fields", **fields | {"seen": seen(copied), "end": "2020-01-01"})
    assert wrong.status_code == 400
    assert 'value="2020-01-01"' in wrong.text
    assert text(copied) == after


def test_the_whole_file_is_changed_or_refused_with_its_line(copied: TestClient) -> None:
    before = text(copied)
    good = before.replace("step_days: 7", "step_days: 14")
    assert send(copied, "/en/draft/later", "yaml", seen=seen(copied), text=good).status_code == 303
    assert text(copied) == good
    for bad, said in (
        (good.replace("step_days: 14", "step_days: often"), "line 12, step_days"),
        (good.replace("kind: throughput", "kind: thruput", 1), "line"),
        (good.replace("name: october-pace", "name: october-pace\n    facility: no_such_plant", 1), "no_such_plant"),
        ("a: [", "not YAML"),
    ):
        answer = send(copied, "/en/draft/later", "yaml", seen=seen(copied), text=bad)
        assert answer.status_code in (400, 404), said
        assert said in html.unescape(answer.text)
        assert bad.splitlines()[-1] in html.unescape(answer.text)
        assert text(copied) == good


def test_a_file_changed_meanwhile_is_not_written_over(copied: TestClient) -> None:
    mine, theirs = seen(copied), text(copied).replace("step_days: 7", "step_days: 3.5")
    assert send(copied, "/en/draft/later", "yaml", seen=mine, text=theirs).status_code == 303
    late = send(copied, "/en/draft/later", "yaml", seen=mine, text=theirs.replace("3.5", "21"))
    assert late.status_code == 400
    assert "changed since you opened it" in late.text
    assert "step_days: 21" in late.text
    assert text(copied) == theirs


def test_an_older_version_is_taken_back(copied: TestClient) -> None:
    first = text(copied)
    send(copied, "/en/draft/later", "yaml", seen=seen(copied), text=first.replace("step_days: 7", "step_days: 21"))
    page = copied.get("/en/draft/later").text
    stamp = re.search(r'name="stamp" value="([^"]+)"', page)
    assert stamp is not None
    answer = send(copied, "/en/draft/later", "restore", seen=seen(copied), stamp=stamp[1])
    assert answer.status_code == 303
    assert text(copied) == first
    assert send(copied, "/en/draft/later", "restore", seen=seen(copied), stamp="../../x").status_code == 404


def test_shipped_ones_are_read_only(fresh: TestClient) -> None:
    assert fresh.get("/en/draft/april-2025").status_code == 400
    assert "copy it" in fresh.get("/en/draft/april-2025").text
    key = key_of(fresh, "/en/scenario/april-2025")
    answer = fresh.post(
        "/en/draft/april-2025", data={"_key": key, "_form": "yaml", "text": "x", "seen": ""}, headers=OWN
    )
    assert answer.status_code == 400


def test_a_file_that_cannot_be_read_is_listed_with_its_reason(tmp_path: Path) -> None:
    project = ytterby.init(tmp_path / "project")
    (project.path / "scenarios").mkdir(exist_ok=True)
    (project.path / "scenarios" / "broken.yaml").write_text("id: broken\nextends: nothing\n", encoding="utf-8")
    with TestClient(create_app(project.path), base_url="http://localhost:8039", follow_redirects=False) as desk:
        rows = desk.get("/en/scenarios.json").json()["rows"]
        broken = next(one for one in rows if one["id"] == "broken")
        assert "nothing" in json.dumps(broken["error"])
        assert desk.get("/en/scenario/broken").status_code == 404
        # It may be mended on its page.
        page = desk.get("/en/draft/broken")
        assert page.status_code == 200
        assert "extends: nothing" in page.text
        assert desk.get("/en/scenario/..%2F..%2Fx").status_code == 404

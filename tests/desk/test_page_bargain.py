"""Home to the proof that a bargain's answer is read whole on the desk, in both languages, and one can be started."""

from __future__ import annotations

import html
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest
from starlette.testclient import TestClient

import ytterby
from ytterby.decisions import kept
from ytterby.decisions.bargain import answer, keeping, moves, table
from ytterby.decisions.bargain.payoffs import PARTS, Window
from ytterby.decisions.bargain.playing import Played, Round
from ytterby.decisions.bargain.rates import exchange
from ytterby.decisions.kept import Decision
from ytterby.desk.app import create_app

OWN = {"origin": "http://localhost:8039", "sec-fetch-site": "same-origin"}
GAME = "chips-for-rare-earths"
DRAWS = 30


def answered(folder: Path, *, tied: bool = False, deal: bool = True) -> Decision:
    """An answer as it would be kept, from payoffs that are drawn, not simulated."""
    bargain = table.load(GAME)
    rng = np.random.default_rng(7)
    rounds = []
    for year in (2027, 2029):
        totals = rng.normal(size=(2, 3, 3, 1)) * 9 + rng.normal(size=(2, 3, 3, DRAWS))
        if tied:
            totals[:, 1] = totals[:, 0]
        if not deal:
            totals[1] = -totals[0]
        totals = totals - totals[:, :1, :1]
        parts = {part: totals.mean(axis=-1) / len(PARTS) for part in PARTS}
        window = Window(*moves.window(bargain, moves.begins(bargain, year)))
        aside = {one.id: totals[0] for one in bargain.bystanders}
        rounds.append(Round(window, totals, parts, totals, aside, rng.random((3, 3, DRAWS)) * 1e4))
    draws = rng.random((5, DRAWS)) + 0.5
    found = exchange(draws[0] * 10, -draws[1], draws[2] * 5, draws[3], draws[4] if deal else draws[4] + 99)
    played = Played(tuple(rounds), (found,), 11, ())
    said = answer.answered(
        bargain, played, cast(Any, SimpleNamespace(uncertainty=(None,))), discount=0.9, seed=0, spread=False
    )
    told = {
        "bargain": GAME, "scenario": "baseline", "network": "n", "claims": "c", "fit": "", "code": "x", "draws": DRAWS,
        "seed": 0, "discount": 0.9, "years": [2029], "tied": tied, "deal": deal,
    }  # fmt: skip
    return kept.keep(folder / "decisions", "bargain", told, keeping.title(said), "", said)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Any:
    project = ytterby.init(tmp_path_factory.mktemp("bargain") / "project")
    made = {
        "plain": answered(project.path), "tied": answered(project.path, tied=True),
        "none": answered(project.path, deal=False),
    }  # fmt: skip
    with TestClient(create_app(project.path), base_url="http://localhost:8039", follow_redirects=False) as one:
        yield SimpleNamespace(client=one, made=made)


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("kind", ["plain", "tied", "none"])
def test_an_answer_is_shown_whole(desk: Any, kind: str, lang: str) -> None:
    made: Decision = desk.made[kind]
    page = desk.client.get(f"/{lang}/bargain/{made.id}.json").json()
    assert page["title"] == made.title[lang]
    sections = {one["id"]: one for one in page["sections"]}
    assert {"matrix", "set", "equilibria", "repeated", "rate-1", "leverage", "inputs", "record"} <= set(sections)
    assert len(sections["matrix"]["rows"]) == 9
    shown = desk.client.get(f"/{lang}/bargain/{made.id}")
    assert shown.status_code == 200
    text = html.unescape(shown.text)
    assert ("假设" if lang == "zh" else "assumed") in text
    assert "{" not in page["title"]
    assert (("Payoffs tie" if lang == "en" else "支付相等") in text) == bool(made.answer["ties"])
    for name in ("matrix", "set", "leverage"):
        drawn = desk.client.get(f"/{lang}/bargain/{made.id}/-/{name}.svg")
        assert drawn.status_code == 200, name
        assert "<svg" in drawn.text


def test_the_kinds_are_what_they_are_called(desk: Any) -> None:
    assert desk.made["tied"].answer["ties"]
    assert not desk.made["plain"].answer["ties"]
    assert not desk.made["none"].answer["set"]["nash"]["mixture"]
    assert "no deal is better for both" in desk.made["none"].title["en"]


def test_answers_are_listed_and_the_start_of_an_id_leads_to_it(desk: Any) -> None:
    page = desk.client.get("/en/bargain").text
    for made in desk.made.values():
        assert f"/en/bargain/{made.id}" in page
    made = desk.made["plain"]
    assert desk.client.get(f"/en/bargain/{made.id[:6]}").headers["location"] == f"/en/bargain/{made.id}"
    assert desk.client.get("/en/bargain/ffffffffffff").status_code == 404


def test_a_bargain_is_started_as_a_job(desk: Any) -> None:
    def send(**fields: str) -> Any:
        key = desk.client.get("/en/bargain").text.split('name="_key" value="', 1)[1].split('"')[0]
        data = {"_key": key, "_form": "play", "game": GAME, "draws": "3", "seed": "0", **fields}
        return desk.client.post("/en/bargain", data=data, headers=OWN)

    for wrong, said in (
        ({"game": "../../etc/passwd"}, "unknown bargain"),
        ({"draws": "0"}, "'0' is not one"),
        ({"years": "soon"}, "these are no years"),
        ({"years": "1999"}, "a game in the year 1999"),
        ({"discount": "1"}, "a discount factor of 1"),
        ({"discount": "x"}, "that is no number"),
    ):
        answer_ = send(**wrong)
        assert answer_.status_code in (400, 404), wrong
        assert said in html.unescape(answer_.text), wrong
    assert desk.client.get("/api/jobs").json() == []
    done = send(years="2029，2031", discount="0.8")
    assert done.status_code == 303
    (job,) = desk.client.get("/api/jobs").json()
    assert job["kind"] == "bargain"
    assert job["asked"]["years"] == [2029, 2031]
    desk.client.delete(f"/api/jobs/{job['id']}")

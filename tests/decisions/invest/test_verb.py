"""The whole answer on the project's own world, with runs that are made up: the verb, its pages, and what is kept."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import pytest
from fastapi.testclient import TestClient

import ytterby
from ytterby import BadValue, UnknownName
from ytterby.cli import door
from ytterby.cli.interface import schema_of
from ytterby.decisions.invest import candidates
from ytterby.desk.app import create_app
from ytterby.project import Project
from ytterby.run import trials as tried
from ytterby.run.base import Grid
from ytterby.run.chain.forcing import force
from ytterby.world.network import Network
from ytterby.world.scenarios import Scenario


def _made_up(network: Network, plans: Sequence[Scenario], *, draws: int, keep: Sequence[str], **_: Any) -> list[Any]:
    """Trials in which makers want what they want and get nine tenths, and home plants make what was invested."""
    n, found = network, []
    for plan in plans:
        days = [date(year, month, 1) for year in range(2025, 2036) for month in range(1, 13)]
        spent = sum(event.value.median for event in plan.events if event.kind == "investment" and event.facility)
        labels = {"demand": n.groups, "output": n.groups, "made": ("CN|magnet", "US|magnet"), "stockpile": n.materials,
                  "prices": tuple(f"{m}|{z}" for m in n.materials for z in n.zones)}  # fmt: skip
        wanted = np.repeat(n.demand[:, :1, None] * 30.4, len(days), axis=1).repeat(draws, axis=2).astype(np.float32)
        made = np.full((2, len(days), draws), 50.0 + spent / 1e6, dtype=np.float32)
        series = {"demand": wanted, "output": 0.9 * wanted, "made": made}
        series |= {name: np.ones((len(labels[name]), len(days), draws), np.float32) for name in ("stockpile", "prices")}
        starts = tuple(day.isoformat() for day in days)
        none: Any = MappingProxyType({})
        found.append(
            tried.Trial(
                plan, Grid(plan.start, 1, 7.0), 0.0, tuple(day[:7] for day in starts), starts,
                MappingProxyType({name: labels[name] for name in keep}),
                MappingProxyType({name: series[name] for name in keep}), none, none, np.zeros((1, draws), np.float32),
            )
        )  # fmt: skip
    return found


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return ytterby.init(tmp_path_factory.mktemp("invest") / "project")


@pytest.fixture(autouse=True)
def _made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tried, "trials", _made_up)


def test_the_shipped_questions_are_answered(project: Project) -> None:
    bought = project.invest(budget=1.3e9, partners=("BR", "AU", "AR"), draws=4)
    alone = project.invest(goals=("share=0.9@2030",), draws=4)
    cheap = project.invest(goals=("share=0.4@2030",), draws=4)
    hard = project.invest(goals=("share=0.4@2030",), partners=("AU",), chinese_equipment=False, draws=4)
    said = bought.answer
    # heavy rare earths come from partners' clays: without them money stops short, and says where
    assert said["promise"]["share"][said["promise"]["years"].index(2030)] > 0.9
    assert said["absent"] == ["AR"]
    assert not alone.answer["promise"]["met"]
    assert alone.answer["promise"]["binds"]
    assert "out of reach" in alone.title["en"]
    assert "无法实现" in alone.title["zh"]
    assert cheap.answer["promise"]["cost"] < alone.answer["promise"]["cost"]
    assert hard.answer["promise"]["share"][3] <= cheap.answer["promise"]["share"][3] + 1e-6
    for one in (bought, alone, cheap, hard):
        told = one.answer
        assert told["promise"]["gap"] <= 1e-6
        assert told["gap"]["promised"] == pytest.approx(told["promise"]["share"][told["promise"]["years"].index(2030)])
        assert {"as things go", "capacity alone", "promises alone", "capacity and promises"} <= set(told["simulated"])
        assert all(row["name"] for row in told["assumed"])
        assert {"network", "claims", "code", "draws", "seed", "scenario_hash"} <= set(one.inputs)
        for order in told["promise"]["orders"]:
            assert order["new"] == candidates.is_candidate(order["plant"])
            assert order["new"] or order["parameter"].startswith(("capacity:", "mine:", "certain"))
    # asked again it is the kept answer, without a run
    assert project.invest(budget=1.3e9, partners=("BR", "AU", "AR"), draws=4) == bought
    assert {one.id for one in project.answers("invest")} >= {bought.id, alone.id, cheap.id}


def test_the_verb_and_the_pages(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["--project", str(project.path)]
    args = ["--budget", "1.3e9", "--goal", "share=0.6@2030", "--goal", "days=90@2030", "--partners", "BR,AU"]
    assert door.outcome([*words, "invest", *args, "--draws", "4"]) == 0
    told = capsys.readouterr()
    assert "what to order" in told.out
    assert "duality gap" in told.err
    buys = ["--buy", "oxide.NdPr=100", "--release", "2028-01-01"]
    assert door.outcome([*words, "stockpile", *buys, "--draws", "4"]) == 0
    assert "military first" in capsys.readouterr().out
    jsonschema = pytest.importorskip("jsonschema")
    for verb, given in (("invest", args), ("stockpile", buys)):
        assert door.outcome([*words, verb, *given, "--draws", "4", "--json"]) == 0
        jsonschema.Draft202012Validator(schema_of(verb)).validate(json.loads(capsys.readouterr().out))
    plan, held = project.answer("invest"), project.answer("stockpile")
    with TestClient(create_app(project.path), base_url="http://localhost:8039", follow_redirects=False) as desk:
        for lang, title in (("en", plan.title["en"]), ("zh", plan.title["zh"])):
            page = desk.get(f"/{lang}/invest/{plan.id}")
            assert page.status_code == 200
            assert title.split("：")[0].split(":")[0][:20] in page.text
            for address in (f"/{lang}/invest", f"/{lang}/stockpile", f"/{lang}/stockpile/{held.id}"):
                assert desk.get(address).status_code == 200, address
        data = desk.get(f"/en/invest/{plan.id}.json").json()
        assert data["decision"]["id"] == plan.id
        assert desk.get("/en/invest/nothing").status_code == 404


def test_the_stockpile_of_a_plan_is_bought_before_the_cut_and_handed_to_makers_at_home(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Scenario] = []

    def watched(network: Network, plans: Sequence[Scenario], **asked: Any) -> list[Any]:
        seen.extend(plans)
        for plan in plans:
            force(network, plan)  # refuses what would do nothing
        return _made_up(network, plans, **asked)

    monkeypatch.setattr(tried, "trials", watched)
    made = project.invest(goals=("days=180@2029",), draws=4)
    pile, days = made.answer["promise"]["pile"], made.answer["days"]
    assert pile
    assert days["pile"] == pytest.approx(sum(pile.values()))
    assert days["held"]["median"] == len(pile)  # the made-up runs hold a tonne of each
    with_, without = seen[-1], seen[0]
    for kind in ("stockpile_buy", "stockpile_release"):
        assert not [event for event in without.events if event.kind == kind]
        found = {event.material: event for event in with_.events if event.kind == kind}
        assert set(found) == set(pile)
        assert all(event.region == "US" for event in found.values())
        for material, event in found.items():
            if kind == "stockpile_buy":
                assert (event.date, event.until) == (date(2027, 1, 1), date(2028, 12, 31))
                bought = event.value.median * ((event.until or event.date) - event.date + timedelta(1)).days
                assert bought == pytest.approx(pile[material])
            else:
                assert (event.date, event.until) == (date(2029, 1, 1), None)
    assert next(event.date for event in with_.events if event.kind == "refuse_destination") == date(2029, 1, 1)


def test_an_answer_from_before_releases_still_opens(project: Project) -> None:
    made = project.stockpile(buy=["magnet.EH=10"], release=date(2028, 1, 1), draws=4)
    path = project.path / "decisions" / f"stockpile-{made.id}.json"
    told = json.loads(path.read_text("utf-8"))
    for policy in told["answer"]["policies"]:
        for row in policy["bought"].values():
            del row["released"]
    with TestClient(create_app(project.path), base_url="http://localhost:8039") as desk:
        page = desk.get(f"/en/stockpile/{made.id}")
        assert "Handed out, t" in page.text
        path.write_text(json.dumps(told), "utf-8")
        for lang, word in (("en", "Handed out, t"), ("zh", "已投放")):
            page = desk.get(f"/{lang}/stockpile/{made.id}")
            assert page.status_code == 200
            assert word not in page.text


FAULTS = {
    "neither": ({}, BadValue, "neither goal nor budget"),
    "a region nobody knows": ({"budget": 1e9, "region": "XX"}, UnknownName, "XX"),
    "China": ({"budget": 1e9, "region": "CN"}, BadValue, "China"),
    "China as a partner": ({"budget": 1e9, "partners": ("CN",)}, BadValue, "China"),
    "a partner that is no country": ({"budget": 1e9, "partners": ("Narnia",)}, UnknownName, "Narnia"),
    "a region without makers of magnets": ({"budget": 1e9, "region": "AU"}, BadValue, "no maker in AU"),
    "a negative budget": ({"budget": -1.0}, BadValue, "budget"),
    "a goal in the past": ({"goals": ("share=0.4@2020",)}, BadValue, "2020"),
    "a goal after the scenario": ({"goals": ("share=0.4@2060",)}, BadValue, "2060"),
    "no draws": ({"budget": 1e9, "draws": 0}, BadValue, "draws"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_nice_errors(project: Project, fault: str) -> None:
    asked, kind, said = FAULTS[fault]
    before = sorted(Path(project.path).rglob("*.json"))
    with pytest.raises(kind, match=said) as caught:
        project.invest(**asked)
    assert caught.value.remedy
    assert sorted(Path(project.path).rglob("*.json")) == before


def test_what_a_form_asks_is_checked_before_it_waits(project: Project) -> None:
    with TestClient(create_app(project.path), base_url="http://localhost:8039", follow_redirects=False) as desk:
        page = desk.get("/en/invest").text
        assert 'name="goal"' in page
        assert desk.get("/en/stockpile").text.count('name="buy"') == 1
        given = {"_form": "plan", "_key": page.split('name="_key" value="', 1)[1].split('"')[0]}
        fields = {"scenario": "self-sufficiency", "region": "US", "goal": "share=4@2030", "draws": "4", "seed": "0"}
        told = desk.post("/en/invest", data={**fields, **given}, headers={"Origin": "http://localhost:8039"})
        assert told.status_code == 400
        assert "no share to aim for" in told.text

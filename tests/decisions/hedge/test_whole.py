"""The verb, the project and the desk, from a buyer's file to an order list, on trials made by hand."""

from __future__ import annotations

import datetime
import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import jsonschema
import numpy as np
import pytest
from starlette.testclient import TestClient

import ytterby
from ytterby.cli.door import outcome
from ytterby.cli.interface import schema_of
from ytterby.decisions.hedge import orders
from ytterby.decisions.kept import Decision
from ytterby.desk.app import create_app
from ytterby.project import Project
from ytterby.project.deciding import Deciding
from ytterby.run import record
from ytterby.terms.errors import BadValue, InputError, RunError, UnknownName
from ytterby.world.network import Network

OWN = {"origin": "http://localhost:8039", "sec-fetch-site": "same-origin"}
DRAWS = 8
WRONG_NUMBERS: tuple[dict[str, Any], ...] = (
    {"cvar": 1.0}, {"budget": -1.0}, {"budget": float("nan")}, {"frontier": 99}, {"keep": 0}, {"draws": 0},
)  # fmt: skip


def blown(network: Network, draws: int, seed: int) -> list[Any]:
    """Two trials: the second calm, in the first the gate opens and shuts by chance. Months from a scenario's start."""
    rng = np.random.default_rng(seed)
    start = datetime.date(2025, 1, 1)
    starts = tuple(datetime.date(start.year + k // 12, k % 12 + 1, 1).isoformat() for k in range(60))
    periods = tuple(one[:7] for one in starts)
    exports = tuple(f"{region}|{material}" for region in network.regions for material in network.materials)
    prices = ("magnet.N|XX", "magnet.SH|XX", "magnet.UH|XX")
    labels = {"exports": exports, "prices": prices, "granted": ("US", "DE"), "refused": ("US", "DE")}
    still = np.full((len(exports), 60, draws), 10.0)
    open_ = np.clip(0.8 + 0.4 * np.cumsum(rng.normal(size=(60, draws)), axis=0) / 8, 0.0, 1.2)
    series = {
        "prices": np.full((len(prices), 60, draws), 80.0),
        "granted": rng.uniform(1, 3, (2, 60, draws)),
        "refused": rng.uniform(0, 1, (2, 60, draws)),
    }
    return [
        SimpleNamespace(series={**series, "exports": still * part}, labels=labels, periods=periods, starts=starts)
        for part in (open_, np.ones_like(open_))
    ]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Any:
    pytest.importorskip("linopy")
    made = ytterby.init(tmp_path_factory.mktemp("hedge") / "project")
    with pytest.MonkeyPatch.context() as patch:
        network = made.network_of(made.scenario("october-2025"))
        patch.setattr(Deciding, "trials", lambda self, plans, draws, seed, **_: blown(network, draws, seed))
        yield made


@pytest.fixture(scope="module")
def answer(project: Project) -> Decision:
    return project.hedge("robotmaker", draws=DRAWS, keep=4, frontier=1)


def test_the_verb_answers_as_its_schema_says_and_writes_the_orders(
    project: Project, answer: Decision, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ["--project", str(project.path), "hedge", "robotmaker", "--draws", str(DRAWS), "--keep", "4"]
    asked += ["--frontier", "1", "--orders", str(tmp_path / "orders.csv")]
    assert outcome([*asked, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    jsonschema.validate(told, schema_of("hedge"))
    # the same question is not computed twice
    assert told["id"] == answer.id
    assert [one.id for one in project.answers("hedge")] == [answer.id]
    written = (tmp_path / "orders.csv").read_text(encoding="utf-8").splitlines()
    assert written[0] == ",".join(orders.COLUMNS)
    assert len(written) == 1 + len(told["answer"]["orders"]) > 1
    assert outcome(asked) == 0
    shown = capsys.readouterr()
    assert answer.title["en"] in shown.out
    assert "duality gap" in shown.err
    assert outcome(["--project", str(project.path), "hedge", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    jsonschema.validate(listed, schema_of("hedge"))
    assert {one["id"] for one in listed} == {"carmaker", "robotmaker"}


def test_an_answer_names_what_it_was_made_from(answer: Decision) -> None:
    told = answer.inputs
    assert told["scenario"] == "october-2025"
    assert told["code"] == record.code()
    assert all(len(told[key]) >= 12 for key in ("company_hash", "scenario_hash", "network", "claims", "hedge_code"))
    assert (told["draws"], told["seed"]) == (DRAWS, 0)
    assert {one["what"] for one in answer.answer["assumed"]} >= {"product humanoid", "option lean-joints"}
    assert answer.answer["plants"]["mag_jp"]["zh"]


def test_a_budget_and_a_tail_make_another_answer(project: Project, answer: Decision) -> None:
    poor = project.hedge("robotmaker", draws=DRAWS, keep=4, frontier=0, budget=0.0, cvar=0.5)
    assert poor.id != answer.id
    assert poor.answer["outlay"] == pytest.approx(0.0, abs=1.0)
    assert poor.answer["alpha"] == 0.5
    assert poor.answer["plan"]["expected"] >= answer.answer["plan"]["expected"] - 1.0


def test_nice_errors(project: Project, tmp_path: Path) -> None:
    with pytest.raises(UnknownName, match="unknown company 'carmakr'"):
        project.hedge("carmakr")
    with pytest.raises(InputError, match="a run and a scenario"):
        project.hedge("carmaker", "latest", scenario="baseline")
    with pytest.raises(BadValue, match="the scenario april-2025"):
        project.hedge("carmaker", scenario="april-2025")
    for wrong in WRONG_NUMBERS:
        with pytest.raises(BadValue):
            project.hedge("carmaker", **wrong)
    text = (Path(ytterby.__file__).parent / "data" / "companies" / "carmaker.yaml").read_text(encoding="utf-8")
    (tmp_path / "mine.yaml").write_text(text.replace("plant: car.bev.DE", "plant: car.bev.DEE"), encoding="utf-8")
    before = sorted(project.path.rglob("hedge-*.json"))
    with pytest.raises(UnknownName, match=r"unknown plant 'car\.bev\.DEE'") as caught:
        project.hedge(tmp_path / "mine.yaml", draws=DRAWS)
    assert "car.bev.DE" in caught.value.remedy
    assert sorted(project.path.rglob("hedge-*.json")) == before


def test_a_run_whose_draws_cannot_be_made_again_is_refused(project: Project) -> None:
    from ytterby.decisions.hedge import keeping

    network = project.network_of(project.scenario("baseline"))
    info = {"network": record.fingerprint(network), "fit": "f", "code": record.code()}
    run: Any = SimpleNamespace(id="abc", info=info, scenario="baseline", draws=3)
    keeping.same_world(run, network, "f")
    run.info = info | {"code": "old", "network": "older"}
    with pytest.raises(RunError, match="world and code changed") as caught:
        keeping.same_world(run, network, "f")
    assert "ytterby run baseline" in caught.value.remedy


@pytest.fixture(scope="module")
def client(project: Project, answer: Decision) -> Any:
    with TestClient(create_app(project.path), base_url="http://localhost:8039", follow_redirects=False) as one:
        yield one


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_plan_is_read_whole_on_the_desk(client: TestClient, answer: Decision, lang: str) -> None:
    page = client.get(f"/{lang}/hedge/{answer.id}").text
    assert answer.title[lang].split("$")[0].split("：")[0] in page
    for anchor in ("orders", "frontier", "rivals", "arrivals", "months", "assumed", "honest", "record"):
        assert f'id="{anchor}"' in page
    assert f"/{lang}/scenario/october-2025" in page
    assert "/facility/mag_jp" in page
    figure = client.get(f"/{lang}/hedge/{answer.id}/-/frontier.svg")
    assert figure.status_code == 200
    assert "<svg" in figure.text
    assert client.get(f"/{lang}/hedge").status_code == 200
    short = client.get(f"/{lang}/hedge/{answer.id[:6]}")
    assert short.status_code in (302, 303, 307, 308)


def test_the_orders_are_to_be_saved_as_csv(client: TestClient, answer: Decision) -> None:
    told = client.get(f"/en/hedge/{answer.id}/-/orders.csv").text.splitlines()
    assert told[0].lstrip("\ufeff").startswith("kind,option,material,grade,kg")
    assert len(told) == 1 + len(answer.answer["orders"])
    assert client.get(f"/en/hedge/{answer.id}.json").json()["decision"]["id"] == answer.id


def test_a_plan_is_asked_for_on_the_desk(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    from ytterby.desk.jobs import Jobs

    started: list[Any] = []

    def start(self: Any, task: str, order: Any) -> Any:
        started.append((task, dict(order)))
        return SimpleNamespace(id="1")

    monkeypatch.setattr(Jobs, "start", start)
    key = client.get("/en/hedge").text.split('name="_key" value="', 1)[1].split('"')[0]

    def send(**fields: str) -> Any:
        given = {"company": "carmaker", "against": "", "draws": "50", "seed": "1", "budget": "", "cvar": ""} | fields
        return client.post("/en/hedge", data={"_key": key, "_form": "hedge", **given}, headers=OWN)

    assert send(against="scenario:october-2025", budget="2e6", cvar="0.8").status_code in (302, 303)
    order = {"company": "carmaker", "draws": 50, "seed": 1, "scenario": "october-2025", "budget": 2e6, "cvar": 0.8}
    assert started == [("hedge", order)]
    for wrong in ({"company": "../etc"}, {"budget": "-1"}, {"budget": "much"}, {"cvar": "1"}, {"draws": "0"},
                  {"against": "scenario:nope"}):  # fmt: skip
        assert send(**wrong).status_code in (400, 404, 422), wrong
    assert len(started) == 1

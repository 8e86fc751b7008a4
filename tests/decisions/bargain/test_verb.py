"""The verb and the project's side of it: asked once, kept, told to people and to programs; the trials are by hand."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from jsonschema_rs import validator_for
from smallgame import ByHand

import ytterby
from ytterby import BadValue, InputError, UnknownName
from ytterby.cli import door
from ytterby.cli.interface import schema_of
from ytterby.project import Project
from ytterby.project.deciding import Deciding

Ask = Callable[..., tuple[int, str, str]]
DRAWS = 40
BUILT: dict[Any, Any] = {}
"""The world, built once."""
GAME = "chips-for-rare-earths"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return ytterby.init(tmp_path_factory.mktemp("bargain") / "project")


@pytest.fixture(autouse=True)
def counted(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many scenarios each call had simulated: makers abroad miss a fifth, whatever the world's own model says."""
    calls: list[int] = []

    def trials(self: Deciding, plans: Sequence[Any], draws: int, seed: int, **more: Any) -> list[Any]:
        network = self.network_of(plans[0])
        missing = {group: 0.2 for group in network.groups if group.endswith((".US", ".DE", ".JP"))}
        made = ByHand(network, missing, draws, tuple(f"{year}-01-01" for year in range(2025, 2041)))
        calls.append(len(plans))
        for plan in plans:
            more["each"](made(plan))
        return []

    built = Deciding.network_of

    def network_of(self: Deciding, plan: Any) -> Any:
        key = (plan.world_known, plan.demand_path)
        if key not in BUILT:
            BUILT[key] = built(self, plan)
        return BUILT[key]

    monkeypatch.setattr(Deciding, "network_of", network_of)
    monkeypatch.setattr(Deciding, "trials", trials)
    return calls


@pytest.fixture
def ask(project: Project, capsys: pytest.CaptureFixture[str]) -> Ask:
    def run(*words: str) -> tuple[int, str, str]:
        status = door.outcome(["--project", str(project.path), "bargain", *words])
        told = capsys.readouterr()
        return status, told.out, told.err

    return run


def test_bargains_are_listed(ask: Ask) -> None:
    status, out, _ = ask("--json")
    assert status == 0
    rows = json.loads(out)
    assert {row["id"] for row in rows} >= {GAME, "temporary-permits"}
    validator_for(schema_of("bargain")).validate(rows)
    status, out, _ = ask()
    assert status == 0
    assert "temporary-permits" in out


def test_an_answer_is_kept_and_given_again(ask: Ask, project: Project, counted: list[int]) -> None:
    words = (GAME, "--draws", str(DRAWS), "--years", "2029", "--json")
    status, out, _ = ask(*words)
    assert status == 0
    made = json.loads(out)
    validator_for(schema_of("bargain")).validate(made)
    assert [one["year"] for one in made["answer"]["leverage"]] == [2027, 2029]
    assert made["inputs"]["draws"] == DRAWS
    assert made["answer"]["trials"] == sum(counted)
    assert (project.path / "decisions" / f"bargain-{made['id']}.json").is_file()
    assert json.loads(ask(*words)[1]) == made
    assert len(counted) == 1  # the second answer is the kept one
    assert project.answer("bargain", made["id"][:6]).title["zh"].startswith("以芯片换稀土")


def test_another_question_is_another_answer(project: Project, counted: list[int]) -> None:
    one = project.bargain(GAME, 3, years=[])
    two = project.bargain(GAME, 3, years=[], discount=0.5)
    assert one.id != two.id
    assert (one.inputs["discount"], two.inputs["discount"]) == (0.9, 0.5)
    assert len(counted) == 2


def test_people_are_told_the_same(ask: Ask) -> None:
    status, out, err = ask(GAME, "--draws", "4", "--years", "2029")
    assert status == 0
    for expected in ("Nash", "Kalai-Smorodinsky", "USD bn a year", "leverage over the years", "china", "tighten"):
        assert expected in out
    assert "are assumed" in err


def test_every_equilibrium_of_every_shipped_game_is_verified(project: Project) -> None:
    for name in [one["id"] for one in project.bargains()]:
        said = project.bargain(name, 5, years=[2029]).answer
        assert said["verified"]["worst_gap"] <= 1e-9
        assert all(one["worst_gap"] <= 1e-9 for one in said["leverage"])
        assert all(one["gap"] <= 1e-9 for one in said["equilibria"])


def test_a_bargain_of_one_s_own(project: Project, tmp_path: Path) -> None:
    text = Path(ytterby.__file__).parent.joinpath("data", "bargains", f"{GAME}.yaml").read_text(encoding="utf-8")
    own = tmp_path / "mine.yaml"
    own.write_text(text.replace("threat: equilibrium", "threat: status-quo"), encoding="utf-8")
    said = project.bargain(own, 3, years=[]).answer
    assert said["threat"] == {"asked": "status-quo", "used": "status-quo", "payoffs": [0.0, 0.0]}


def test_nice_errors(ask: Ask, project: Project, counted: list[int]) -> None:
    for words, expected in (
        (("chip-for-rare-earths",), "did you mean 'chips-for-rare-earths'"),
        ((GAME, "--discount", "1"), "a discount factor of 1"),
        ((GAME, "--discount", "nan"), "a discount factor of nan"),
        ((GAME, "--draws", "0"), "draws is 0"),
        ((GAME, "--seed", "-1"), "seed is -1"),
        ((GAME, "--years", "2020"), "a game in the year 2020"),
    ):
        status, _, err = ask(*words)
        assert status == 1, words
        assert expected in err
        assert "Traceback" not in err
    status, _, err = ask(GAME, "--years", "next")
    assert status == 2
    assert "2027,2029" in err
    with pytest.raises(UnknownName):
        project.bargain("none")
    with pytest.raises(BadValue):
        project.bargain(GAME, discount=-1.0)
    with pytest.raises(InputError):
        project.bargain(GAME, draws=0)
    assert counted == []  # nothing was simulated for what is refused

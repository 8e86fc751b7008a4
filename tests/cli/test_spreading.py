"""The verbs that share out a run: parts made one by one, merged; what does not fit is told by name."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import Any

import pytest

import ytterby
from ytterby.run import forecast, parts, record

SCENARIO = "april-2025"
INPUTS = {"model": "puddle", "scenario": SCENARIO, "dtype": "float64"}


@pytest.fixture(autouse=True)
def puddle(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The smallest model in the place of the chain, which would take a minute to compile."""
    place = Path(__file__).parents[1] / "run" / "puddle.py"
    spec = importlib.util.spec_from_file_location("puddle_of_the_verbs", place)
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, spec.name, made)
    spec.loader.exec_module(made)

    def told(given: dict[str, Any]) -> dict[str, Any]:
        taken = {name: given[name] for name in ("draws", "seed", "machines", "progress")}
        return {**taken, "about": made.ABOUT, "chunk": 4}

    def whole(runs: Path, **given: Any) -> record.Run:
        return record.perform(made.Puddle(), runs, INPUTS, **told(given))

    def part(kept: Path, which: tuple[int, int], **given: Any) -> parts.Part:
        return parts.perform(made.Puddle(), kept, INPUTS, which, **told(given))

    monkeypatch.setattr(forecast, "forecast", whole)
    monkeypatch.setattr(forecast, "forecast_part", part)
    return made


def test_parts_are_made_and_merged(ask) -> None:
    made = [ask("run", SCENARIO, "--draws", "10", "--chunk", f"{k}/3", "--json") for k in (1, 2, 3)]
    assert [one.status for one in made] == [0, 0, 0]
    values = [one.value for one in made]
    assert [(v["first"], v["last"], v["draws"], v["part"]) for v in values] == [
        (1, 4, 4, "1/3"),
        (5, 8, 4, "2/3"),
        (9, 10, 2, "3/3"),
    ]
    (name,) = {v["run"] for v in values}
    few = ask("merge", values[2]["path"], values[0]["path"])
    assert few.status == 1
    assert "4 of 10 draws are missing: 5 to 8 (chunk 2/3)" in few.err
    assert "--chunk 2/3" in few.err
    merged = ask("merge", str(Path(values[0]["path"]).parent), "--json")
    assert merged.status == 0
    assert (merged.value["run"], merged.value["draws"]) == (name, 10)
    assert [row["id"] for row in ask("runs", "--json").value] == [name]
    whole = ask("run", SCENARIO, "--draws", "10", "--json")
    assert whole.value["path"] == merged.value["path"]


def test_a_person_reads_a_part(ask) -> None:
    told = ask("run", SCENARIO, "--draws", "10", "--chunk", "1/2", "--workers", "2")
    assert told.status == 0
    assert "1/2" in told.out


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (("run", SCENARIO, "--chunk", "2"), 2, "write the part and how many there are as 2/4"),
        (("run", SCENARIO, "--chunk", "1/2", "--economy"), 2, "once the chunks are merged"),
        (("run", SCENARIO, "--chunk", "3/2"), 1, "there is no part 3 of 2"),
        (("run", SCENARIO, "--draws", "8", "--chunk", "1/9"), 1, "at most 2 parts"),
        (("run", SCENARIO, "--workers", "0"), 1, "0 workers"),
        (("run", SCENARIO, "--address", "ray://head:1"), 1, "add --engine ray"),
        (("run", SCENARIO, "--engine", "slurm"), 2, "'local', 'ray'"),
        (("merge", "nowhere"), 1, "this is no part of a run"),
        (("merge",), 2, "PART"),
    ],
)
def test_nice_errors(ask, words: tuple[str, ...], status: int, said: str) -> None:
    told = ask(*words)
    assert told.status == status
    assert said in told.err
    assert "Traceback" not in told.err


@pytest.mark.parametrize("address", ["127.0.0.1:9", "ray://127.0.0.1:9", "127.0.0.1:port"])
def test_a_cluster_that_is_not_there_is_told_at_once(ask, address: str) -> None:
    pytest.importorskip("ray")
    told = ask("run", SCENARIO, "--engine", "ray", "--address", address)
    assert told.status == 1
    assert "no Ray cluster answers: " in told.err
    assert address in told.err


@pytest.mark.parametrize(
    "verb", [("explain",), ("hedge", "any"), ("bargain", "any"), ("invest",), ("stockpile", "--buy", "oxide.NdPr=5")]
)
def test_what_decisions_try_is_shared_out_by_the_same_options(ask, verb: tuple[str, ...]) -> None:
    told = ask(*verb, "--engine", "local", "--address", "ray://head:1")
    assert told.status == 1
    assert "add --engine ray" in told.err
    assert ask(*verb, "--engine", "ray", "--workers", "0").status == 1


def test_a_project_goes_elsewhere_and_stays_as_it_is(tmp_path: Path) -> None:
    project = ytterby.init(tmp_path / "demo")
    with project.on("local", workers=3) as there:
        assert there._machines is not None
        assert there.path == project.path
        assert there.laboratory(SCENARIO, ["missed:car.bev.US"])._machines is there._machines
    assert project._machines is None

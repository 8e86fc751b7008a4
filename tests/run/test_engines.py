"""Engines: the same bits wherever chunks are simulated, also when a worker is killed; Ray's tests need Ray."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import worlds
from mortal import Mortal
from puddle import Puddle
from toy import toy
from worlds import Kept, event, licences

from ytterby.run import trials
from ytterby.run.chain.forcing import force
from ytterby.run.chain.model import Chain
from ytterby.run.draws import draw
from ytterby.run.engines import onray
from ytterby.run.engines.choosing import chosen
from ytterby.run.engines.contract import Machines
from ytterby.run.engines.local import Local
from ytterby.run.engines.onray import OnRay
from ytterby.run.ensemble import Engine, Folded, in_chunks, simulate
from ytterby.run.gradient.adjoint import Adjoint
from ytterby.run.gradient.many import Many
from ytterby.run.gradient.named import objective
from ytterby.run.gradient.objective import Asked
from ytterby.terms.errors import BadValue, RunError, UnknownName


def run(model: Any, machines: Machines | None = None, **given: Any) -> list[Folded]:
    sink = Kept()
    simulate(model, sink, **{"draws": 13, "seed": 3, "chunk": 4, "machines": machines, **given})
    return sink.chunks


def same(one: list[Folded], two: list[Folded]) -> None:
    for a, b in zip(one, two, strict=True):
        assert (a.first, a.last, a.residual, a.lowest) == (b.first, b.last, b.residual, b.lowest)
        for name, values in a.series.items():
            assert values.tobytes() == b.series[name].tobytes(), name
        assert a.lines.lost.tobytes() == b.lines.lost.tobytes()


def test_any_chunks_are_those_of_the_whole() -> None:
    whole = run(Puddle())
    same(run(Puddle(), only=range(1, 3)), whole[1:3])
    same(run(Puddle(), Local(3)), whole)
    assert run(Puddle(), only=range(2, 2)) == []


def test_another_models_inputs_are_taken() -> None:
    drawn = {"puddle:rain": np.linspace(1.0, 2.0, 8)}
    engine = Engine(Puddle(leak=0.5))
    other = list(in_chunks(engine, drawn, 8, 4, model=Puddle(drain=0.25)))
    # the state is the other's, which drained is below nothing; the step is the compiled one's, which leaks
    assert [c.lowest for c in other] == [0.0, 0.0]
    own = list(in_chunks(engine, drawn, 8, 4))
    assert [c.residual for c in other] == [c.residual for c in own]
    assert min(c.residual for c in other) > 0.4
    dry = list(in_chunks(engine, drawn, 8, 4, model=Puddle(drain=100.0)))
    assert max(c.lowest for c in dry) < 0.0


def test_engines_are_chosen_by_name() -> None:
    assert isinstance(chosen(), Local)
    assert isinstance(chosen("ray", 2), OnRay)
    with pytest.raises(UnknownName, match="slurm"):
        chosen("slurm")
    with pytest.raises(BadValue, match="0 workers"):
        chosen("ray", 0)
    with pytest.raises(BadValue, match="only for a cluster"):
        chosen("local", address="auto")
    with Local() as machines:
        assert list(machines.each(abs, [-1, 2])) == [1, 2]


def test_without_ray_it_is_told_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(RunError, match="not installed") as error, OnRay(1):
        pass
    assert "ytterby[ray]" in error.value.remedy


# a cluster of two processors on this machine


@pytest.fixture(scope="module")
def cluster() -> Iterator[OnRay]:
    pytest.importorskip("ray")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(Path(__file__).parent))  # workers find the tests' models there
        with OnRay(2, store=80 * 2**20) as machines:
            yield machines


@pytest.mark.slow
def test_a_cluster_gives_the_same_bits(cluster: OnRay, folded: worlds.Outcome) -> None:
    said: list[tuple[int, int]] = []
    chain = worlds.short()
    sink = Kept()
    simulate(chain, sink, draws=13, seed=3, chunk=4, machines=cluster, progress=lambda *told: said.append(told))
    same(sink.chunks, list(folded.chunks))
    assert said == [(0, 13), (4, 13), (8, 13), (12, 13), (13, 13)]


@pytest.mark.slow
def test_what_a_decision_tries_has_the_same_bits_there(cluster: OnRay) -> None:
    asked = [
        licences().model_copy(update={"events": (event("review_speed", region="US", value=value),)})
        for value in (0.3, 0.9)
    ]
    here = trials.trials(toy(), asked, draws=3, seed=4)
    there = trials.trials(toy(), asked, draws=3, seed=4, machines=cluster)
    for one, other in zip(here, there, strict=True):
        assert one.series["output"].tobytes() == other.series["output"].tobytes()
        assert one.missed.tobytes() == other.missed.tobytes()
    assert here[0].series["output"].tobytes() != here[1].series["output"].tobytes()
    # of the models of both trials and their engine, the cluster still holds the engine's
    assert len(cluster._sent) <= 2

    model = Chain(force(toy(), licences()))
    wanted, _ = objective(model, Asked("exports", material="magnets"))
    drawn = draw(model.parameters(), 4, 40)
    hard = Adjoint(model, wanted)
    told: list[int] = []
    found = Many(hard, cluster).values(drawn, 40, told.append)
    assert found.tobytes() == Many(hard).values(drawn, 40).tobytes()
    assert told == [32, 8]


def test_a_killed_worker_changes_nothing(cluster: OnRay, tmp_path: Path) -> None:
    mark = tmp_path / "killed"
    model = Mortal(mark=str(mark), parent=os.getpid())
    found = run(model, cluster, draws=20, chunk=4)
    assert int(mark.read_text()) != os.getpid()
    with pytest.raises(ProcessLookupError):
        os.kill(int(mark.read_text()), 0)
    same(found, run(model, draws=20, chunk=4))


def test_errors_of_a_task_are_its_own(cluster: OnRay, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(BadValue, match="0 workers") as error:
        list(cluster.each(OnRay, [1, 0]))
    assert error.value.remedy
    with pytest.raises(RunError, match="ValueError: could not convert"):
        list(cluster.each(float, ["1", "many"]))
    other = ("other code", *onray._standing()[1:])
    monkeypatch.setattr(onray, "_standing", lambda: other)
    with pytest.raises(RunError, match="would not give the same bits: other code and"):
        list(cluster.each(abs, [1]))

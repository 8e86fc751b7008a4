"""Engines: the same bits wherever chunks are simulated, also when a worker is killed; Ray's tests need Ray."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import worlds
from mortal import Mortal, killed_once, slept
from puddle import Puddle
from toy import toy
from worlds import Kept, event, licences

from ytterby.run import trials
from ytterby.run.chain.forcing import force
from ytterby.run.chain.model import Chain
from ytterby.run.draws import draw
from ytterby.run.engines import onray, processes
from ytterby.run.engines.choosing import chosen, hands
from ytterby.run.engines.contract import Machines
from ytterby.run.engines.local import Local
from ytterby.run.engines.onray import OnRay
from ytterby.run.engines.processes import Processes
from ytterby.run.ensemble import Engine, Folded, in_chunks, simulate
from ytterby.run.gradient.adjoint import Adjoint
from ytterby.run.gradient.many import Many
from ytterby.run.gradient.named import objective
from ytterby.run.gradient.objective import Asked
from ytterby.run.laboratory import Laboratory
from ytterby.terms.errors import BadValue, InputError, RunError, UnknownName


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


# processes of this machine


def test_processes_do_each_in_order_and_take_items_as_they_need_them() -> None:
    taken: list[int] = []

    def items() -> Iterator[str]:
        for k in range(60):
            taken.append(k)
            yield "x" * (k * 5000)  # the longest do not fit a pipe

    with Processes(2) as hands:
        for done, length in enumerate(hands.each(len, items())):
            assert length == done * 5000
            assert len(taken) - done <= 2 * processes.AHEAD + 1
        assert done == 59
        # abandoned in the middle, and used again
        assert next(hands.each(abs, [-1, -2, -3])) == 1
        assert list(hands.each(abs, [])) == []
        assert list(hands.each(abs, [-4])) == [4]


def test_a_killed_process_changes_nothing(tmp_path: Path) -> None:
    call = partial(killed_once, str(tmp_path / "mark"))
    with Processes(2) as hands:
        assert list(hands.each(call, range(9))) == [k * k for k in range(9)]
    assert int((tmp_path / "mark").read_text()) != os.getpid()


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="the system does not tell what runs")
def test_processes_end_with_their_block_and_with_who_asked() -> None:
    with Processes(2) as hands:
        found = hands.each(slept, [0.0, 600.0, 600.0])
        began = next(found)
        there = {began, *(hand._process.pid for hand in hands._alive)}
    assert _gone(there)
    code = (
        "import sys, time; sys.path[:] = sys.argv[1:]; from mortal import slept\n"
        "from ytterby.run.engines.processes import Processes\n"
        "with Processes(1) as hands:\n"
        "    print(next(hands.each(slept, [0.0])), flush=True); time.sleep(600)"
    )
    with subprocess.Popen([sys.executable, "-c", code, *sys.path], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        alone = int(process.stdout.readline())
        os.kill(alone, 0)
        process.kill()
    assert _gone({alone})


def _gone(pids: set[int]) -> bool:
    until = time.monotonic() + 20
    while (left := {pid for pid in pids if _runs(pid)}) and time.monotonic() < until:
        time.sleep(0.05)
    return not left


def _runs(pid: int) -> bool:
    try:
        # one that ended and was not yet waited for is gone too
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_errors_of_a_process_are_its_own() -> None:
    with Processes(2) as hands:
        with pytest.raises(BadValue, match="0 workers") as error:
            list(hands.each(Processes, [0]))
        assert error.value.remedy
        with pytest.raises(RunError, match="ValueError: could not convert"):
            list(hands.each(float, ["1", "many"]))
        assert list(hands.each(float, ["1"])) == [1.0]
        with pytest.raises(RunError, match="lost 5 times"):
            list(hands.each(os._exit, [1]))


def test_hands_are_processes_only_where_several_are_asked_for() -> None:
    with hands() as none, hands("local", 1) as one, hands("local", 2) as two:
        assert (none, one) == (None, None)
        assert isinstance(two, Processes)
    assert isinstance(hands("ray"), OnRay)
    for wrong in (("slurm",), ("local", 0), ("local", None, "auto"), ("ray", 0)):
        with pytest.raises(InputError) as error:
            hands(*wrong)
        assert error.value.remedy


def test_without_ray_it_is_told_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(RunError, match="not installed") as error, OnRay(1):
        pass
    assert "ytterby[ray]" in error.value.remedy


def test_a_cluster_that_was_not_joined_is_not_made_up() -> None:
    ray = pytest.importorskip("ray")
    if ray.is_initialized():
        pytest.skip("the tests' own cluster runs")
    with pytest.raises(RunError, match="not joined") as error:
        list(OnRay(1).each(abs, [1]))
    assert "'with' block" in error.value.remedy
    assert not ray.is_initialized()


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
def test_experiments_of_a_laboratory_have_the_same_bits_there(cluster: OnRay) -> None:
    model = Chain(force(toy(), licences()))
    outcomes = (f"output:{toy().groups[0]}", f"first_slow:{toy().groups[0]}")
    values = draw(Laboratory(model, outcomes).parameters, 5, 40)
    here = Laboratory(model, outcomes).evaluate(values)
    there = Laboratory(model, outcomes, cluster).evaluate(values)
    assert {name: one.tobytes() for name, one in here.items()} == {name: one.tobytes() for name, one in there.items()}
    assert len(np.unique(here[outcomes[0]])) > 30


@pytest.mark.slow
def test_what_a_decision_tries_has_the_same_bits_there(cluster: OnRay) -> None:
    asked = [
        licences().model_copy(update={"events": (event("review_speed", region="US", value=value),)})
        for value in (0.3, 0.9)
    ]
    sent = len(cluster._sent)
    here = trials.trials(toy(), asked, draws=3, seed=4)
    there = trials.trials(toy(), asked, draws=3, seed=4, machines=cluster)
    for one, other in zip(here, there, strict=True):
        assert one.series["output"].tobytes() == other.series["output"].tobytes()
        assert one.missed.tobytes() == other.missed.tobytes()
    assert here[0].series["output"].tobytes() != here[1].series["output"].tobytes()
    # of the models of both trials and their engine, the cluster still holds the engine's
    assert len(cluster._sent) <= sent + 1

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

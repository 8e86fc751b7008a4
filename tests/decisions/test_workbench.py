"""Others' tools drive a scenario: SALib by its problem, the EMA workbench by one of its models."""

from __future__ import annotations

import sys
import warnings
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ytterby import BadValue

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "run"))

from toy import toy
from worlds import licences

from ytterby.decisions.workbench import experiments, workbench_model
from ytterby.run.chain.forcing import force
from ytterby.run.chain.model import Chain
from ytterby.run.laboratory import Laboratory

OUTCOME = f"output:{toy().groups[0]}"


@cache
def laboratory() -> Laboratory:
    return Laboratory(Chain(force(toy(), licences())), (OUTCOME,))


@cache
def ema() -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return pytest.importorskip("ema_workbench")


def test_the_workbench_runs_the_model_and_a_whole_design_gives_the_same() -> None:
    ema()
    from ema_workbench.em_framework.evaluators import SequentialEvaluator

    model = workbench_model(laboratory())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with SequentialEvaluator(model) as evaluator:
            table, theirs = evaluator.perform_experiments(scenarios=2)
    words = [one.name for one in model.uncertainties]
    _, ours = experiments(laboratory(), table[words])
    assert set(ours) == {"output_" + toy().groups[0].replace(".", "_")}
    for name, found in ours.items():
        np.testing.assert_allclose(np.asarray(theirs[name], dtype=float), found, rtol=1e-6)


def test_salib_samples_the_problem_and_analyses_what_comes_back() -> None:
    salib = pytest.importorskip("SALib.sample.latin")
    names = [one.name for one in laboratory().parameters[:3]]
    problem = laboratory().problem(names)
    points = salib.sample(problem, 4, seed=1)
    found = laboratory().evaluate(laboratory().from_probabilities(problem, points))
    assert found[OUTCOME].shape == (4,)
    assert np.isfinite(found[OUTCOME]).all()


def test_nice_errors(monkeypatch: pytest.MonkeyPatch) -> None:
    ema()
    with pytest.raises(BadValue, match="no model called"):
        workbench_model(laboratory(), "two words")
    monkeypatch.setitem(sys.modules, "ema_workbench", None)
    with pytest.raises(BadValue, match="not installed") as caught:
        workbench_model(laboratory())
    assert "ytterby[workbench]" in str(caught.value)

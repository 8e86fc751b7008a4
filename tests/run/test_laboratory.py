"""A laboratory gives the numbers a run would keep, whatever design its experiments come from."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from toy import toy
from worlds import licences

from ytterby import BadValue, UnknownName
from ytterby.run import trials
from ytterby.run.chain.forcing import force
from ytterby.run.chain.model import Chain
from ytterby.run.draws import draw
from ytterby.run.laboratory import Laboratory

GROUP = toy().groups[0]
OUTCOMES = (f"output:{GROUP}", f"cover:{GROUP}", f"first_slow:{GROUP}", f"missed:{GROUP}")


@cache
def laboratory() -> Laboratory:
    return Laboratory(Chain(force(toy(), licences())), OUTCOMES)


def test_experiments_on_the_draws_of_a_run_give_what_the_run_gives() -> None:
    drawn = draw(laboratory().parameters, 3, 4)
    found = laboratory().evaluate(drawn)
    (kept,) = trials.trials(toy(), [licences()], draws=4, seed=3, keep=("output", "cover"))
    row = kept.labels["output"].index(GROUP)
    np.testing.assert_allclose(found[OUTCOMES[0]], kept.series["output"][row].sum(axis=0), rtol=1e-5)
    np.testing.assert_allclose(found[OUTCOMES[1]], kept.series["cover"][row].mean(axis=0), rtol=1e-5)
    end = kept.grid.steps * kept.grid.days
    np.testing.assert_allclose(found[OUTCOMES[2]], np.minimum(kept.first["slow"][row], end))
    np.testing.assert_allclose(found[OUTCOMES[3]], kept.missed[row])


def test_one_experiment_is_a_row_of_many() -> None:
    name = laboratory().parameters[0].name
    values = np.array([laboratory().parameters[0].low, laboratory().parameters[0].high])
    many = laboratory().evaluate({name: values})
    assert laboratory()(**{name: values[1]}) == {key: pytest.approx(found[1]) for key, found in many.items()}


def test_probabilities_are_quantiles_of_each_parameter() -> None:
    problem = laboratory().problem()
    assert problem["num_vars"] == len(problem["names"]) == len(problem["bounds"])
    middle = laboratory().from_probabilities(problem, np.full((1, problem["num_vars"]), 0.5))
    for one in laboratory().parameters:
        if one.kind in ("lognormal", "normal", "beta"):
            assert middle[one.name][0] == pytest.approx(one.median, rel=1e-6)
    ends = laboratory().from_probabilities(
        problem, np.array([[0.0] * problem["num_vars"], [1.0] * problem["num_vars"]])
    )
    assert all(np.isfinite(value).all() and value[0] < value[1] for value in ends.values())


def test_nice_errors() -> None:
    model = laboratory().model
    with pytest.raises(BadValue, match="no outcome"):
        Laboratory(model, ())
    with pytest.raises(UnknownName, match="outputs"):
        Laboratory(model, ("outputs:car",))
    with pytest.raises(UnknownName, match="row of output"):
        Laboratory(model, ("output:spaceship.US",))
    with pytest.raises(UnknownName, match="no:such"):
        laboratory().evaluate({"no:such": np.ones(2)})
    name, other = (one.name for one in laboratory().parameters[:2])
    with pytest.raises(BadValue, match="no number"):
        laboratory().evaluate({name: np.array([np.nan])})
    with pytest.raises(BadValue, match="has 1 values"):
        laboratory().evaluate({name: np.ones(1), other: np.ones(2)})
    with pytest.raises(BadValue, match="no experiment"):
        laboratory().evaluate({name: np.ones(0)})
    with pytest.raises(UnknownName, match="uncertain parameter"):
        laboratory().problem(["no:such"])

"""What moves an outcome: closed forms for effects, sentences, Sobol indices and the worth of knowing."""

from __future__ import annotations

import re
import sys

import numpy as np
import pytest

from ytterby import BadValue
from ytterby.decisions.explain import answer, naming
from ytterby.decisions.explain.effects import effects
from ytterby.decisions.explain.inputs import Input, inputs, local_spread, middle_world
from ytterby.decisions.explain.sentences import sentences
from ytterby.decisions.explain.sobol import sobol
from ytterby.decisions.explain.worth import LATE, of_lack, of_options, of_readiness, worth
from ytterby.run.draws import Z95, Parameter, draw
from ytterby.run.fits import Fitted

A = Parameter("a", 10.0, 10.0 - 2 * Z95, 10.0 + 2 * Z95, "day", "normal", claims=(("c1", 0.75), ("c2", 0.25)))
B = Parameter("b", 1.0, 0.5, 2.0, "t", "lognormal", assumed=True, claims=(("c2", 1.0),))
CERTAIN = Parameter("c", 3.0, 3.0, 3.0)


def test_an_input_reaches_one_sigma_to_each_side() -> None:
    found = inputs((A, B, CERTAIN), None)
    assert [one.name for one in found] == ["a", "b"]
    assert (found[0].below, found[0].middle, found[0].above) == pytest.approx((8.0, 10.0, 12.0))
    assert found[1].above / found[1].middle == pytest.approx(2.0 ** (1.0 / Z95))
    assert middle_world((A, B, CERTAIN), found)["c"] == pytest.approx([3.0])


def test_a_fitted_input_has_the_spread_of_its_ensemble() -> None:
    scores = np.linspace(-0.5, 0.5, 201)[None] + 1.0
    fitted = Fitted("s", ("a",), scores, {})
    one = inputs((A,), fitted)[0]
    assert one.middle == pytest.approx(12.0)
    assert 11.0 < one.below < one.middle < one.above < 13.0
    assert np.all(one.quantile(np.array([0.0, 1.0])) == pytest.approx([11.0, 13.0]))


def test_local_spreads_are_the_slope_of_the_quantiles() -> None:
    a, b = inputs((A, B), None)
    drawn = draw((A, B), 1, 50)
    np.testing.assert_allclose(local_spread(a, drawn["a"], 1), 2.0, rtol=1e-9)
    expected = drawn["b"] * np.log(2.0) / Z95
    np.testing.assert_allclose(local_spread(b, drawn["b"], 1), expected, rtol=2e-2)


def _found(slope_a: float, slope_b: float):
    ones = inputs((A, B), None)
    drawn = draw((A, B), 1, 40)
    slopes = {"a": np.full(41, slope_a), "b": np.full(41, slope_b)}
    return effects(ones, slopes, drawn, 1)


def test_effects_are_slopes_times_spreads_and_ranked() -> None:
    first, second = _found(3.0, 0.1)
    assert first.input.name == "a"
    assert (first.low, first.high) == pytest.approx((-6.0, 6.0))
    assert first.typical == pytest.approx(6.0)
    assert first.mean == pytest.approx(6.0)
    assert second.low < 0.0 < second.high
    assert [one.input.name for one in _found(0.001, 5.0)] == ["b", "a"]


def test_sentences_get_their_share_of_every_figure() -> None:
    found = _found(3.0, -0.1)
    told = {one.claim: one for one in sentences(found, {})}
    by = {one.input.name: one for one in found}
    assert told["c1"].effect == pytest.approx(0.75 * by["a"].mean)
    assert told["c2"].effect == pytest.approx(0.25 * by["a"].mean + by["b"].mean)
    assert told["c2"].figures[0][0] == "a"
    whole = sum(one.typical for one in told.values())
    assert whole == pytest.approx(by["a"].typical + by["b"].typical)  # weights sum to 1 in each figure


def test_a_scenario_names_the_sentences_of_an_input_that_has_none() -> None:
    bare = Parameter("licensing:x", 1.0, 0.5, 2.0, "", "lognormal")
    found = effects(inputs((bare,), None), {"licensing:x": np.ones(2)}, draw((bare,), 0, 1), 0)
    assert sentences(found, {}) == ()
    assert [one.claim for one in sentences(found, {"licensing:x": (("c9", 1.0),)})] == ["c9"]


def test_sobol_indices_of_a_sum_and_of_a_product() -> None:
    """Shares of 4/5 and 1/5 for 2 a + d of equal spreads; of a product nothing is carried alone, all together."""
    one = Input(A, 10.0, 8.0, 12.0)
    other = Input(Parameter("d", 10.0, A.low, A.high, "", "normal"), 10.0, 8.0, 12.0)
    sums = {i.name: i for i in sobol((one, other), lambda v: 2.0 * v["a"] + v["d"], 1024, 0)}
    assert sums["a"].first == pytest.approx(0.8, abs=0.03)
    assert sums["d"].total == pytest.approx(0.2, abs=0.03)
    mixed = {i.name: i for i in sobol((one, other), lambda v: (v["a"] - 10.0) * (v["d"] - 10.0), 1024, 0)}
    assert abs(mixed["a"].first) < 0.1
    assert mixed["a"].total == pytest.approx(1.0, abs=0.15)
    assert sobol((one, other), lambda v: np.ones(len(v["a"])), 16, 0) == ()


def test_knowing_what_decides_is_worth_all_that_chance_costs() -> None:
    rng = np.random.default_rng(0)
    x, noise = rng.normal(size=4000), rng.normal(size=4000)
    losses = np.stack([np.where(x > 0, 10.0, 0.0), np.where(x > 0, 0.0, 10.0)])  # the sign of x decides which is right
    told = worth(losses, {"x": x, "noise": noise}, of_options)
    assert told["x"] == pytest.approx(5.0, abs=0.4)
    assert told["noise"] < 0.2
    day = 100.0 + 10.0 * x
    assert worth(day, {"x": x, "noise": noise}, of_readiness)["x"] > 10.0 * worth(day, {"n": noise}, of_readiness)["n"]


def test_readiness_is_a_quantile_and_its_mirror() -> None:
    values = np.arange(1001.0)
    for at in (50.0, 100.0, 150.0):
        loss = np.where(values < at, LATE * (at - values), values - at).mean()
        assert of_readiness(values) <= loss + 1e-9
    assert of_lack(-values) == pytest.approx(of_readiness(values))


def test_names_are_in_both_languages() -> None:
    for name in ("licensing:review_days", "licensing:destination_speed:US", "licensing:drift:3", "capacity:sep_mp"):
        told = naming.parameter(name)
        assert all(told.values())
        assert told["en"] != told["zh"]
    assert naming.parameter("recipe:x", ["sea freight"])["en"] == "recipe: sea freight"


def test_inputs_of_the_shipped_scenarios_are_named_in_chinese() -> None:
    """Only events and demand paths are called as their scenario calls them."""
    from ytterby.evidence import baseline
    from ytterby.evidence.weigh import weigh
    from ytterby.run.chain.forcing import force
    from ytterby.world import scenarios
    from ytterby.world.build import build

    told: dict[str, str] = {}
    for name in ("april-2025", "robots-2050", "requisition"):
        plan = scenarios.load(name)
        network = build(weigh(baseline.load(), plan.known), plan.known)
        told |= {one.name: naming.parameter(one.name, (), network)["zh"] for one in force(network, plan).parameters}
    foreign = {name: zh for name, zh in told.items() if re.search(r"[a-z]{4,}", zh)}
    assert {name.partition(":")[0] for name in foreign} <= {"event", "path"}, foreign
    assert len(told) > 200


def test_the_title_says_what_was_found() -> None:
    row = {"typical": 9.04, "label": {"en": "approval rate", "zh": "批准率"}}
    said = {"asked": {"metric": "line-stop"}, "unit": "day", "inputs": [row], "scenario_title": {"en": "T", "zh": "题"}}
    told = answer.title(said)
    assert told["en"] == "Approval rate moves the first line stop most: by 9 days per ±1σ"
    assert told["zh"] == "批准率对首次停线日影响最大：每 ±1σ 变动 9 天"
    assert "No input" in answer.title({**said, "inputs": []})["en"]


def test_nice_errors(monkeypatch: pytest.MonkeyPatch) -> None:
    one = Input(A, 10.0, 8.0, 12.0)
    with pytest.raises(BadValue, match="power of two"):
        sobol((one, one), lambda v: v["a"], 100, 0)
    with pytest.raises(BadValue, match="2 inputs"):
        sobol((one,), lambda v: v["a"], 64, 0)
    with pytest.raises(BadValue, match="at least 8"):
        worth(np.ones(3), {"a": np.ones(3)}, of_readiness)
    monkeypatch.setitem(sys.modules, "SALib.analyze", None)
    with pytest.raises(BadValue, match=r"ytterby\[decisions\]"):
        sobol((one, one), lambda v: v["a"], 64, 0)

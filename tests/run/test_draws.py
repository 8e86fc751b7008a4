from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from toy import toy
from worlds import event, licences

from ytterby.run.chain.behaviour import BEHAVIOUR
from ytterby.run.chain.forcing import force
from ytterby.run.draws import KINDS, Z95, Parameter, draw, generator, slice_of, uniforms
from ytterby.terms.errors import BadValue

SPREADS = [
    Parameter("a", 2.0, 1.0, 5.0, "", "lognormal"),
    Parameter("b", 2.0, -1.0, 3.0, "", "normal"),
    Parameter("c", 0.3, 0.1, 0.9, "", "beta"),
    *BEHAVIOUR,
]


@pytest.mark.parametrize("parameter", SPREADS, ids=lambda p: p.name)
def test_quantiles_hit_the_points_told(parameter: Parameter) -> None:
    p = parameter
    found = p.quantile(np.array([0.05, 0.5, 0.95]))
    np.testing.assert_allclose(found, [p.low, p.median, p.high], rtol=1e-6, atol=1e-6)
    np.testing.assert_allclose(
        p.from_normal(np.array([-Z95, 0.0, Z95])), [p.low, p.median, p.high], rtol=1e-6, atol=1e-6
    )


def test_bounded_spreads_keep_their_bounds() -> None:
    u = np.linspace(0.0, 1.0, 101)
    np.testing.assert_allclose(Parameter("u", 2.0, 1.0, 5.0, "", "uniform").quantile(u), 1.0 + 4.0 * u)
    peak = Parameter("t", 2.0, 1.0, 5.0, "", "triangular").quantile(u)
    assert peak[0] == 1.0
    assert peak[-1] == 5.0
    # the distribution function of the triangle, the other way round
    cdf = np.where(peak < 2.0, (peak - 1) ** 2 / (4 * 1), 1 - (5 - peak) ** 2 / (4 * 3))
    np.testing.assert_allclose(cdf, u, atol=1e-12)
    assert np.all(Parameter("p", 2.0, 2.0, 2.0).quantile(u) == 2.0)
    share = Parameter("c", 0.02, 0.0, 0.9, "", "beta").quantile(u)
    assert np.all((share > 0.0) & (share < 1.0))


@given(
    kind=st.sampled_from([k for k in KINDS if k != "point"]),
    points=st.lists(st.floats(0.01, 0.99), min_size=3, max_size=3).map(sorted),
    seed=st.integers(0, 1000),
)
def test_quantiles_rise(kind: str, points: list[float], seed: int) -> None:
    p = Parameter("x", points[1], points[0], points[2], "", kind)
    u = np.sort(uniforms(seed, "x", 100))
    assert np.all(np.diff(p.quantile(u)) >= -1e-12)
    assert np.all(np.isfinite(p.quantile(u)))


@given(seed=st.integers(0, 2**31), draws=st.integers(1, 300))
def test_one_draw_in_each_band(seed: int, draws: int) -> None:
    u = uniforms(seed, "licensing:review_days", draws)
    assert sorted(np.floor(u * draws).astype(int).tolist()) == list(range(draws))


def test_streams_hang_on_seed_and_name_alone() -> None:
    few = [Parameter("a", 1.0, 0.5, 2.0, "", "lognormal")]
    many = [Parameter("z", 1.0, 0.5, 2.0, "", "lognormal"), *few, Parameter("b", 1.0, 0.5, 2.0, "", "lognormal")]
    np.testing.assert_array_equal(draw(few, 7, 50)["a"], draw(many, 7, 50)["a"])
    drawn = draw(many, 7, 50)
    assert not np.array_equal(drawn["a"], drawn["b"])
    assert not np.array_equal(drawn["a"], draw(many, 8, 50)["a"])
    scores = [np.argsort(np.argsort(drawn[name])) for name in ("a", "b")]
    assert abs(np.corrcoef(*scores)[0, 1]) < 0.5
    assert generator(3, "x").random() == generator(3, "x").random()
    # pinned: other machines and versions must draw the same
    np.testing.assert_allclose(uniforms(0, "a", 3), [0.92540521, 0.06436151, 0.47147184], atol=1e-8)


def test_events_that_are_added_move_no_other_draw() -> None:
    plain = force(toy(), licences())
    told = licences().model_copy(
        update={"events": (event("review_speed", value=1.5), event("supply_loss", facility="mine_cn", value=0.5))}
    )
    more = force(toy(), told)
    one, other = draw(plain.parameters, 5, 20), draw(more.parameters, 5, 20)
    assert set(other) - set(one) == {"event:review-speed", "event:supply-loss"}
    for name in one:
        np.testing.assert_array_equal(one[name], other[name], err_msg=name)


def test_names_are_given_once() -> None:
    names = [p.name for p in force(toy(), licences()).parameters]
    assert len(set(names)) == len(names)


def test_without_claims_the_world_is_certain_and_the_scenario_is_not() -> None:
    sure = licences().model_copy(update={"uncertainty": licences().uncertainty.model_copy(update={"claims": False})})
    spreads = {p.name: p for p in force(toy(), sure).parameters}
    assert spreads["yield:metal"].kind == "point"
    assert spreads["licensing:review_days"].kind != "point"
    usual = {p.name: p for p in force(toy(), licences()).parameters}
    assert usual["yield:metal"].kind == "lognormal"


def test_slices_are_the_draws_between() -> None:
    drawn = draw(SPREADS[:2], 0, 10)
    np.testing.assert_array_equal(slice_of(drawn, 3, 6)["a"], drawn["a"][3:6])


def test_disorder_is_refused() -> None:
    with pytest.raises(BadValue, match="low <= median <= high"):
        Parameter("a", 1.0, 2.0, 3.0, "", "normal")
    with pytest.raises(BadValue, match="no distribution"):
        replace(SPREADS[0], kind="cauchy")
    with pytest.raises(BadValue, match="at least 1"):
        draw(SPREADS, 0, 0)

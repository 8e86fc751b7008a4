"""Slopes of one reverse pass are those of differences of the whole run, settling included, for every kind of input."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import cache

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from toy import toy
from worlds import SHOCKS, licences

from ytterby import BadValue, UnknownName
from ytterby.run import trials
from ytterby.run.chain.forcing import Forced, force
from ytterby.run.chain.model import Chain
from ytterby.run.draws import draw
from ytterby.run.gradient.adjoint import Adjoint, Slopes
from ytterby.run.gradient.named import METRICS, objective
from ytterby.run.gradient.numbers import numbers
from ytterby.run.gradient.objective import Asked, before_first_below, softest
from ytterby.run.gradient.tangents import by_parameter, nudge
from ytterby.run.lines import Lines

WIDTH = 0.05
DRAWS = 2
STENCIL = ((-2.0, 1.0 / 12.0), (-1.0, -8.0 / 12.0), (1.0, 8.0 / 12.0), (2.0, -1.0 / 12.0))
ASKED = Asked("line-stop", product="mil", region="US")


@pytest.fixture(scope="module", autouse=True)
def quick() -> Iterator[None]:
    """Each program runs a few times only."""
    jax.config.update("jax_disable_most_optimizations", True)
    yield
    jax.config.update("jax_disable_most_optimizations", False)


@cache
def _forced() -> Forced:
    told = licences().model_copy(update={"end": date(2025, 9, 28), "events": SHOCKS[:2] + SHOCKS[5:6] + SHOCKS[10:]})
    return force(toy(), told)


@cache
def _adjoint() -> Adjoint:
    model = Chain(_forced(), width=WIDTH)
    return Adjoint(model, objective(model, ASKED)[0])


@cache
def _drawn() -> dict[str, np.ndarray]:
    return draw(_forced().parameters, 5, DRAWS)


@cache
def _slopes() -> Slopes:
    return _adjoint().slopes(_drawn())


def test_slopes_are_those_of_differences_of_the_whole_run() -> None:
    """Fourth-order central differences of parameters -> inputs -> settling -> run -> outcome, in both draws."""
    found = by_parameter(_forced(), _drawn(), _slopes())
    assert len(found) > 40
    scale = {p.name: max(p.high - p.low, 1e-9) for p in _forced().parameters}
    largest = max(np.abs(found[name]).max() * scale[name] for name in found)
    live = [
        p
        for p in _forced().parameters
        if p.name in found and np.abs(found[p.name]).max() * scale[p.name] > 1e-5 * largest
    ]
    assert {p.name.split(":")[0] for p in live} >= {"behaviour", "licensing"}
    for p in live[:: max(1, len(live) // 12)]:
        step = nudge(p, float(np.abs(_drawn()[p.name]).max()), 2e-5)
        told = sum(w * _adjoint().values({**_drawn(), p.name: _drawn()[p.name] + k * step}) for k, w in STENCIL) / step
        np.testing.assert_allclose(found[p.name], told, rtol=1e-5, atol=1e-8 * largest / scale[p.name])


def test_the_smooth_outcome_is_near_the_hard_one_and_that_is_the_one_of_a_run() -> None:
    hard = Chain(_forced())
    told = Adjoint(hard, objective(hard, ASKED)[0]).values(_drawn())
    assert np.abs(_slopes().value - told).max() < 10.0
    trial = trials.trials(toy(), [_forced().scenario], draws=DRAWS, seed=5, keep=("exports",))[0]
    counted = trial.first["slow"][_forced().structure.network.groups.index("mil.US")]
    never = _forced().grid.days * (_forced().grid.steps - 1)
    counted = np.where(np.isfinite(counted), counted, never)
    assert np.all((told <= counted + 1e-6) & (told >= counted - _forced().grid.days - 1e-6))


def test_numbers_of_the_network_have_the_slopes_of_differences() -> None:
    """A lead, a target stock, a demand and a capacity, moved in the tables themselves."""
    n, forced = toy(), _forced()
    told = {one.kind: one for one in numbers(forced, forced.inputs(_drawn()), _slopes())}
    assert sum(len(one.labels) for one in told.values()) > 30
    for kind, field in (("lead", "link_lead"), ("cover", "in_slot_cover")):
        row = int(np.argmax(np.abs(told[kind].by_factor)))
        assert told[kind].by_factor[row] != 0.0
        values = []
        for factor in (1.0 - 1e-5, 1.0 + 1e-5):
            changed = getattr(n, field).copy()
            changed[row] *= factor
            model = Chain(force(replace(n, **{field: changed}), forced.scenario), width=WIDTH)
            # the compiled step is the same: these tables enter as inputs
            adjoint = _adjoint()
            inputs = model.forced.inputs(_drawn())
            with jax.enable_x64(True):
                parts = adjoint._parts(
                    type(inputs)(inputs.constants, jax.tree.map(adjoint._lengthened, inputs.forcing))
                )
                values.append(float(np.asarray(adjoint._forward(*parts, adjoint._ahead(inputs.forcing)))[0]))
        assert told[kind].by_factor[row] == pytest.approx((values[1] - values[0]) / 2e-5, rel=1e-4)


PATHS = arrays(np.float64, (30, 1), elements=st.floats(0.0, 1.2))


@settings(max_examples=25)
@given(path=PATHS)
def test_the_first_day_below_is_that_of_a_run_less_than_a_step_early(path: np.ndarray) -> None:
    from ytterby.run.base import Grid

    lines = Lines(Grid(date(2025, 1, 1), 30, 7.0))
    lines.add(np.ones((30, 1, 1)), path[:, None], 0)
    counted = float(lines.result().first["slow"][0, 0])
    told = 7.0 * float(before_first_below(jnp.asarray(path), 0.95, 0.0)[0])
    if np.isinf(counted):
        assert told == 7.0 * 29
    else:
        assert counted - 7.0 <= told <= counted + 1e-9


@settings(max_examples=25)
@given(path=PATHS)
def test_smooth_crossings_go_to_the_exact_one(path: np.ndarray) -> None:
    with jax.enable_x64(True):
        values = jnp.asarray(np.round(path, 2) + 0.003)
        exact = float(before_first_below(values, 0.95, 0.0)[0])
        found = [float(before_first_below(values, 0.95, tau)[0]) for tau in (1e-2, 1e-4, 1e-6)]
        assert found[2] == pytest.approx(exact, abs=0.02)
        slope = jax.grad(lambda v: before_first_below(v, 0.95, 1e-3)[0])(values)
        assert np.isfinite(np.asarray(slope)).all()
        assert np.asarray(slope).min() >= -1e-9  # more output is never an earlier stop
        low = float(softest(values, 1e-3, axis=0)[0])
        assert float(values.min()) - 1e-3 * np.log(30) - 1e-12 <= low <= float(values.min()) + 1e-12


@pytest.mark.parametrize("metric", sorted(METRICS))
def test_every_outcome_has_a_unit_and_a_time_of_its_own(metric: str) -> None:
    model = Chain(_forced())
    wanted, asked = objective(model, Asked(metric, material="oxide.Dy" if metric == "price" else ""))
    assert wanted.unit in ("day", "%", "t", "USD/kg", "year")
    assert metric == "line-stop" or asked.when


def test_nice_errors() -> None:
    model = Chain(_forced())
    for asked, word in (
        (Asked("profit"), "line-stop"),
        (Asked("line-stop", product="card"), "car"),
        (Asked("line-stop", product="car", region="ZZ"), "US"),
        (Asked("exports", material="magnet"), "magnets"),
        (Asked("price", material="gold"), "oxide"),
        (Asked("self-sufficiency", region="XX"), "US"),
    ):
        with pytest.raises(UnknownName) as refused:
            objective(model, asked)
        assert word in str(refused.value)
    for asked in (Asked("exports", when="2031-01"), Asked("exports", when="soon"), Asked("self-sufficiency", goal=2.0)):
        with pytest.raises(BadValue) as bad:
            objective(model, asked)
        assert "explain" in str(bad.value)

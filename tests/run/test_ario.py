from __future__ import annotations

import warnings
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from economies import by_hand, economy

from ytterby.run.ario import (
    Behaviour,
    Destruction,
    Gate,
    Loss,
    Path,
    RunawayWarning,
    sensitivities,
    simulate,
)
from ytterby.run.ario.laying import lay, together
from ytterby.run.ario.stability import thresholds
from ytterby.terms.errors import BadValue

TABLE = economy()
STEPS = 220
"""The same everywhere: programs are compiled once for each length and each kind of shock, and tests share them."""
NORMAL = TABLE.x / 365
HIT = {("r0", "s1"): 0.5, "r1|s2": 0.3}
TWO = (Loss(HIT, 5, 40, 60), Loss({("r0", "s1"): 0.8, ("r2", "s0"): 0.2}, 30, 20, 30, "scaled", name="second"))
LOST = Destruction(HIT, 5, 20, 50, "convex", share=True)
REBUILT = Destruction(HIT, 5, 20, 50, share=True, rebuilt_by={"s3": 0.6, "s2": 0.4}, factor=0.7)
GATES = (Gate(["r0|s1", "r0|s2"], 0.0, 10, 60), Gate(["r1|s0"], 0.4, 20, 80, to=["r2"], name="partly"))
RUNAWAY = Behaviour(inventory_days=15.0, restoration_days=30.0, psi=0.85)
BOOKED = Behaviour(short_cuts=False)
KEPT = ("production", "capacity", "orders", "unmet", "rebuild", "stocks", "missing")


pytestmark = pytest.mark.usefixtures("quick_to_compile")


def seen(shocks: Any = (), behaviour: Any = None, **named: Any) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RunawayWarning)
        return simulate(TABLE, parameters=behaviour, shocks=shocks, **{"steps": STEPS, "keep": KEPT, **named})


def sized(shock: Loss, *sizes: float) -> Loss:
    return replace(shock, lost=dict(zip(shock.lost, sizes, strict=True)))


NONE = tuple(sized(shock, 0.0, 0.0) for shock in TWO)


@pytest.mark.parametrize(
    ("behaviour", "shocks", "steps"),
    [
        (Behaviour(), TWO, STEPS),
        (RUNAWAY, TWO, STEPS),
        (Behaviour(order_rule="noalt"), (*TWO, LOST), STEPS),
        (Behaviour(inventory_days=np.array([np.inf, 90.0, 1.0, 20.0])), (REBUILT, LOST), STEPS),
        (BOOKED, (*GATES, *TWO), STEPS),
        (Behaviour(order_rule="noalt", short_cuts=False), (*GATES, REBUILT), STEPS),
        # later than this both hang on whether a shortage of 1e-17 is exactly 0
        (Behaviour(step_days=7, restoration_days=np.array([60.0, 30.0, 70.0, 14.0])), TWO, 120),
        (Behaviour(psi=1.0, restoration_days=1.0), TWO, 120),
    ],
    ids=["overlapping", "runaway", "not alternative", "rebuilding", "gates", "gates and rebuilding", "weekly", "base"],
)
def test_a_second_implementation_agrees(behaviour: Behaviour, shocks: tuple[Any, ...], steps: int) -> None:
    """Matrices of orders between industries, one at a time, against the factored and batched step."""
    found, other = seen(shocks, behaviour), by_hand(TABLE, behaviour, shocks, steps)
    scale = NORMAL.max() * behaviour.step_days
    for name, there in other.items():
        if name not in KEPT:
            continue
        here = found[name][:steps]
        finite = np.isfinite(there)
        np.testing.assert_array_equal(finite, np.isfinite(here))
        # stocks are some tens of days of output
        close = 1e-12 * scale * (90 if name == "stocks" else 1)
        np.testing.assert_allclose(here[finite], there[finite], rtol=0, atol=close, err_msg=name)


def test_nothing_moves_without_a_loss() -> None:
    found = seen(NONE)
    for values in (found.production, found.orders, found.stocks):
        np.testing.assert_allclose(values, np.broadcast_to(values[:1], values.shape), rtol=1e-12)
    np.testing.assert_allclose(found.production[0], NORMAL, rtol=1e-12)
    assert np.abs(found.unmet).max() <= 1e-12 * TABLE.x.max()
    assert not found.stability.runaway.any()


def test_what_is_made_is_delivered_or_in_stock() -> None:
    """Sector by sector: production = final demand met + use + change of stocks, when every step is booked."""
    found = seen((*GATES, *TWO), BOOKED)
    sectors = len(TABLE.sectors)
    by_sector = lambda a: a.reshape(len(a), -1, sectors).sum(axis=1)  # noqa: E731
    inputs = TABLE.Z.reshape(-1, sectors, len(TABLE.x)).sum(axis=0) / TABLE.x
    used = found.production @ inputs.T
    final = by_sector(np.broadcast_to(TABLE.Y.sum(axis=1) / 365, found.production.shape)) - by_sector(found.unmet)
    change = np.diff(found.stocks.sum(axis=2), axis=0)
    left = (by_sector(found.production) - final - used)[:-1] - change
    assert np.abs(left).max() <= 1e-12 * found.stocks.sum(axis=2).max()


def test_an_ensemble_is_its_scenarios_one_by_one() -> None:
    other = (sized(TWO[0], 0.9, 0.1), replace(TWO[1], occurrence=7, duration=90))
    whole = seen([TWO, other, []])
    assert whole.production.shape == (STEPS, 12, 3)
    for draw, told in enumerate((TWO, other, NONE)):
        alone = seen(told)
        np.testing.assert_allclose(whole.production[..., draw], alone.production, rtol=1e-12)
        np.testing.assert_allclose(whole.stocks[..., draw], alone.stocks, rtol=1e-12)


def test_scenarios_of_different_kinds_share_their_arrays() -> None:
    """Every scenario's own arrays stand in those of the ensemble; what it lacks takes nothing."""
    scenarios: list[list[Any]] = [[TWO[0], GATES[0]], [TWO[1], LOST], [Path(["r2|s3"], np.full((9, 1), 0.6))], []]
    capital = Behaviour().capital_of(TABLE)
    whole = lay(together(scenarios), TABLE, capital, STEPS, 1, 4)

    def held(laid: Any, part: str, draw: int) -> np.ndarray:
        told, lost = getattr(laid, part), np.zeros((STEPS, 12))
        if told is not None:
            lost[:, told.rows] = np.einsum("ek,se->sk", told.worst[..., draw], told.part[..., draw])
        return lost

    for draw, scenario in enumerate(scenarios):
        alone = lay(scenario, TABLE, capital, STEPS, 1, 1)
        for part in ("losses", "capital"):
            np.testing.assert_allclose(held(whole, part, draw), held(alone, part, 0))
        assert whole.over[draw] == alone.over[0]
    np.testing.assert_array_equal((whole.gates.shut * (1 - whole.gates.passes)).sum(axis=(0, 1)), [60, 0, 0, 0])
    np.testing.assert_allclose(whole.path.sum(axis=(0, 1)), [0, 0, 5.4, 0])


@pytest.fixture(scope="module")
def wild() -> Any:
    """Sixty draws of everything at once."""
    rng = np.random.default_rng(3)
    many = 60
    shocks = (
        Loss({"r0|s0": rng.uniform(0, 1, many), "r2|s1": rng.uniform(0, 1, many)}, rng.integers(0, 50, many), 20, 30),
        Loss({"r0|s0": rng.uniform(0, 1, many)}, rng.integers(0, 50, many), rng.integers(1, 60, many), 10, name="b"),
        Destruction({"r1|s2": rng.uniform(0, 1, many)}, 30, 10, 40, share=True),
        Gate(["r1|s1"], rng.uniform(0, 1, many), rng.integers(0, 90, many), 40),
    )
    behaviour = Behaviour(
        psi=rng.uniform(0.6, 0.95, many),
        inventory_days=rng.uniform(20, 120, (4, many)),
        overproduction_max=rng.uniform(1, 1.5, many),
    )
    return seen(shocks, behaviour, keep=(*KEPT, "demand"), chunk=60), (shocks, behaviour)


def test_wild_ensembles_stay_within_their_bounds(wild: Any) -> None:
    found, _ = wild
    assert found.production.shape == (STEPS, 12, 60)
    assert found.stability.over.shape == (60,)
    rounding = 1e-12 * TABLE.x.max()
    assert (found.production >= 0).all()
    assert (found.production <= found.capacity + rounding).all()
    assert (found.production <= found.demand + rounding).all()
    assert (found.unmet >= -rounding).all()
    assert (found.stocks >= 0).all()
    assert not found.crashed.any()


def test_chunks_do_not_matter(wild: Any) -> None:
    found, told = wild
    chunked = seen(*told, keep=("production",), chunk=20)
    np.testing.assert_allclose(chunked.production, found.production, rtol=1e-11)
    np.testing.assert_array_equal(chunked.stability.over, found.stability.over)


def test_the_larger_of_two_losses_holds() -> None:
    small = replace(TWO[1], lost={"r0|s1": 0.3, "r2|s0": 0.0}, recovery="linear", occurrence=5, duration=40)
    both = seen((TWO[0], small)).production
    np.testing.assert_allclose(both, seen((TWO[0], sized(small, 0.0, 0.0))).production, rtol=1e-12)


def test_a_path_is_a_loss_in_the_step_it_is_given_for() -> None:
    """A loss acts a step late and recovers two steps late: the same as a path is nine full steps from step 6."""
    loss = replace(sized(TWO[0], 0.5, 0.5), duration=7, recovery_days=1)
    path = np.zeros((15, 2))
    path[6:15] = 0.5
    one = seen((loss, NONE[1])).production
    np.testing.assert_allclose(seen([Path(["r0|s1", "r1|s2"], path)]).production, one, rtol=1e-12)


def test_a_path_told_by_months_holds_in_each_of_their_days() -> None:
    rng = np.random.default_rng(3)
    at = np.repeat([0, 1, 2], [4, 0, 7])
    lost = rng.uniform(0.0, 0.9, (3, 2, 4))
    for months in (lost, lost[..., 0]):
        days = simulate(TABLE, shocks=[Path(["r0|s1", "r1|s2"], months[at])], steps=15).production
        told = simulate(TABLE, shocks=[Path(["r0|s1", "r1|s2"], months, at=at)], steps=15).production
        assert days is not None
        assert told is not None
        assert told.tobytes() == days.tobytes()
    for wrong in ([0, 3], [-1], [0.5], [[0]]):
        with pytest.raises(BadValue, match="does not name rows of 3"):
            simulate(TABLE, shocks=[Path(["r0|s1", "r1|s2"], lost, at=wrong)], steps=3)


@pytest.mark.parametrize("rule", ["alt", "noalt"])
def test_a_closed_gate_keeps_goods_at_home(rule: str) -> None:
    """Foreign final customers go without, home ones do not lose; the exporter's own output falls."""
    others = NONE if rule == "alt" else (replace(REBUILT, lost=dict.fromkeys(REBUILT.lost, 0.0)),)
    shut = (GATES[0], replace(GATES[1], passes=1.0))
    behaviour = replace(BOOKED, order_rule=rule)
    found = seen((*shut, *others), behaviour)
    normal = TABLE.Y.reshape(12, 3, 2).sum(axis=2) / 365
    lost = found.unmet.reshape(-1, 3, 4)
    np.testing.assert_allclose(lost[10, 1:, 1], normal[1, 1:], rtol=1e-9)
    assert abs(lost[10, 0, 1]) <= 1e-9 * normal[1, 0]
    assert found.production[10, 1] < found.production[9, 1]
    ajar = tuple(replace(gate, passes=1.0) for gate in GATES)
    np.testing.assert_allclose(
        seen((*ajar, *others), behaviour).production, np.broadcast_to(NORMAL, (STEPS, 12)), rtol=1e-12
    )


def test_capital_that_nobody_rebuilds_stays_lost() -> None:
    unhurt = replace(LOST, lost=dict.fromkeys(LOST.lost, 0.0))
    slow = replace(REBUILT, recovery_days=1e12)
    found = seen((slow, unhurt), Behaviour(inventory_days=np.array([np.inf, 90.0, 1.0, 20.0])))
    capital = Behaviour().capital_of(TABLE)
    row = TABLE.industry("r0|s1")
    np.testing.assert_allclose(found.missing[5:, row], 0.5 * capital[row], rtol=1e-9)
    np.testing.assert_allclose(found.missing[:5], 0.0)


def test_a_stock_that_would_go_negative_stops_the_run() -> None:
    """With psi below a step's use an industry may produce what it has no inputs for, as in the model of reference."""
    told = {"psi": 0.05, "inventory_days": 2.0, "restoration_days": 400.0}
    found = seen([Loss({"r0|s1": 0.99, "r1|s1": 0.99}, 2, 30, 5)], told, steps=40)
    assert found.crashed is True
    gone = np.isnan(found.production).all(axis=1)
    assert gone.any()
    assert not gone[: np.argmax(gone)].any()
    assert gone[np.argmax(gone) :].all()
    assert (found.stocks[~gone] >= 0).all()


def test_single_precision_is_the_same_economy() -> None:
    double, single = seen(TWO).production, seen(TWO, dtype="float32", keep=("production",)).production
    np.testing.assert_allclose(single, double, rtol=2e-3, atol=1e-4 * double.max())


def test_a_runaway_is_told_from_a_shock() -> None:
    with pytest.warns(RunawayWarning, match=r"runaway: .* below 87% of normal output a shortage feeds itself"):
        found = simulate(TABLE, parameters=RUNAWAY, shocks=TWO, steps=STEPS, keep=KEPT)
    assert found.stability.runaway.all()
    assert found.stability.at_end[0] < 0.5 * found.stability.at_end_of_shocks[0]
    # deep stocks, and as deep as the time they are restored in: a shock passes
    for days in (90.0, 30.0):
        calm = seen(TWO, replace(RUNAWAY, inventory_days=days)).stability
        assert not calm.runaway.any()
        assert calm.threshold.max() == 0.0
        assert calm.at_end[0] > 0.99


def test_the_point_of_no_return_is_the_one_of_the_equations() -> None:
    """One sector short of its input at xi of normal: it restocks just above the threshold and not just below it."""
    psi, days, tau, share = 0.85, 15.0, 30.0, 0.5
    point = thresholds(np.array([psi]), np.array([[days]]), np.array([[tau]]))[0, 0]
    for xi, grows in ((point + 1e-6, True), (point - 1e-6, False)):
        stock = xi * psi * days * share
        # orders as need = gap / tau + a x; deliveries in proportion to x / D, with final demand 1 - a
        orders = (days * share - stock) / tau + share * xi
        delivered = orders * xi / (orders + 1 - share)
        assert (delivered > share * xi) == grows
    assert thresholds(np.array([0.8]), np.array([[60.0], [np.inf]]), np.array([[60.0], [60.0]])).max() == 0.0


def test_gradients_are_those_of_finite_differences() -> None:
    behaviour = Behaviour(
        psi=0.9, inventory_days=np.array([12.0, 9.0, 14.0, 11.0]), restoration_days=20.0, short_cuts=False
    )
    shocks = (
        Loss({"r0|s1": 0.6, "r1|s1": 0.5}, 3, 25, 10, name="storm"),
        Destruction({"r2|s0": 0.3}, 3, 10, 30, share=True, rebuilt_by={"s3": 1.0}, name="quake"),
        Gate(["r2|s2"], 0.3, 20, 15, name="gate"),
    )

    def lost(told: Behaviour, hit: tuple[Any, ...] = shocks) -> float:
        return float((NORMAL - seen(hit, told, steps=60, keep=("production",)).production).sum())

    found = sensitivities(TABLE, behaviour, shocks, 60)
    for name, step in (("psi", 1e-6), ("overproduction_max", 1e-6), ("overproduction_days", 1e-4)):
        value = getattr(behaviour, name)
        up, down = (lost(replace(behaviour, **{name: value + sign * step})) for sign in (1, -1))
        np.testing.assert_allclose(found[name], (up - down) / (2 * step), rtol=2e-4, atol=1e-4, err_msg=name)
    for sector in range(4):
        each = np.zeros(4)
        each[sector] = 1e-5
        days = behaviour.inventory_days
        up, down = (lost(replace(behaviour, inventory_days=days + sign * each)) for sign in (1, -1))
        np.testing.assert_allclose(found["inventory_days"][sector], (up - down) / 2e-5, rtol=2e-4, atol=1e-3)
    for k, name in enumerate(("storm", "quake", "gate")):
        step = 1e-3
        sizes = [list(shocks) for _ in range(2)]
        for told, sign in zip(sizes, (1, -1), strict=True):
            s: Any = shocks[k]
            factor = 1 + sign * step
            told[k] = (
                replace(s, passes=1 - (1 - s.passes) * factor)
                if isinstance(s, Gate)
                else replace(s, lost={key: v * factor for key, v in s.lost.items()})
            )
        slope = (lost(behaviour, tuple(sizes[0])) - lost(behaviour, tuple(sizes[1]))) / (2 * step)
        np.testing.assert_allclose(found[f"shock:{name}"], slope, rtol=2e-3, err_msg=name)
    assert found["psi"] != 0.0

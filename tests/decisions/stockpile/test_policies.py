"""Policies: schedules laid over a scenario, and what a run of the toy makes of them."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "run"))  # toy and worlds stand there

from toy import toy
from worlds import licences

from ytterby import BadValue, DateOrder
from ytterby.decisions.stockpile import answering, comparing, policies
from ytterby.decisions.stockpile.policies import Schedule
from ytterby.run.trials import trials

KNOWN = date(2025, 3, 1)


@pytest.fixture(scope="module", autouse=True)
def quick_to_compile() -> Iterator[None]:
    import jax

    jax.config.update("jax_disable_most_optimizations", True)
    yield
    jax.config.update("jax_disable_most_optimizations", False)


@pytest.fixture(scope="module")
def schedule() -> Schedule:
    return Schedule({"magnet.N": 12.0}, date(2025, 3, 3), date(2025, 4, 27), date(2025, 7, 7), 28)


def test_every_policy_buys_and_hands_out_what_it_says(schedule: Schedule) -> None:
    plan = licences()
    for policy in policies.all_of(schedule):
        made = policies.laid(plan, "US", schedule, policy)
        trades = [event for event in made.events if event.kind == "stockpile_buy"]
        moved = sum(
            event.value.median * ((event.until or plan.end) - event.date + timedelta(1)).days for event in trades
        )
        assert moved == pytest.approx(0.0 if policy.holding == policies.HOLDINGS[0] else 12.0, abs=1e-9)
        handed = [event for event in made.events if event.kind == "stockpile_release"]
        assert bool(handed) == (policy.holding == policies.HOLDINGS[2])
        assert all((one.date, one.until) == (schedule.release, None) for one in handed)
        assert all(one.value.median * schedule.over == pytest.approx(12.0) for one in handed)
        assert any(event.kind == "requisition" for event in made.events) == (policy.rule == policies.RULES[1])
        assert all(event.region == "US" for event in (*trades, *handed))
    held = Schedule(schedule.tonnes, schedule.start, schedule.until)
    assert {policy.holding for policy in policies.all_of(held)} == set(policies.HOLDINGS[:2])


def test_a_scenarios_own_requisition_makes_way_for_the_rule(schedule: Schedule) -> None:
    plan = licences()
    own = policies.laid(plan, "US", schedule, policies.Policy(policies.RULES[1], policies.HOLDINGS[0]))
    again = policies.laid(own, "US", schedule, policies.Policy(policies.RULES[0], policies.HOLDINGS[0]))
    assert not [event for event in again.events if event.kind == "requisition"]
    assert policies.begins(own, "US", schedule) == schedule.start


def test_policies_are_compared_on_the_same_draws(schedule: Schedule) -> None:
    network = toy()
    asked = answering.checked(answering.Question(licences(), "US", schedule, 3, 0), network)
    found = trials(network, asked.plans, draws=3, keep=comparing.KEEP, freq="month")
    titles, told = answering.answer(asked, network, found)
    by = {row["policy"]: row for row in told["policies"]}
    assert set(by) == {policy.name for policy in asked.policies}
    assert set(titles) == {"en", "zh"}
    for row in told["policies"]:
        for who in ("military", "civil"):
            assert 0.0 <= row[who]["p05"] <= row[who]["median"] <= row[who]["p95"] <= 1.0
        assert (row["paid"] is None) == (row["holding"] == policies.HOLDINGS[0])
    # nothing is bought before the first day, no more than was asked, and what is handed out is gone
    held = [trial.series["stockpile"][network.materials.index("magnet.N")] for trial in found]
    names = [policy.holding for policy in asked.policies]
    for name, rows in zip(names, held, strict=True):
        assert np.all(rows[:1] == 0.0)
        assert float(rows.max(initial=0.0)) <= 12.0 * (1 + 1e-5)
        assert (float(rows.max(initial=0.0)) > 0.0) == (name != policies.HOLDINGS[0])
        # where no maker lacks any, as in the first of these worlds, it stays held
        gone = rows.max(axis=0) - rows[-1]
        assert bool(np.any(gone > 0.0)) == (name == policies.HOLDINGS[2])
        if name != policies.HOLDINGS[0]:
            told_gone = by[f"{policies.RULES[0]}, {name}"]["bought"]["magnet.N"]["released"]
            assert told_gone["median"] == pytest.approx(np.median(gone), rel=1e-5)
    # the stockpile is paid at what the goods cost then
    bought = by[f"{policies.RULES[0]}, {policies.HOLDINGS[1]}"]
    kept = bought["bought"]["magnet.N"]["held"]["median"]
    row = network.materials.index("magnet.N")
    assert kept > 0.0
    if np.isfinite(network.price0[row, 1]):
        assert bought["paid"]["median"] == pytest.approx(kept * 1e3 * network.price0[row, 1], rel=5.0)
    # a holding alone never gives makers more than doing nothing; handed out, it does not give them less than held
    nothing = by[f"{policies.RULES[0]}, {policies.HOLDINGS[0]}"]
    released = by[f"{policies.RULES[0]}, {policies.HOLDINGS[2]}"]
    assert released["civil"]["median"] <= bought["civil"]["median"] + 1e-6
    assert bought["civil"]["median"] >= nothing["civil"]["median"] - 1e-6


FAULTS = {
    "nothing bought": (lambda: policies.read([]), BadValue, "nothing is bought"),
    "no purchase": (lambda: policies.read(["oxide.NdPr"]), BadValue, "no purchase"),
    "a negative one": (lambda: policies.read(["oxide.NdPr=-3"]), BadValue, "no purchase"),
    "twice": (lambda: policies.read(["oxide.Dy=1", "oxide.Dy=2"]), BadValue, "twice"),
    "the end before the start": (
        lambda: policies.schedule(licences(), {"x": 1.0}, date(2025, 5, 1), date(2025, 4, 1), None, 90),
        DateOrder,
        "before they begin",
    ),
    "given back while it is bought": (
        lambda: policies.schedule(licences(), {"x": 1.0}, date(2025, 5, 1), date(2025, 6, 1), date(2025, 5, 5), 90),
        DateOrder,
        "released on",
    ),
    "outside the scenario": (
        lambda: policies.schedule(licences(), {"x": 1.0}, date(2019, 5, 1), date(2019, 6, 1), None, 90),
        BadValue,
        "outside the scenario",
    ),
    "over no days": (
        lambda: policies.schedule(licences(), {"x": 1.0}, date(2025, 5, 1), date(2025, 6, 1), date(2025, 7, 1), 0),
        BadValue,
        "0 days",
    ),
    "released to nobody": (
        lambda: answering.checked(
            answering.Question(licences(), "US", Schedule({"oxide.Dy": 1.0}, KNOWN, KNOWN, KNOWN), 1, 0), toy()
        ),
        BadValue,
        "no plant or maker in US uses oxide",
    ),
    "an unknown material": (
        lambda: answering.checked(
            answering.Question(licences(), "US", Schedule({"oxide.Dyy": 1.0}, KNOWN, KNOWN), 1, 0), toy()
        ),
        Exception,
        "oxide.Dyy",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_nice_errors(fault: str) -> None:
    do, kind, said = FAULTS[fault]
    with pytest.raises(kind, match=said) as caught:
        do()
    assert getattr(caught.value, "place", "")
    assert getattr(caught.value, "remedy", "")

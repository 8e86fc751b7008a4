"""From trials to payoffs: added up by hand, free of what does not differ, and in the units they are told in."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from smallgame import DRAWS, PLAIN, ByHand, small

from ytterby import BadValue, UnknownName
from ytterby.decisions.bargain import answer, payoffs, playing
from ytterby.decisions.bargain.payoffs import Window
from ytterby.decisions.bargain.table import Bargain
from ytterby.run.trials import trials
from ytterby.world import content
from ytterby.world.network import Network
from ytterby.world.scenarios import Scenario

COUNTED = 1 + 91 / 92
"""Quarters in half a year from 1 July: 183 days."""
HALF = Window(date(2025, 7, 1), date(2026, 1, 1))
WORTH = {f"weight:{name}": np.full(DRAWS, value) for name, value in PLAIN.items()} | {
    "worth:car": np.full(DRAWS, 10_000.0), "worth:mil": np.full(DRAWS, 1e6),
}  # fmt: skip


def _by_hand(network: Network, **share: float) -> Any:
    made = ByHand(network, {key.replace("_", "."): value for key, value in share.items()})

    def tried(plans: Any, each: Any) -> None:
        for plan in plans:
            each(made(plan))

    return tried


def _play(bargain: Bargain, network: Network, scenario: Scenario, later: tuple[int, ...] = ()) -> playing.Played:
    tried = _by_hand(network, car_US=0.2, mil_US=0.1)
    return playing.play(bargain, scenario, network, tried, draws=DRAWS, seed=0, later=later)


def test_parts_add_up_by_hand(network: Network, scenario: Scenario) -> None:
    trial = ByHand(network, {"car.US": 0.2, "mil.US": 0.1})(scenario)
    found = payoffs.outcome(trial, network, {"cn": ("CN",), "us": ("US",)}, WORTH, HALF)
    years = 184 / 365.25
    # two quarters of 1,000 cars, a fifth of them missing, at 10,000 USD
    assert found.parts["us"]["output"] == pytest.approx(-2 * 1000 * 0.2 * 1e4 / 1e9 / years)
    assert found.parts["us"]["arms"] == pytest.approx(-2 * 1000 * 0.1 * 1e6 / 1e9 / years)
    assert found.parts["cn"]["output"] == pytest.approx(0.0)
    # two quarters of 10 t of dysprosium oxide at 100 USD/kg and of magnets at 50, as in China
    assert found.parts["cn"]["sales"] == pytest.approx(2 * 10 * (100 + 50) * 1000 / 1e9 / years)
    dy = network.elements.index("Dy")
    share = sum(network.composition[network.materials.index(m), dy] for m in ("oxide.Dy", "magnet.UH"))
    assert found.shipped["Dy"]["US"] == pytest.approx(2 * 10 * share / years)
    used = content.magnets(network)[network.groups.index("car.US")] * 800
    used += content.magnets(network)[network.groups.index("mil.US")] * 900
    last = 184 / 365.25
    assert found.made_abroad == pytest.approx(max(0.0, 2 * (used - 10) / last), rel=1e-4)


def test_a_rent_is_what_buyers_abroad_pay_above_the_price_in_china(network: Network, scenario: Scenario) -> None:
    trial = ByHand(network, {})(scenario)
    plain = payoffs.outcome(trial, network, {"cn": ("CN",)}, WORTH, HALF).parts["cn"]["sales"]
    whole = payoffs.outcome(trial, network, {"cn": ("CN",)}, WORTH | {"weight:rent": np.ones(DRAWS)}, HALF)
    assert whole.parts["cn"]["sales"] / plain == pytest.approx((200 + 60) / (100 + 50))


def test_stopped_lines_weigh_more_than_slow_ones(network: Network, scenario: Scenario) -> None:
    told = WORTH | {"weight:pressure": np.ones(DRAWS)}

    def pressed(share: float) -> float:
        trial = ByHand(network, {"car.US": share})(scenario)
        return float(payoffs.outcome(trial, network, {"us": ("US",)}, told, HALF).parts["us"]["pressure"][0])

    assert pressed(0.4) == pytest.approx(4 * pressed(0.2), rel=1e-5)
    assert pressed(0.0) == 0.0


def test_a_window_takes_its_share_of_a_period(network: Network, scenario: Scenario) -> None:
    trial = ByHand(network, {})(scenario)
    shares = payoffs.shares(trial, Window(date(2025, 5, 16), date(2025, 8, 1)))
    assert shares.tolist() == pytest.approx([0.0, 46 / 91, 31 / 92, 0.0])
    with pytest.raises(BadValue, match="no day from 2031"):
        payoffs.shares(trial, Window(date(2031, 1, 1), date(2032, 1, 1)))


def test_payoffs_are_against_how_things_stand(network: Network, scenario: Scenario) -> None:
    one = _play(small(), network, scenario).rounds[0]
    assert np.abs(one.totals[:, 0, 0]).max() == 0.0
    years = one.window.years
    # slower reviews double what is missing and halve what is sold; nothing else differs
    assert one.totals[1, 1, 0] == pytest.approx(-COUNTED * (2e6 + 1e8) / 1e9 / years, rel=1e-4)
    assert one.totals[0, 1, 0] == pytest.approx(-0.5 * COUNTED * 10 * 150 * 1000 / 1e9 / years, rel=1e-4)
    # the payment is two units, the price floor does nothing in trials by hand
    assert one.totals[0, 0, 1] == pytest.approx(3.0)
    assert one.totals[1, 0, 1] == pytest.approx(-2.0)
    assert np.abs(one.totals[:, :, 2] - one.totals[:, :, 0]).max() == 0.0
    assert one.unpaid[:, :, 1] == pytest.approx(one.unpaid[:, :, 0])
    summed = sum(one.parts.values())
    assert summed == pytest.approx(one.totals.mean(axis=-1))


def test_a_rival_s_loss_counts_as_much_as_it_is_heeded(network: Network, scenario: Scenario) -> None:
    plain = _play(small(), network, scenario).rounds[0].totals
    heeding = _play(small(weights={**PLAIN, "relative": 0.25}), network, scenario).rounds[0].totals
    harm = plain[1, 1, 0]  # all of it is output and arms
    assert heeding[0, 1, 0] - plain[0, 1, 0] == pytest.approx(-0.25 * harm)
    assert heeding[1, 1, 0] == pytest.approx(plain[1, 1, 0])


def test_pairs_that_differ_by_payments_share_a_trial(network: Network, scenario: Scenario) -> None:
    # four scenarios for six cells, and one for the rate
    assert _play(small(), network, scenario).trials == 5
    assert _play(small(later=(2026,)), network, scenario).trials == 5


def test_the_rate_by_hand(network: Network, scenario: Scenario) -> None:
    (found,) = _play(small(), network, scenario).exchanges
    one = _play(small(), network, scenario).rounds[0]
    years = one.window.years
    dy = network.elements.index("Dy")
    share = sum(network.composition[network.materials.index(m), dy] for m in ("oxide.Dy", "magnet.UH"))
    assert found.amount == pytest.approx(0.5 * COUNTED * 10 * share / years, rel=1e-4)
    # giving pays by itself (sales rise), so there is no upper end; a unit costs the US 1 bn and its gain is known
    assert found.mean is not None
    assert found.mean.high == float("inf")
    gain = 0.5 * COUNTED * (2e6 + 1e8) / 1e9 / years
    assert found.mean.low == pytest.approx(1.0 / (gain / found.amount[0]), rel=1e-3)


def test_an_answer_is_json_and_says_what_is_assumed(network: Network, scenario: Scenario) -> None:
    import json

    bargain = small()
    played = _play(bargain, network, scenario)
    said = answer.answered(bargain, played, network, discount=0.9, seed=0, spread=True)
    assert json.loads(json.dumps(said, allow_nan=False)) == said
    assert {one["name"] for one in said["inputs"]} >= {"weight:relative", "payment:chips:us", "worth:car"}
    assert said["verified"]["worst_gap"] <= 1e-9
    # the price floor ties with holding still in trials by hand, and the answer says so
    assert {(tie["side"], tuple(tie["policies"])) for tie in said["ties"]} == {(1, (0, 2))}
    assert said["leverage"][0]["costs"][0]["policy"] == 1
    assert said["unvalued"] == []


def test_a_product_without_a_worth_is_told(network: Network, scenario: Scenario) -> None:
    assert _play(small(worths={"car": 1.0}), network, scenario).unvalued == ("mil",)


def test_the_model_itself_plays(network: Network, scenario: Scenario, quick_to_compile: None) -> None:
    bargain = small(rates=[])
    end = bargain.date + timedelta(days=200)

    def tried(plans: Any, each: Any) -> None:
        trials(network, plans, draws=4, keep=payoffs.KEEP, each=each)

    short = scenario.model_copy(update={"end": end})
    played = playing.play(bargain, short, network, tried, draws=4, seed=0, later=())
    one = played.rounds[0]
    assert np.isfinite(one.totals).all()
    assert one.totals[1, 1, 0].mean() < 0.0  # a slower desk costs the buyers
    said = answer.answered(bargain, played, network, discount=0.9, seed=0, spread=True)
    assert all(each["gap"] <= 1e-9 for each in said["equilibria"])


def test_nice_errors(network: Network, scenario: Scenario) -> None:
    def refused(**changed: Any) -> Any:
        return _play(small(**changed), network, scenario)

    sides = small().model_dump()["sides"]
    far = [sides[0], {**sides[1], "regions": ("UX",)}]
    with pytest.raises(UnknownName, match=r"region 'UX'.*bargain small, us"):
        refused(sides=far)
    both = [sides[0], {**sides[1], "regions": ("CN", "US")}]
    with pytest.raises(BadValue, match="both sides have CN"):
        refused(sides=both)
    rate = small().model_dump()["rates"][0]
    with pytest.raises(UnknownName, match="element 'Dx'"):
        refused(rates=[{**rate, "measure": {"element": "Dx", "to": ["US"]}}])
    with pytest.raises(UnknownName, match="region 'FR'"):
        refused(rates=[{**rate, "measure": {"element": "Dy", "to": ["FR"]}}])
    with pytest.raises(UnknownName, match="weight 'realtive'") as told:
        refused(weights={"realtive": 0.1})
    assert "relative" in told.value.remedy
    with pytest.raises(BadValue, match="before the scenario"):
        refused(date=date(2024, 1, 1))
    with pytest.raises(BadValue, match="steps until"):
        playing.play(small(later=(2060,)), scenario.model_copy(update={"step_days": 0.1}), network,
                     _by_hand(network), draws=1, seed=0, later=(2060,))  # fmt: skip

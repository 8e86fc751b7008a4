"""What arrives: from China the share of a calm world's exports, from elsewhere what a plant's own inputs allow."""

from __future__ import annotations

import datetime
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from smallbuyer import START

from ytterby.decisions.hedge import arrivals, case
from ytterby.decisions.hedge.arrivals import Outlook, calm, eked
from ytterby.run.trials import Trial
from ytterby.terms.errors import BadValue, UnknownName
from ytterby.world import scenarios
from ytterby.world.network import Network

LABELS = ("US|magnet.UH", "US|metal.NdPr")
PERIODS = tuple(f"2027-{month:02d}" for month in range(1, 9))
STARTS = tuple(f"{name}-01" for name in PERIODS)


def trial(exports: Any, **series: Any) -> Trial:
    values = {"exports": np.asarray(exports, dtype=np.float32)} | {k: np.asarray(v) for k, v in series.items()}
    labels = {"exports": LABELS, "prices": ("magnet.UH|EX",), "granted": ("US",), "refused": ("US",)}
    return cast(Trial, SimpleNamespace(series=values, labels=labels, periods=PERIODS, starts=STARTS))


def outlook(network: Network, real: Any, still: Any, **series: Any) -> Outlook:
    return Outlook(network, trial(real, **series), trial(still), datetime.date(2027, 2, 1), 5)


def test_china_delivers_what_leaves_it_of_what_would_in_a_calm_world(network: Network) -> None:
    rng = np.random.default_rng(1)
    still = rng.uniform(50, 100, (2, 8, 3))
    share = rng.uniform(0, 1.5, (2, 8, 3))
    seen = outlook(network, still * share, still)
    assert seen.share("CN", "US", "magnet.UH") == pytest.approx(share[0, 1:6].T, rel=1e-5)
    # goods on their way for a month passed the gate a month before
    assert seen.share("CN", "US", "magnet.UH", early=1) == pytest.approx(share[0, 0:5].T, rel=1e-5)
    # a plant in China stands behind the same gate; at home there is none
    assert seen.share("mag_cn", "US", "magnet.UH") == pytest.approx(seen.share("CN", "US", "magnet.UH"))
    assert np.all(seen.share("CN", "CN", "magnet.UH") == 1.0)


def test_a_plant_abroad_delivers_what_its_inputs_its_stock_and_its_ramp_allow(network: Network) -> None:
    still = np.full((2, 8, 1), 100.0)
    real = still.copy()
    real[1] = 0.0  # no metal leaves China
    seen = outlook(network, real, still)
    found = seen.share("mag_us", "US", "magnet.N")[0]
    slot = int(np.flatnonzero(network.in_slot_facility == network.facilities.index("mag_us"))[0])
    cover = float(network.in_slot_cover[slot]) / arrivals.MONTH
    by_hand, stock = [], cover
    for _ in range(8):
        used = min(1.0, stock + 0.2)  # a fifth of its metal is American
        stock = min(stock + 0.2 - used, cover)
        by_hand.append(used)
    days = [(datetime.date.fromisoformat(one) - datetime.date(1970, 1, 1)).days + arrivals.MONTH / 2 for one in STARTS]
    ramp = [min(1.0, max(0.0, (day - 20100.0) / 400.0)) for day in days]
    assert found == pytest.approx((np.array(by_hand) * ramp)[1:6])


def test_a_country_that_does_not_make_it_is_told_with_those_that_do(network: Network) -> None:
    seen = outlook(network, np.ones((2, 8, 1)), np.ones((2, 8, 1)))
    with pytest.raises(UnknownName, match=r"maker country of magnet\.UH"):
        seen.share("US", "US", "magnet.UH")
    with pytest.raises(UnknownName, match="product of mag_us"):
        seen.share("mag_us", "US", "magnet.UH")
    with pytest.raises(BadValue, match=r"nobody in US buys oxide\.Dy from China"):
        seen.share("CN", "US", "oxide.Dy")
    with pytest.raises(BadValue, match="2031-01 is not among the months"):
        Outlook(network, trial(np.ones((2, 8, 1))), trial(np.ones((2, 8, 1))), datetime.date(2031, 1, 1), 5)


def test_prices_begin_at_one_and_grants_are_of_what_was_decided(network: Network) -> None:
    ones = np.ones((2, 8, 2))
    prices = np.linspace(50, 120, 16).reshape(1, 8, 2)
    granted, refused = np.full((1, 8, 2), 3.0), np.array([[[1.0, 0.0]] * 8])
    seen = outlook(network, ones, ones, prices=prices, granted=granted, refused=refused)
    index, today = seen.price("magnet.UH", "US")
    assert index == pytest.approx((prices[0, 1:6] / prices[0, 1]).T)
    assert today == pytest.approx(np.median(prices[0, 1]))
    assert seen.granted("US", 3) == pytest.approx([0.75, 1.0])
    assert np.isnan(seen.price("magnet.N", "US")[1])


def test_a_calm_world_has_no_rules_and_no_trouble_but_grows_as_before() -> None:
    plan = scenarios.load("october-2025")
    ids = [one.id for one in scenarios.instruments(plan)]
    quiet = calm(plan, ids)
    assert scenarios.instruments(quiet) == ()
    assert not {one.kind for one in quiet.events} & arrivals.TROUBLE
    grown = [one for one in plan.events if one.kind not in arrivals.TROUBLE]
    assert list(quiet.events) == grown
    assert quiet.demand == plan.demand
    assert plan.start < START


shares = st.lists(st.floats(0, 2), min_size=1, max_size=24)


@given(shares, st.floats(0, 6))
def test_a_stock_ekes_out_and_never_makes_anything(arrives: list[float], months: float) -> None:
    used = eked(np.array(arrives)[:, None], months)[:, 0]
    assert np.all((used >= 0) & (used <= 1))
    assert np.all(np.cumsum(used) <= np.cumsum(arrives) + months + 1e-9)
    assert np.all(used >= np.minimum(arrives, 1.0) - 1e-12)


@given(shares, shares)
def test_the_queue_in_closed_form_is_the_queue_walked(orders: list[float], room: list[float]) -> None:
    length = min(len(orders), len(room))
    came = case.passed(np.array(orders[:length]), np.array([room[:length]]))[0]
    waiting, walked = 0.0, []
    for order, space in zip(orders[:length], room[:length], strict=True):
        waiting += order
        walked.append(min(waiting, space))
        waiting -= walked[-1]
    assert came == pytest.approx(walked, abs=1e-9)

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from toy import toy
from worlds import event, licences

from ytterby.run.chain import events, licensing
from ytterby.run.chain.forcing import Forced, force, summary
from ytterby.run.draws import draw
from ytterby.world.scenarios import Event
from ytterby.world.spreads import Spread

STARTS = 20_000.0 + 7.0 * np.arange(60)


def forced(*told: Event) -> Forced:
    return force(toy(), licences().model_copy(update={"events": told}))


def forcing(one: Forced, draws: int = 3) -> Any:
    return one.inputs(draw(one.parameters, 0, draws)).forcing


def test_what_a_state_decides_does_not_depend_on_the_chunk() -> None:
    """A stockpile, a floor or an investment with a spread: the same in a chunk of 2 as in one of 3."""
    wide = {"median": 2.0, "low": 0.5, "high": 40.0, "kind": "lognormal"}
    one = forced(
        event("stockpile_buy", region="CN", material="metal.NdPr", value=wide),
        event("price_floor", material="oxide.Dy", value={**wide, "median": 10.0}),
        event("investment", region="US", value=wide),
    )
    drawn = draw(one.parameters, 0, 5)
    parts = [one.inputs({k: v[cut] for k, v in drawn.items()}).forcing for cut in (slice(0, 2), slice(2, 5))]
    for name in ("stockpile", "floor", "investment"):
        first, second = (np.asarray(getattr(part, name)) for part in parts)
        np.testing.assert_array_equal(first, second)
        assert np.any(np.nan_to_num(first, neginf=0.0) != 0.0), name


def test_a_share_of_general_licences_stands_from_the_start() -> None:
    told = licences()
    share = told.licensing.model_copy(update={"general_licence_share": Spread(median=0.3, low=0.3, high=0.3)})
    one = force(toy(), told.model_copy(update={"licensing": share}))
    assert np.all(forcing(one).general == 0.3)
    assert np.all(forcing(forced()).general == 0.0)


def days(one: Forced) -> np.ndarray:
    """Days of March 3 to June 29, 2025, both included, within each step, as a share, counted one by one."""
    epoch = date(1970, 1, 1)
    first, last = (date(2025, 3, 3) - epoch).days, (date(2025, 6, 29) - epoch).days
    starts = one.grid.ordinals()
    return np.array([sum(first <= s + k <= last for k in range(7)) / 7 for s in starts])


def test_an_event_holds_on_its_days_and_no_others() -> None:
    one = forced(event("supply_loss", facility="mine_cn", value=0.4))
    f = forcing(one)
    np.testing.assert_allclose(f.output[:, 0], 1.0 + days(one)[:, None] * (0.4 - 1.0) + 0 * f.output[:, 0], rtol=1e-12)
    assert one.structure.output_events[0].tolist() == [name == "mine_cn" for name in toy().facilities]


def test_an_event_without_an_end_holds_to_the_end() -> None:
    one = forced(event("throughput", value=0.5, until=None))
    plain = forcing(forced()).throughput
    found = forcing(one).throughput
    np.testing.assert_allclose(found[30:], 0.5 * plain[30:], rtol=1e-12)
    np.testing.assert_allclose(found[:5], plain[:5], rtol=1e-12)


@given(start=st.integers(-30, 500), length=st.integers(0, 400))
def test_shares_of_steps_add_up_to_days(start: int, length: int) -> None:
    from datetime import timedelta

    first = date(1970, 1, 1) + timedelta(days=20_000 + start)
    one = event("requisition", date=first, until=first + timedelta(days=length))
    share = events.active(one, STARTS, 7.0)
    inside = sum(0 <= d - 20_000 < 420 for d in range(20_000 + start, 20_000 + start + length + 1))
    assert share.sum() * 7.0 == pytest.approx(inside)
    assert np.all((share >= 0) & (share <= 1))


CHANGED = {
    "grant": ("grant", event("grant", region="US", end_use="military", value=0.5)),
    "review_speed": ("speed", event("review_speed", region="US", value=2.0)),
    "general_licence": ("general", event("general_licence", region="US", value=0.3)),
    "tech_control": ("tech", event("tech_control", value=0.8)),
    "requisition": ("requisition", event("requisition")),
    "stockpile_buy": ("stockpile", event("stockpile_buy", region="CN", material="metal.NdPr", value=2.0)),
    "investment": ("investment", event("investment", region="US", value=1e8)),
    "price_floor": ("floor", event("price_floor", material="oxide.Dy", zone="", value=300.0)),
    "refuse_destination": ("refused", event("refuse_destination", region="US", end_use="civil")),
    "buyer_ban": ("refused", event("buyer_ban", region="US")),
    "demand": ("demand", event("demand", product="car", region="US", value=1.3)),
    "reroute": ("lead", event("reroute", region="US", value=1.7)),
    "air_freight": ("lead", event("air_freight", region="US", value=0.4)),
    "border": ("border", event("border", region="US", value=0.2)),
    "offtake": ("offtake", event("offtake", region="US", material="magnet.N", value=0.4)),
    "stockpile_release": ("release", event("stockpile_release", region="US", material="magnet.N", value=0.4)),
}


@pytest.mark.parametrize("kind", CHANGED)
def test_an_event_changes_its_own_input_on_its_own_days(kind: str) -> None:
    field, one = CHANGED[kind]
    plain, told = forced(), forced(one)
    before, after = vars(forcing(plain)), vars(forcing(told))
    held = days(told)
    for name in before:
        a, b = np.asarray(before[name]), np.asarray(after[name])
        if name == field:
            if a.shape != b.shape:
                # a factor that is not there is 1, a release that is not there 0
                a = np.full_like(b, name != "release")
            same = np.array([np.array_equal(a[k], b[k]) for k in range(len(a))])
            assert np.all(same[held == 0.0]), name
            assert not same[held == 1.0].any(), name
        elif name not in ("outlook", "output", "border", "lead"):
            np.testing.assert_array_equal(a, b, err_msg=name)


def test_events_not_yet_known_are_left_out() -> None:
    late = event("supply_loss", facility="mine_cn", value=0.1, known_from=date(2025, 7, 1))
    told = licences().model_copy(update={"events": (late,), "known": date(2025, 6, 30)})
    assert forcing(force(toy(), told)).output.shape[1] == 0
    assert forcing(force(toy(), told.model_copy(update={"known": date(2025, 7, 1)}))).output.shape[1] == 1


def test_money_is_spent_once() -> None:
    one = forced(event("investment", region="US", value=7e8))
    f = forcing(one)
    assert f.investment.sum() * 7.0 == pytest.approx(7e8, rel=1e-9)
    stages = np.array(toy().facility_stage)
    spent = f.investment.sum(axis=0)
    # equal parts by stage: one magnet plant and one metal plant abroad
    assert spent[stages == "magnet"][1] == pytest.approx(spent[stages == "metal"][1])


def test_money_goes_where_it_is_sent() -> None:
    n = toy()
    plant = forcing(forced(event("investment", region="CN", facility="mine_cn", value=7e8))).investment.sum(axis=0)
    stage = forcing(forced(event("investment", region="US", stage="magnet", value=7e8))).investment.sum(axis=0)
    for spent, place in ((plant, "mine_cn"), (stage, "mag_us")):
        assert spent[n.facilities.index(place)] * 7.0 == pytest.approx(7e8, rel=1e-9)
        assert np.count_nonzero(spent) == 1
    with pytest.raises(ValidationError, match="only an investment has a 'stage'"):
        event("reroute", region="US", stage="magnet", value=2.0)


def test_controls_begin_on_the_fourth_of_april() -> None:
    one = forced()
    assert one.controls_from == date(2025, 4, 4)
    assert summary(one)["controls_from"] == "2025-04-04"
    assert summary(one)["clauses"]
    n = toy()
    s = one.structure
    f = forcing(one)
    bound = {n.materials[s.gate_material[k]] for k in range(len(s.gate_region)) if f.licensed[30, k] > 0}
    assert "magnet.UH" in bound
    assert "metal.NdPr" not in bound
    assert np.all(f.licensed[:10] == 0.0)
    # the step in which the fourth of April falls counts the days from it on
    k = int((date(2025, 4, 4) - one.grid.start).days // 7)
    share = (7 - (date(2025, 4, 4) - one.grid.start).days % 7) / 7
    assert f.licensed[k].max() == pytest.approx(share)


def test_the_authority_starts_slow_and_ends_at_its_pace() -> None:
    one = forced()
    drawn = draw(one.parameters, 0, 5)
    still = {**drawn, "licensing:throughput_drift": np.zeros(5)}
    pace = licensing.throughput(still, one.since)
    np.testing.assert_allclose(pace[0], still["licensing:throughput_start"], rtol=1e-12)
    long = licensing.throughput(still, np.array([0.0, 1e5]))
    np.testing.assert_allclose(
        long[1], np.maximum(still["licensing:throughput_max"], still["licensing:throughput_start"])
    )
    assert np.all(np.diff(pace, axis=0) >= 0.0)
    # the walk: one year on, its spread is the drift's, a quarter of a year on half of that
    many = draw(one.parameters, 0, 4000)
    known = {**many, "licensing:throughput_drift": np.ones(4000), "licensing:throughput_growth": np.zeros(4000)}
    walked = np.log(licensing.throughput(known, np.array([0.0, 91.3, 365.2])) / known["licensing:throughput_start"])
    np.testing.assert_allclose(walked.std(axis=1), [0.0, 0.5, 1.0], atol=0.05)


def test_customs_hold_sets_in_and_eases() -> None:
    one = forced()
    drawn = draw(one.parameters, 0, 4)
    since = np.arange(0.0, 3000.0)
    held = licensing.hold(drawn, since)
    top = drawn["licensing:hold_same_code"]
    assert np.all(held[since <= drawn["licensing:hold_delay_days"].min()] == 0.0)
    assert np.all(held <= top)
    assert np.all(held.max(axis=0) > 0.5 * top)
    assert np.all(held[-1] < 0.01 + 0.2 * top)
    more = licensing.restock(drawn, since)
    np.testing.assert_allclose(more[0], 1.0)
    np.testing.assert_allclose(more[-1], drawn["licensing:restock"])


def test_a_start_that_moves_moves_the_ramp() -> None:
    one, late = forced(), forced(event("facility_start", facility="mag_us", value=60.0))
    f = toy().facilities.index("mag_us")
    starts = [x.inputs(draw(x.parameters, 0, 3)).constants.ramp_start[f] for x in (one, late)]
    np.testing.assert_allclose(starts[1] - starts[0], 60.0)


def test_drawn_factors_land_where_they_point() -> None:
    one = forced()
    drawn = draw(one.parameters, 0, 3)
    c, n = one.inputs(drawn).constants, toy()
    f = n.facilities.index("mag_us")
    np.testing.assert_allclose(c.capacity[f], n.capacity[f] * drawn["capacity:mag_us"] / 2900.0)
    sea = n.link_lead == 35.0
    np.testing.assert_allclose(c.lead[sea], n.link_lead[sea, None] * drawn["lead:sea"] / 35.0)
    np.testing.assert_allclose(c.lead[~sea], n.link_lead[~sea, None] + 0 * c.lead[~sea])
    np.testing.assert_allclose(c.cover[n.cover_by == 2][0], 40.0 * drawn["cover:car"] / 40.0)
    mine = n.facilities.index("mine_cn")
    np.testing.assert_allclose(c.capacity[mine], n.capacity[mine] * drawn["mine:x"])


def test_demand_runs_through_its_anchors() -> None:
    one = force(toy(), licences().model_copy(update={"start": date(2025, 1, 1), "end": date(2025, 12, 30)}))
    f = forcing(one)
    assert np.all(np.diff(f.demand[:, 0], axis=0) > 0.0)
    np.testing.assert_allclose(f.demand[0, 0], 10_000.0, rtol=2e-3)
    np.testing.assert_allclose(f.demand[-1, 0], 10_500.0, rtol=2e-3)

from __future__ import annotations

import math
import random
from datetime import date, timedelta
from statistics import NormalDist

import pytest
from hypothesis import given
from hypothesis import strategies as st
from said import content, exports, held

from ytterby.evidence.claims import Claim, Source
from ytterby.evidence.naming import named
from ytterby.evidence.weigh import (
    ACCESS,
    CONFIDENCE,
    DEFAULT_SPREAD,
    HALF_LIFE,
    MODALITY,
    SUPERSEDED,
    Z95,
    ask,
    claim_set,
    grade,
    moved,
    moved_between,
    weigh,
)

EASING = date(2025, 6, 30)


def stated(value: float | None = 100.0, publisher: str = "one", **said: object) -> Claim:
    fields = {"kind": "capacity", "parameter": "p", "value": value, "unit": "t/y", "status": "accepted"}
    fields |= {"access": "read", "confidence": "A", "source": Source(publisher=publisher, year=2025)}
    return Claim(**{**fields, **said})


@st.composite
def pools(draw: st.DrawFn) -> list[Claim]:
    made = []
    for number in range(draw(st.integers(1, 5))):
        value = draw(st.floats(0.1, 1e6))
        down, up = draw(st.floats(0.2, 1.0)), draw(st.floats(1.0, 5.0))
        ranged = draw(st.booleans())
        made.append(
            stated(
                value,
                f"publisher {number}",
                low=value * down if ranged else None,
                high=value * up if ranged else None,
                access=draw(st.sampled_from(sorted(ACCESS))),
                confidence=draw(st.sampled_from(sorted(CONFIDENCE))),
                modality=draw(st.sampled_from(sorted(MODALITY))),
                note=str(number),
                subject=str(number),
            )
        )
    return made


@given(pools())
def test_weights_sum_to_one_and_the_median_lies_among_the_claims(pool: list[Claim]) -> None:
    one = weigh(pool)["p"]
    assert sum(weight for _, weight in one.claims) == pytest.approx(1.0)
    assert {name for name, _ in one.claims} == {claim.id for claim in pool}
    values = [claim.value for claim in pool if claim.value is not None]
    assert min(values) * (1 - 1e-12) <= one.value <= max(values) * (1 + 1e-12)
    assert one.low <= one.value <= one.high


@given(pools(), st.floats(1.01, 10.0))
def test_widening_one_range_widens_the_pool(pool: list[Claim], factor: float) -> None:
    first = pool[0]
    assert first.value is not None
    low, high = first.low or first.value / 1.1, first.high or first.value * 1.1
    narrow = first.model_copy(update={"low": low, "high": high})
    wide = first.model_copy(update={"low": low / factor, "high": high * factor})
    before, after = (weigh([Claim(**c.model_dump(exclude={"id", "assumed"})), *pool[1:]])["p"] for c in (narrow, wide))
    assert after.low < before.low
    assert after.high > before.high
    assert after.value == pytest.approx(before.value)


@given(pools())
def test_disagreement_never_narrows(pool: list[Claim]) -> None:
    """The pooled spread is at least the weighted mean of the claims' own."""
    one = weigh(pool)["p"]
    alone = {claim.id: weigh([claim])["p"].sd for claim in pool}
    within = math.sqrt(sum(weight * alone[name] ** 2 for name, weight in one.claims))
    assert one.sd >= within * (1 - 1e-9)


@given(pools(), st.randoms())
def test_order_does_not_matter(pool: list[Claim], random: object) -> None:
    shuffled = list(pool)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert weigh(pool) == weigh(shuffled)


def test_closed_form_of_two_claims() -> None:
    """Second implementation: two lognormals of equal weight, by hand."""
    a, b = stated(100.0, "one", low=80.0, high=125.0), stated(200.0, "two", low=160.0, high=250.0)
    one = weigh([a, b])["p"]
    own = math.log(1.25) / Z95
    between = (math.log(2.0) / 2) ** 2
    sd = math.sqrt(own**2 + between)
    assert one.value == pytest.approx(math.sqrt(100 * 200))
    assert one.sd == pytest.approx(sd)
    assert one.low == pytest.approx(one.value * math.exp(NormalDist().inv_cdf(0.05) * sd))
    assert one.high == pytest.approx(one.value * math.exp(NormalDist().inv_cdf(0.95) * sd))


def test_one_claim_with_a_range_is_handed_on_as_it_is() -> None:
    one = weigh([stated(70.0, low=20.0, high=90.0)])["p"]
    assert (one.value, one.kind) == (70.0, "lognormal")
    assert one.low == pytest.approx(20.0)
    assert one.high == pytest.approx(90.0)


@pytest.mark.parametrize("grade", ["A", "B", "C"])
def test_without_a_range_the_grade_gives_the_spread(grade: str) -> None:
    assert weigh([stated(confidence=grade)])["p"].sd == pytest.approx(DEFAULT_SPREAD[grade])


@given(st.floats(0.001, 0.999), st.sampled_from(["A", "B", "C"]))
def test_a_share_stays_a_share(value: float, grade: str) -> None:
    one = weigh([stated(value, unit="share", confidence=grade)])["p"]
    assert one.kind == "beta"
    assert 0 < one.low < one.value < one.high < 1


@given(st.lists(st.floats(-1e30, 1e30), min_size=1, max_size=4), st.sampled_from(["t", "share", "year", "log points"]))
def test_wild_figures_are_weighed_without_a_traceback(values: list[float], unit: str) -> None:
    one = weigh([stated(v, str(n), unit=unit, low=min(v, 1e-300)) for n, v in enumerate(values)])["p"]
    assert one.low <= one.value <= one.high
    assert all(math.isfinite(x) for x in (one.low, one.value, one.high))


def test_kinds() -> None:
    assert weigh([stated(-0.2, unit="share")])["p"].kind == "normal"
    assert weigh([stated(0.0)])["p"].kind == "point"
    assert weigh([stated(0.85, spread="exact")])["p"].kind == "point"
    year = weigh([stated(2037.0, unit="year", confidence="C")])["p"]
    assert (year.kind, round(year.high - year.value)) == ("normal", round(3 * Z95))


def test_a_newer_edition_supersedes_and_the_older_stays_listed() -> None:
    old = stated(100.0, "USGS", source=Source(publisher="USGS", year=2024))
    new = stated(200.0, "USGS", source=Source(publisher="USGS via a reprint", year=2025))
    one = weigh([old, new])["p"]
    weights = dict(one.claims)
    assert weights[old.id] == pytest.approx(SUPERSEDED / (1 + SUPERSEDED))
    assert one.value > 180


def test_better_sources_weigh_more() -> None:
    order = ["read", "excerpt", "derived", "digest", "recall"]
    assert [ACCESS[a] for a in order] == sorted(ACCESS.values(), reverse=True)
    for better, worse in (
        ("access", ("read", "recall")),
        ("confidence", ("A", "C")),
        ("modality", ("asserted", "target")),
    ):
        a, b = (stated(v, who, **{better: said}) for v, who, said in zip((1.0, 9.0), "ab", worse, strict=True))
        weights = dict(weigh([a, b])["p"].claims)
        assert weights[a.id] > weights[b.id]


def test_units_are_converted_and_what_cannot_be_is_left_out_and_said() -> None:
    a, b = stated(1.0, "one", unit="t"), stated(1000.0, "two", unit="kg", confidence="B")
    one = weigh([a, b])["p"]
    assert (one.value, one.unit) == (pytest.approx(1.0), "t")
    odd = stated(5.0, "three", unit="day", confidence="C")
    with_odd = weigh([a, b, odd])["p"]
    assert odd.id not in dict(with_odd.claims)
    assert any("unit: " in why for *_, why in with_odd.scope_differences)


def test_only_accepted_named_figures_count() -> None:
    assert weigh([stated(status="pending"), stated(status="rejected"), stated(parameter=""), stated(None)]) == {}


def test_most_of_the_weight_decides_what_is_assumed() -> None:
    solid, weak = stated(1.0, "one"), stated(1.0, "two", access="recall", confidence="C")
    assert not weigh([solid, weak])["p"].assumed
    assert weigh([weak])["p"].assumed


def test_nothing_known_later_is_used(claims: tuple[Claim, ...]) -> None:
    by_id = {claim.id: claim for claim in claims}
    for one in weigh(claims, EASING).values():
        for name, weight in one.claims:
            known = by_id[name].known
            assert known is not None
            assert known <= EASING
            assert weight > 0


@given(st.data())
def test_what_comes_later_changes_nothing_before(claims: tuple[Claim, ...], data: st.DataObject) -> None:
    """On any day, the world with the future cut off is the world with the future in the store."""
    day = date(2019, 1, 1) + timedelta(days=data.draw(st.integers(0, 2900)))
    parameters = data.draw(st.lists(st.sampled_from(claims), min_size=1, max_size=30))
    names = {claim.parameter for claim in parameters}
    some = [claim for claim in claims if claim.parameter in names]
    past = [claim for claim in some if claim.known is not None and claim.known <= day]
    assert weigh(some, day) == weigh(past)


def test_stand_ins_step_aside(by_parameter: dict[str, list[Claim]]) -> None:
    later, stand_in = sorted(by_parameter["capacity:sep_mp"], key=lambda claim: claim.known or date.min, reverse=True)
    assert stand_in.carried_from == later.id
    now, then = weigh([later, stand_in])["capacity:sep_mp"], weigh([later, stand_in], EASING)["capacity:sep_mp"]
    assert now.claims == ((later.id, 1.0),)
    assert then.claims == ((stand_in.id, 1.0),)
    assert not now.assumed
    assert then.assumed
    assert then.high - then.low > now.high - now.low


def test_the_world_of_june_2025_has_what_ran_then(claims: tuple[Claim, ...]) -> None:
    then = weigh(claims, EASING)
    running = ("capacity:mag_jp", "capacity:sep_lynas_my", "capacity:sep_mp", "mine:kachin", "recipe:lt_qual_auto")
    later = ("capacity:mag_mp10x", "recipe:lt_license", "trade:export:CN:WLD:magnets:2025-07")
    assert all(name in then for name in running)
    assert not any(name in then for name in later)


def test_an_edition_does_not_know_the_next(by_parameter: dict[str, list[Claim]]) -> None:
    pool = by_parameter["production:BR:2024:mine_output_REO"]
    then, now = (weigh(pool, day)["production:BR:2024:mine_output_REO"] for day in (EASING, None))
    assert then.value == 20.0
    assert then.high < 30.0
    assert now.value > 300.0
    assert "edition: 2026 revises 2025" in {why for *_, why in now.scope_differences}


def test_every_pool_of_the_baseline_is_sound(claims: tuple[Claim, ...]) -> None:
    for one in weigh(claims).values():
        assert sum(weight for _, weight in one.claims) == pytest.approx(1.0)
        assert all(math.isfinite(x) for x in (one.low, one.value, one.high, one.sd))
        assert one.low <= one.value <= one.high
        assert one.to_dict()["parameter"] == one.parameter


def test_pending_claims_show_their_contradictions_and_weigh_nothing(claims: tuple[Claim, ...]) -> None:
    name = "trade:export:CN:JP:magnets:2025-12"
    (read,) = named([exports(280)])
    asked = ask([*claims, read])[name]
    weighed = weigh([*claims, read])
    assert weighed == weigh(claims)
    assert asked.pooled is not None
    assert (asked.value, asked.pooled.claims) == (weighed[name].value, weighed[name].claims)
    assert (read.id, 0.0, "pending") in asked.claims
    by_id = {claim.id: claim for claim in [*claims, read]}
    assert {tuple(sorted((by_id[a].value, by_id[b].value))) for a, b in asked.conflicts} == {(280.0, 411.0)}
    assert any(read.id in pair for pair in asked.conflicts)


def test_a_parameter_with_nothing_accepted_has_no_value_but_its_conflicts() -> None:
    pounds, elemental = content(920, "lb/unit", "rare earths"), content(None, "kg/unit", "稀土元素", low=11, high=20)
    rejected = content(500, "kg/unit", "rare earths", status="rejected", document="r" * 64)
    everything = named([pounds, elemental, rejected])
    assert weigh(everything) == {}
    (one,) = ask(everything).values()
    assert (one.parameter, one.value, one.pooled) == ("intensity:f35", None, None)
    assert len(one.conflicts) == 3
    assert {status for *_, status in one.claims} == {"pending", "rejected"}
    told = one.to_dict()
    assert (told["value"], told["unit"], len(told["claims"])) == (None, "", 3)  # type: ignore[arg-type]
    assert set(told) >= {"parameter", "value", "low", "high", "unit", "claims", "conflicts", "scope_differences"}


def test_claims_without_a_name_are_given_theirs_when_asked() -> None:
    assert list(ask([exports(280)])) == list(ask(named([exports(280)])))


def test_a_knowledge_date_leaves_out_what_was_not_known() -> None:
    early, late = named([exports(280), exports(411, known=date(2026, 3, 1))])
    assert len(ask([early, late], date(2026, 2, 1))["trade:export:CN:JP:magnets:2025-12"].claims) == 1
    assert ask([late], date(2026, 2, 1)) == {}


def test_an_article_never_changes_the_unit_of_a_parameter() -> None:
    row = Claim(
        kind="intensity", parameter="intensity:f35", value=418.0, unit="kg/unit", status="accepted", confidence="C"
    )
    (read,) = named([content(920, "lb/unit", "rare earths", status="accepted", confidence="A")])
    both = weigh([row, read])["intensity:f35"]
    assert both.unit == "kg/unit"
    assert 417 < both.value < 418
    alone = weigh([read])["intensity:f35"]
    assert (alone.unit, alone.value) == ("kg/unit", pytest.approx(417.304980))


def test_percent_and_share_pool() -> None:
    row = Claim(kind="share", parameter="share:magnet:CN:2025:magnets", value=0.8, unit="share", status="accepted")
    (read,) = named([held(90, "rare earth magnets", period="2025", status="accepted")])
    one = weigh([row, read])["share:magnet:CN:2025:magnets"]
    assert one.unit == "share"
    assert 0.8 < one.value < 0.9


def test_figures_whose_units_do_not_meet_are_left_out() -> None:
    row = Claim(kind="price", parameter="p", value=100.0, unit="USD/kg", status="accepted", document="baseline:prices")
    odd = exports(700, status="accepted", parameter="p")
    one = weigh([row, odd])["p"]
    assert (one.value, one.unit, [key for key, _ in one.claims]) == (100.0, "USD/kg", [row.id])


def test_what_moved_is_named_with_the_claims_responsible(claims: tuple[Claim, ...]) -> None:
    (read,) = named(
        [content(None, "kg/unit", "neodymium magnets", subject="humanoid robot", low=4, high=6, status="accepted")]
    )
    before, after = weigh(claims), weigh([*claims, read])
    (one,) = moved(before, after)
    assert one.parameter == "intensity:humanoid"
    assert one.claims[0] == read.id
    assert one.before is not None
    assert one.after is not None
    assert one.after > one.before
    assert one.change == pytest.approx(one.after / one.before - 1)
    assert moved(before, before) == []
    (gone,) = moved(after, before)
    assert (gone.before, gone.after) == (one.after, one.before)
    (new,) = moved({}, {"p": after["intensity:humanoid"]})
    assert (new.before, new.change) == (None, None)


@pytest.mark.parametrize("seed", range(3))
def test_what_moved_between_two_days_is_what_two_weighings_say(claims: tuple[Claim, ...], seed: int) -> None:
    chance = random.Random(seed)
    then, now = date(2025, 1 + 2 * seed, 15), date(2026, 6, 30)
    sides = [
        [claim.model_copy(update={"status": "rejected"}) if chance.random() < 0.03 else claim for claim in claims]
        for _ in range(2)
    ]
    slow = moved(weigh(sides[0], then), weigh(sides[1], now))
    assert slow
    assert moved_between(sides[0], then, sides[1], now) == slow
    assert moved_between(sides[0], now, sides[0], now) == []


def test_the_claim_set_is_named_by_what_is_weighed(claims: tuple[Claim, ...]) -> None:
    (read,) = named([exports(280)])
    taken = read.model_copy(update={"status": "accepted"})
    plain = claim_set(claims)
    assert claim_set([*reversed(claims), read]) == plain, "a pending claim is not weighed"
    assert claim_set([*claims, taken]) != plain
    assert claim_set([*claims, taken], date(2026, 1, 1)) == claim_set(claims, date(2026, 1, 1)), "known later"


@given(st.permutations([exports(280), exports(411, document="b" * 64), exports(280, document="c" * 64)]))
def test_the_order_of_read_claims_is_no_matter(claims: list[Claim]) -> None:
    taken = [claim.model_copy(update={"status": "accepted"}) for claim in named(claims)]
    assert weigh(taken) == weigh(list(reversed(taken)))
    assert ask(taken) == ask(list(reversed(taken)))


def test_an_old_article_weighs_less_than_a_new_one_and_a_row_does_not_age() -> None:
    def of(year: int, value: float, **more: object) -> Claim:
        fields = {"known": date(year, 1, 1), "document": f"{year:064}", "publisher": f"Paper {year}", **more}
        return content(value, "kg/unit", "rare earths", status="accepted", **fields)

    old, new = named([of(2020, 500), of(2026, 15)])
    weights = dict(weigh([old, new])["intensity:f35"].claims)
    assert weights[new.id] / weights[old.id] == pytest.approx(2 ** (6 / HALF_LIFE), rel=1e-3)
    row = Claim(
        kind="intensity",
        parameter="intensity:f35",
        value=418.0,
        unit="kg/unit",
        status="accepted",
        known=date(2010, 1, 1),
    )
    among = dict(weigh([row, new])["intensity:f35"].claims)
    assert among[row.id] / among[new.id] == pytest.approx(grade(row) / grade(new))

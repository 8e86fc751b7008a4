"""Exposure: exact against brute force, sound where facts are missing, and right on the very line."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ytterby.rules import bills, exposure, pricing, rollup
from ytterby.rules.bills import Bill, Thing
from ytterby.rules.rollup import Share
from ytterby.terms.errors import BadValue, UnknownName

amounts = st.builds(Fraction, st.integers(0, 60), st.sampled_from([1, 2, 3, 7, 10, 1000]))
counts = st.builds(Fraction, st.integers(1, 5), st.sampled_from([1, 1, 1, 2, 3]))
origins = st.sampled_from(["CN", "DE", "JP"])


@dataclass(frozen=True)
class Whole:
    """A bill of which everything is told, and which of its things are made of others."""

    bill: Bill

    @property
    def made(self) -> set[str]:
        """Things that are made of others."""
        return {parent for parent, _, _ in self.bill.uses}


def worth(bill: Bill, name: str, added: Mapping[str, Fraction]) -> Fraction:
    """Value of a piece, by walking every way down."""
    parts = [(child, count) for parent, child, count in bill.uses if parent == name]
    if not parts:
        return bill.things[name].value or Fraction(0)
    return added[name] + sum((count * worth(bill, child, added) for child, count in parts), Fraction(0))


def of_origin(bill: Bill, name: str, added: Mapping[str, Fraction], origin: str) -> Fraction:
    """Value from one origin in a piece, by walking every way down."""
    thing = bill.things[name]
    parts = [(child, count) for parent, child, count in bill.uses if parent == name]
    own = added[name] if parts else thing.value or Fraction(0)
    below = sum((count * of_origin(bill, child, added, origin) for child, count in parts), Fraction(0))
    return below + (own if thing.origin == origin else 0)


@st.composite
def wholes(draw: st.DrawFn) -> tuple[Whole, dict[str, Fraction]]:
    """A bill with shared parts, everything told, and what each thing adds to its parts."""
    size = draw(st.integers(2, 8))
    names = [f"t{number}" for number in range(size)]
    uses: dict[tuple[str, str], Fraction] = {}
    for at in range(1, size):
        for parent in draw(st.sets(st.integers(0, at - 1), min_size=1, max_size=3)):
            uses[names[parent], names[at]] = draw(counts)
    things = {name: Thing(name, value=draw(amounts), mass=draw(amounts), origin=draw(origins)) for name in names}
    bill = Bill(things, tuple((parent, child, count) for (parent, child), count in uses.items()))
    made = {parent for parent, _ in uses}
    added = {name: draw(amounts) for name in names if name in made}
    told = {
        name: replace(thing, value=worth(bill, name, added)) if name in made else thing
        for name, thing in things.items()
    }
    return Whole(replace(bill, things=told)), added


@st.composite
def gappy(draw: st.DrawFn) -> tuple[Bill, Bill, dict[str, Fraction]]:
    """A whole bill, the same with values and origins taken out, and what things add to their parts."""
    whole, added = draw(wholes())
    things = {}
    for name, thing in whole.bill.things.items():
        value = draw(st.sampled_from([thing.value, thing.value, None]))
        origin = draw(st.sampled_from([thing.origin, thing.origin, ""]))
        things[name] = replace(thing, value=value, origin=origin)
    return whole.bill, replace(whole.bill, things=things), added


def of(*lines: str, heads: str = "parent,child,quantity,value_usd,mass_kg,origin,material,Dy") -> Bill:
    names = heads.split(",")
    return bills.of([dict(zip(names, line.split(","), strict=False)) for line in lines])


def margin(bill: Bill, line: str, origin: str = "CN") -> exposure.Margin:
    return next(one for one in exposure.roll_up(bill).margins(origin) if one.line.id == line)


def exactly(part: Fraction | int | str) -> Share:
    return Share(Fraction(part), Fraction(part))


@given(wholes())
def test_shares_equal_a_walk_down_every_way(made: tuple[Whole, dict[str, Fraction]]) -> None:
    whole, added = made
    rolled = exposure.roll_up(whole.bill, "t0")
    total = worth(whole.bill, "t0", added)
    assert rolled.value == total
    for origin in ("CN", "DE", "JP"):
        part = of_origin(whole.bill, "t0", added, origin)
        assert rolled.by_origin.get(origin, (0, 0))[0] == part
        if total:
            assert rolled.origin_share(origin) == exactly(part / total)
    assert sum(value for value, _ in rolled.by_origin.values()) == total


@given(wholes(), st.randoms(use_true_random=False))
def test_the_order_of_lines_is_no_matter(made: tuple[Whole, dict[str, Fraction]], dice: random.Random) -> None:
    bill = made[0].bill
    uses = dice.sample(bill.uses, len(bill.uses))
    things = dict(dice.sample(list(bill.things.items()), len(bill.things)))
    one, other = exposure.roll_up(bill, "t0"), exposure.roll_up(Bill(things, tuple(uses)), "t0")
    assert (one.value, one.mass, one.by_origin) == (other.value, other.mass, other.by_origin)
    assert [m.to_dict() for m in one.margins()] == [m.to_dict() for m in other.margins()]


@given(gappy())
@settings(max_examples=150)
def test_what_is_missing_makes_an_interval_that_holds_the_truth(made: tuple[Bill, Bill, dict[str, Fraction]]) -> None:
    whole, gaps, added = made
    total = worth(whole, "t0", added)
    if not total:
        return
    for origin in ("CN", "DE"):
        truth = of_origin(whole, "t0", added, origin) / total
        found = exposure.roll_up(gaps, "t0")
        try:
            share = found.origin_share(origin)
        except BadValue:
            continue  # nothing of worth is told
        untold = [name for name in whole.things if gaps.things[name].value is None]
        made_of_others = {parent for parent, _, _ in whole.uses}
        if any(name in made_of_others and added[name] for name in untold):
            continue  # a whole that nobody told is taken as its parts: another bill, not a gap
        assert share.low <= truth <= share.high
        if not untold and all(thing.origin for thing in gaps.things.values()):
            assert share.exact


@given(wholes())
def test_pieces_equal_a_walk_down_every_way(made: tuple[Whole, dict[str, Fraction]]) -> None:
    bill = made[0].bill

    def count(of_name: str, within: str) -> Fraction:
        if of_name == within:
            return Fraction(1)
        return sum((n * count(of_name, child) for parent, child, n in bill.uses if parent == within), Fraction(0))

    assert rollup.pieces(bill, "t0") == {name: count(name, "t0") for name in bills.in_order(bill, "t0")}


def test_exactly_a_thousandth_is_reached_and_a_hair_less_is_not() -> None:
    heads = ",product,,1000,,DE,,"
    at = of(heads, "product,magnet,3,1/3,0.001,CN,magnet.UH,0.03")
    assert margin(at, "cn-61-value").share == exactly("1/1000")
    assert margin(at, "cn-61-value").verdict == "reached"
    below = of(heads, "product,magnet,3,0.33333333,0.001,CN,magnet.UH,0.03")
    assert margin(below, "cn-61-value").verdict == "below"
    found = margin(at, "cn-61-value").margin
    assert found == (0, 0)


def test_a_hundred_small_parts_do_not_drift() -> None:
    lines = [f"product,part{n},1,0.1,,CN,metal.Dy,1" for n in range(100)]
    bill = of(",product,,10000,,DE,,", *lines)
    assert margin(bill, "cn-61-value").share == exactly("1/1000")
    assert sum([0.1] * 100) != 10.0, "floats do drift"


def test_both_readings_of_the_value_share_stand_side_by_side() -> None:
    bought = of(",motor,,1000,,DE,,", "motor,magnet,1,100,1,CN,magnet.UH,0.03")
    assert margin(bought, "cn-61-value").share == exactly("1/10")
    assert margin(bought, "cn-61-part-1").share == Share(Fraction(0), Fraction(1, 10))
    own = of(",magnet,,1000,1,DE,magnet.UH,0.03", "magnet,dysprosium,1,20,0.03,CN,metal.Dy,1")
    assert margin(own, "cn-61-part-1").share == exactly("1/50")
    yttria = of(",magnet,,1000,1,DE,magnet.UH,0.03", "magnet,yttria,1,20,0.03,CN,oxide.Y,0")
    assert margin(yttria, "cn-61-part-1").share == exactly(0), "of the oxides only those of Dy and Tb are listed"


def test_a_magnet_made_of_told_parts_counts_by_who_made_it() -> None:
    parts = ["motor,magnet,1,100,1,{maker},magnet.UH,0.03", "magnet,metal,1,30,0.3,{metal},metal.Dy,1"]
    for maker, metal, share in (("CN", "AU", "1/10"), ("JP", "CN", "3/100"), ("JP", "AU", "0")):
        bill = of(",motor,,1000,,DE,,", *(part.format(maker=maker, metal=metal) for part in parts))
        assert margin(bill, "cn-61-value").share == exactly(share), (maker, metal)


def test_what_a_thing_adds_to_its_parts_stands_under_its_own_origin() -> None:
    rolled = exposure.roll_up(of(",motor,,100,,CN,,", "motor,part,1,40,,DE,,"))
    assert rolled.origin_share("CN") == exactly("3/5")
    untold = exposure.roll_up(of(",motor,,100,,,,", "motor,part,1,40,,DE,,"))
    assert untold.origin_share("CN") == Share(Fraction(0), Fraction(3, 5))


def test_what_is_missing_is_undetermined_and_never_below() -> None:
    no_value = of(",motor,,1000,,DE,,", "motor,magnet,1,,1,CN,magnet.UH,0.03", "motor,case,1,10,,DE,,")
    assert margin(no_value, "cn-61-value").share == Share(Fraction(0), Fraction(99, 100))
    assert margin(no_value, "cn-61-value").verdict == "undetermined"
    no_origin = of(",motor,,1000,,DE,,", "motor,magnet,1,5,1,,magnet.UH,0.03")
    assert margin(no_origin, "cn-61-value").verdict == "undetermined"
    no_content = of(",motor,,1000,,DE,,", "motor,magnet,1,5,1,CN,magnet.NdFeB,", "motor,case,1,1,1,DE,,0")
    assert margin(no_content, "cn-61-value").verdict == "undetermined"
    assert margin(no_content, "cn-18-mass").verdict == "undetermined"
    missing = {(part, what) for part, what in exposure.roll_up(no_content).missing}
    assert ("magnet", "composition") in missing
    assert ("case", "composition") not in missing
    nothing = of("motor,case,1,,,,,", "motor,lid,1,,,,,")
    assert {m.verdict for m in exposure.roll_up(nothing).margins()} <= {"undetermined", "nothing"}


def test_a_motor_that_was_bought_may_hold_listed_magnets() -> None:
    bill = of(",robot,,1000,,DE,,", "robot,drive,1,300,4,CN,motor,", "robot,case,1,1,1,DE,,0")
    assert margin(bill, "cn-61-value").share == Share(Fraction(0), Fraction(3, 10))
    assert margin(bill, "us-50-cots").share == Share(Fraction(0), Fraction(4, 5))


def test_dy_and_tb_are_looked_for_in_each_magnet() -> None:
    lines = [",motor,,1000,,DE,,", "motor,big,1,1,10,CN,magnet.N,0", "motor,small,1,1,0.001,CN,magnet.UH,{}"]
    strong = of(*lines[:2], lines[2].format("0.0011"))
    assert margin(strong, "cn-18-mass").verdict == "reached"
    assert margin(strong, "cn-18-mass").share == exactly("0.0011")
    assert margin(of(*lines[:2], lines[2].format("0.001")), "cn-18-mass").verdict == "below", (
        "no more than 0.1 % is free"
    )
    assert margin(of(",case,,1,1,DE,,0"), "cn-18-mass").verdict == "nothing"


def test_dy_of_a_magnet_is_found_in_what_it_is_made_of() -> None:
    lines = [",magnet,,100,2,DE,magnet.NdFeB,", "magnet,Dy,1,1,0.01,CN,metal.Dy,1", "magnet,iron,1,1,1.99,DE,,0"]
    assert margin(of(*lines), "cn-18-mass").share == exactly("1/200")


def test_rare_earths_by_origin_and_from_recycling() -> None:
    heads = "parent,child,quantity,mass_kg,origin,material,Nd,recycled"
    bill = of(
        "motor,one,1,1,CN,magnet.N,0.3,0.5", "motor,two,1,2,JP,magnet.N,0.3,0", "motor,case,1,9,DE,,0,", heads=heads
    )
    assert margin(bill, "eu-65-mass").share == exactly("1/3")
    assert margin(bill, "eu-25-recycled").share == exactly("1/6")
    untold = of("motor,one,1,1,CN,magnet.N,0.3,0.5", "motor,two,1,2,JP,magnet.N,0.3,", heads=heads)
    assert margin(untold, "eu-25-recycled").share == Share(Fraction(1, 6), Fraction(5, 6))


def test_covered_material_by_weight() -> None:
    heads = "parent,child,quantity,mass_kg,material,Nd,W,cots"
    half = of("item,magnet,1,1,magnet.N,0.3,,", "item,weight,1,2,,0,0.95,", "item,case,1,3,,0,0,", heads=heads)
    assert margin(half, "us-50-cots").share == exactly("1/2")
    assert margin(half, "us-50-cots").verdict == "reached"
    told = of(",item,,,,,,no", "item,magnet,1,1,magnet.N,0.3,,", heads=heads)
    assert "exemption does not arise" in margin(told, "us-50-cots").note


def test_a_taint_is_no_share() -> None:
    heads = "parent,child,quantity,technology_origin,material,Dy"
    lines = ["motor,magnet,1,CN,magnet.UH,0.03", "motor,other,1,,magnet.UH,0.03", "motor,case,1,,,0"]
    found = exposure.roll_up(of(*lines, heads=heads)).taint("CN")
    assert (found.verdict, found.parts, found.untold) == ("reached", ("magnet",), ("other",))
    open_ = exposure.roll_up(of(*lines[1:], heads=heads)).taint("CN")
    assert open_.verdict == "undetermined"
    assert exposure.roll_up(of(lines[2], heads=heads)).taint("CN").verdict == "below"


def test_shared_parts_do_not_take_exponential_time() -> None:
    lines = [f"p{n},p{n + 1},{count},,,,," for n in range(300) for count in (1, 1)]
    bill = of(*lines, "p300,leaf,1,1,1,CN,,0")
    assert rollup.pieces(bill, "p0")["leaf"] == 2**300
    assert exposure.roll_up(bill).origin_share("CN") == exactly(1)


@given(wholes(), st.integers(1, 9))
def test_twice_the_prices_leave_shares_alone(made: tuple[Whole, dict[str, Fraction]], factor: int) -> None:
    bill = made[0].bill
    things = {name: replace(t, value=None if t.value is None else t.value * factor) for name, t in bill.things.items()}
    dear = replace(bill, things=things)
    assert [m.share for m in exposure.roll_up(bill, "t0").margins()] == [
        m.share for m in exposure.roll_up(dear, "t0").margins()
    ]


def test_a_price_date_moves_the_share_over_the_line(tmp_path: Path) -> None:
    bill = of(",product,,1000,,DE,,", "product,dysprosium,1,1,0.002,CN,metal.Dy,1", "product,case,1,9,,DE,,0")
    path = tmp_path / "prices.csv"
    path.write_text("date,material,usd_per_kg\n2025-06-01,Dy metal,800\n2025-03-01,dysprosium metal,400\n", "utf-8")
    series = pricing.by_price_date(bill, pricing.load(path))
    assert [one.on for one in series] == [date(2025, 3, 1), date(2025, 6, 1)]
    shares = [next(m.share for m in one.margins if m.line.id == "cn-61-value") for one in series]
    # The product moves by what its part moves: 1000 - 0.2 and 1000 + 0.6.
    assert shares == [exactly(Fraction("0.8") / Fraction("999.8")), exactly(Fraction("1.6") / Fraction("1000.6"))]
    crossed = [one for one in pricing.crossings(series) if one.line == "cn-61-value"]
    assert [(one.on, one.before, one.after) for one in crossed] == [(date(2025, 6, 1), "below", "reached")]


PRICES = [
    ("date,material,usd_per_kg\nsoon,Dy metal,1\n", "line 2, column date"),
    ("date,material,usd_per_kg\n2025-01-01,Dy metal,-1\n", "line 2"),
    ("date,material,usd_per_kg\n2025-01-01,Dy metal,much\n", "line 2, column usd_per_kg"),
    ("date,material,usd_per_kg\n2025-01-01,,1\n", "line 2"),
    ("date,material,usd_per_kg\n2025-01-01,Dy metal,1\n2025-01-01,Dy metal,2\n", "line 3"),
    ("date,material,price\n2025-01-01,Dy metal,1\n", "line 2"),
    ("date,material,usd_per_kg\n", "prices.csv"),
]


@pytest.mark.parametrize(("text", "place"), PRICES)
def test_nice_errors_of_prices(tmp_path: Path, text: str, place: str) -> None:
    path = tmp_path / "prices.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises((BadValue, UnknownName)) as refused:
        pricing.load(path)
    assert place in refused.value.place


def test_nice_errors() -> None:
    with pytest.raises(BadValue, match="told to be worth 10 and its parts come to 40"):
        exposure.roll_up(of(",motor,,10,,DE,,", "motor,part,4,10,,CN,,"))
    two = of("a,b,1,1,,,,", "c,d,1,1,,,,")
    with pytest.raises(BadValue, match="2 products: a, c"):
        exposure.roll_up(two)
    with pytest.raises(UnknownName, match="'e'"):
        exposure.roll_up(two, "e")
    with pytest.raises(BadValue, match="is 0"):
        exposure.roll_up(of("a,b,1,0,,CN,,")).origin_share("CN")

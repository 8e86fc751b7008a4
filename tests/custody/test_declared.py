"""Counts that were declared and not captured: they close a balance as a stock-taking does, and hang an alarm on it."""

from __future__ import annotations

import datetime
from dataclasses import astuple
from pathlib import Path

import numpy as np
import pytest
from tests.custody.moved import born, counted, gone, grounded, lot, piece, registry, sent, taken, turned

from ytterby.custody.alarms.alarm import Alarm
from ytterby.custody.alarms.finding import alarms
from ytterby.custody.balance import Line, balance
from ytterby.custody.event import Event
from ytterby.custody.monthly import monthly
from ytterby.custody.registry import Count, Registry
from ytterby.rules import pages
from ytterby.terms.errors import BadValue

ENDS = (30, 58, 89)
"""Last days of January, February and March 2026, from the first of January."""
OXIDE, METAL = "oxide.Dy", "metal.Dy"
NOW = datetime.datetime(2026, 6, 1, tzinfo=datetime.UTC)


def day(after: float) -> str:
    return (datetime.date(2026, 1, 1) + datetime.timedelta(days=int(after))).isoformat()


def works(seed: int) -> list[Event]:
    """Three months of oxide coming in, metal being made and sent on."""
    dice = np.random.default_rng(seed)
    told: list[Event] = []
    for week in range(12):
        came = piece(f"o{week}", float(dice.integers(50, 100)), OXIDE, Dy=0.87)
        used = piece(f"o{week}", float(dice.integers(20, 45)), OXIDE)
        made = piece(f"m{week}", float(dice.integers(10, 19)), METAL, Dy=0.999)
        told += [born(7 * week, "sep", came), turned(7 * week + 1, "sep", [used], [made], process="melt")]
        told.append(sent(7 * week + 2, "sep", "maker", piece(f"m{week}", float(dice.integers(1, 9)), METAL)))
    return told


def on_the_books(events: list[Event], end: int) -> dict[tuple[str, str], int]:
    """(lot, material) → micrograms at the works, at the end of a day."""
    held: dict[tuple[str, str], int] = {}
    last = (datetime.date.fromisoformat(day(end)) - datetime.date(1970, 1, 1)).days * 86_400_000_000 + 86_400_000_000
    for one in events:
        for part in one.pieces if one.time < last else ():
            sign = -1 if part.role == "input" or one.step == "shipping" else 1
            held[part.lot, part.material] = held.get((part.lot, part.material), 0) + sign * (part.mass or 0)
    return {key: mass for key, mass in held.items() if mass}


@pytest.mark.parametrize("seed", range(6))
def test_counts_of_every_material_are_a_stock_taking(tmp_path: Path, seed: int) -> None:
    """Told as an event, lot by lot, or declared, by material: the same balance, of mass and of elements."""
    events, dice = works(seed), np.random.default_rng(seed)
    takings, counts = [], []
    for end in ENDS:
        held = on_the_books(events, end)
        found = {key: mass * (1.0 - 0.1 * float(dice.random())) / 1e9 for key, mass in held.items()}
        if seed % 2:  # a plain difference: all lots of a material alike, so that contents cannot differ
            found = {key: mass * 0.97 / 1e9 for key, mass in held.items()}
        takings.append(counted(end + 0.9, "sep", *(
            piece(name.rpartition("/")[2], kg, material) for (name, material), kg in found.items()
        )))  # fmt: skip
        for material in (OXIDE, METAL):
            kg = sum(mass for (_, of), mass in found.items() if of == material)
            counts.append(Count(facility="sep", day=day(end), material=material, kg=kg))
    by_event = balance(grounded(tmp_path / "event", [*events, *takings]), "sep")
    by_word = balance(grounded(tmp_path / "word", events, registry(counts=tuple(counts))), "sep")
    assert [one.month for one in by_event] == [one.month for one in by_word]
    for one, other in zip(by_event, by_word, strict=True):
        assert one.counted is other.counted is True
        for name in ("opening", "closing", "loss", "unexplained", "received", "shipped"):
            assert getattr(other, name) == pytest.approx(getattr(one, name), rel=1e-6, abs=1e-6), name


def lines(at_path: Path, events: list[Event], *counts: Count) -> list[Line]:
    return [one for one in balance(grounded(at_path, events, registry(counts=counts)), "sep") if not one.element]


def test_a_count_of_one_thing_changes_that_alone_and_is_carried_on(tmp_path: Path) -> None:
    events = works(0)
    plain = lines(tmp_path / "plain", events)
    booked = sum(mass for (_, of), mass in on_the_books(events, ENDS[1]).items() if of == METAL) / 1e9
    told = lines(tmp_path / "told", events, Count(facility="sep", day=day(ENDS[1]), material=METAL, kg=booked - 5))
    assert [one.counted for one in told] == [False, True, False]
    assert told[1].unexplained == pytest.approx(plain[1].unexplained + 5)
    assert told[1].closing == told[2].opening == pytest.approx(plain[1].closing - 5)
    assert told[2].unexplained == pytest.approx(plain[2].unexplained)
    assert astuple(told[0]) == astuple(plain[0])


def test_what_a_stock_taking_found_is_not_found_again(tmp_path: Path) -> None:
    events = works(1)
    short = {key: mass - (4 * 10**9 if key[1] == METAL and n == 0 else 0)
             for n, (key, mass) in enumerate(sorted(on_the_books(events, ENDS[0]).items()))}  # fmt: skip
    taking = counted(ENDS[0] + 0.5, "sep", *(piece(name.rpartition("/")[2], mass / 1e9, of)
                                             for (name, of), mass in short.items()))  # fmt: skip
    found = sum(on_the_books(events, ENDS[0]).values()) - sum(short.values())
    assert found == 4 * 10**9
    booked = sum(mass for (_, of), mass in on_the_books(events, ENDS[1]).items() if of == METAL) / 1e9
    same = Count(facility="sep", day=day(ENDS[1]), material=METAL, kg=booked - 4, sigma_kg=0.1)
    told = lines(tmp_path, [*events, taking], same)
    assert told[0].unexplained == pytest.approx(4)
    assert told[1].unexplained == pytest.approx(0, abs=1e-9)
    assert told[1].counted


def short_of(tmp: Path, *counts: Count, more: list[Event] | None = None) -> list[Alarm]:
    events = [born(3, "sep", piece("a", 500.0, OXIDE)), gone(80, "sep", piece("a", 1.0, OXIDE)), *(more or [])]
    return alarms(grounded(tmp, events, Registry(**{**dict(registry()), "counts": counts})), only=["stocks"])


def test_a_declared_shortage_is_called_with_the_count_it_rests_on(tmp_path: Path) -> None:
    (one,) = short_of(tmp_path / "short", Count(facility="sep", day=day(ENDS[0]), lot=lot("a"), kg=450))
    assert (one.kind, one.facility, one.basis) == ("shortage", "sep", "discoveries")
    assert one.mass == pytest.approx(50)
    assert any("450.00 kg" in text and "500.00 kg" in text for text in one.evidence)
    assert short_of(tmp_path / "right", Count(facility="sep", day=day(ENDS[0]), lot=lot("a"), kg=500.2)) == []


def test_a_declared_surplus_of_what_was_sent_is_a_gap_in_the_records(tmp_path: Path) -> None:
    way = [born(1, "mine", piece("b", 60.0, OXIDE)), sent(5, "mine", "sep", piece("b", 60.0, OXIDE))]
    count = Count(facility="sep", day=day(ENDS[0]), material=OXIDE, kg=560)
    (one,) = short_of(tmp_path / "gap", count, more=way)
    assert (one.kind, one.grade) == ("surplus", "record")
    received = [*way, taken(9, "mine", "sep", piece("b", 60.0, OXIDE))]
    assert short_of(tmp_path / "whole", count, more=received) == []


@pytest.mark.parametrize("seed", range(4))
def test_the_monthly_report_closes_by_them_as_the_balance_does(tmp_path: Path, seed: int) -> None:
    """Counts of materials, of a lot, of all there is, stock-takings between: every line closes, and the sums agree."""
    events, dice = works(seed), np.random.default_rng(seed + 100)
    counts = []
    for end in ENDS:
        books = on_the_books(events, end)
        for material in (OXIDE, METAL):
            kg = sum(mass for (_, of), mass in books.items() if of == material) / 1e9
            if dice.random() < 0.7:
                counts.append(Count(facility="sep", day=day(end), material=material, kg=round(0.95 * kg, 3)))
    counts.append(Count(facility="sep", day=day(50), lot=lot("o3"), kg=1.25))
    if seed % 2:
        counts.append(Count(facility="sep", day=day(80), kg=100.0))
        counts.append(Count(facility="sep", day=day(70), material="alloy.SH", kg=2.0))
    if seed > 1:
        found = on_the_books(events, ENDS[0])
        events.append(counted(ENDS[0] + 3.5, "sep", *(piece(name.rpartition("/")[2], 0.9 * mass / 1e9, of)
                                                      for (name, of), mass in found.items())))  # fmt: skip
    at = grounded(tmp_path, events, registry(counts=tuple(counts)))
    before: dict[str, int] = {}
    for line in (one for one in balance(at, "sep") if not one.element):
        made = monthly(at, line.month, {}, facility="sep", now=NOW)
        stocks = {one.material: one for one in made.stocks}
        for name, one in stocks.items():
            came = one.opening + one.received + one.commissioned + one.made
            assert came - one.used - one.shipped - one.removed - one.counted_short == one.closing
            assert before.get(name, 0) == one.opening
        before = {name: one.closing for name, one in stocks.items()}
        for name in ("opening", "closing"):
            assert sum(getattr(one, name) for one in made.stocks) / 1e9 == pytest.approx(getattr(line, name), abs=1e-6)
        assert any(one.counted for one in made.stocks) is line.counted
    declared = [one for one in counts if one.day == day(ENDS[2]) and one.material]
    if seed % 2 == 0:
        for count in declared:
            assert stocks[count.material].closing == round(count.kg * 1e9)
            assert stocks[count.material].declared


@pytest.mark.parametrize("day", ["2026-03-31", '"2026-03-31"'])
def test_a_day_stands_in_the_registry_as_the_docs_have_it(day: str) -> None:
    text = f"counts:\n  - {{facility: works, day: {day}, material: magnet.N, kg: 812.5, sigma_kg: 0.5}}\n"
    assert pages.typed(pages.compose(text, "registry.yaml"), Registry).counts[0].day == "2026-03-31"


@pytest.mark.parametrize("wrong", [{"day": "2026-02-30"}, {"day": "soon"}, {"kg": -1}, {"lot": "x", "material": "y"}])
def test_nice_errors(wrong: dict[str, object]) -> None:
    told = {"facility": "sep", "day": "2026-01-31", "kg": 5, **wrong}
    text = "counts:\n  - {" + ", ".join(f"{key}: {value}" for key, value in told.items()) + "}\n"
    with pytest.raises(BadValue) as caught:
        pages.typed(pages.compose(text, "registry.yaml"), Registry)
    assert "registry.yaml" in str(caught.value)

"""Every detector has a case that must be called, and its honest twin that must not be."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given, settings
from tests.custody.moved import (
    DAY,
    FIRST,
    born,
    counted,
    event,
    facility,
    gone,
    grounded,
    lot,
    piece,
    registry,
    sent,
    taken,
    turned,
    where,
)
from tests.custody.test_movements import stories

from ytterby.custody.alarms.alarm import Alarm
from ytterby.custody.alarms.finding import alarms, detectors, kinds
from ytterby.custody.alarms.stocks import significant
from ytterby.custody.event import Event, Mistake, Piece
from ytterby.custody.registry import Party, Registry
from ytterby.rules import parties, regimes, verdicts
from ytterby.rules.licences import Permit
from ytterby.terms.errors import UnknownName

Story = list[Event]


def found(tmp: Path, events: Story, known: Registry | None = None, **more: object) -> list[Alarm]:
    at = grounded(tmp, events, known, **more)
    return alarms(at)


def kinds_of(told: list[Alarm]) -> set[str]:
    return {one.kind for one in told}


# yields


def batches(change: float = 0.0, start: int = 30, seed: int = 1, base: float = 0.95) -> Story:
    random = np.random.default_rng(seed)
    told: Story = []
    for k in range(52):
        share = (base + (change if k >= start else 0.0)) * (1 + 0.004 * random.standard_normal())
        inputs, outputs = (
            [piece(f"o{k}", 100.0, "oxide.Dy", Dy=0.87)],
            [piece(f"m{k}", 100.0 * share, "metal.Dy", Dy=0.87)],
        )
        told += [born(7 * k, "mine", *inputs), sent(7 * k + 1, "mine", "sep", *inputs)]
        told += [taken(7 * k + 2, "mine", "sep", *inputs)]
        told.append(turned(7 * k + 3, "sep", inputs, outputs, process="melt"))
    return told


@pytest.mark.parametrize(("change", "kind"), [(-0.02, "loss"), (0.02, "gain")])
def test_a_yield_that_drifts_is_called(tmp_path: Path, change: float, kind: str) -> None:
    (one,) = [one for one in found(tmp_path, batches(change)) if one.kind == kind]
    assert one.facility == "sep"
    assert FIRST + 22 * 7 * DAY < one.since < FIRST + 34 * 7 * DAY
    assert one.called > FIRST + 30 * 7 * DAY
    # 22 batches of 2 kg
    assert -one.mass * np.sign(change) == pytest.approx(44.0, rel=0.3)


def test_a_steady_yield_is_not(tmp_path: Path) -> None:
    for seed in range(5):
        assert found(tmp_path / str(seed), batches(seed=seed)) == []


@pytest.mark.parametrize(("base", "kind"), [(0.90, "yield_low"), (0.995, "yield_high")])
def test_who_cheats_from_the_first_batch_is_called_by_the_recipe(tmp_path: Path, base: float, kind: str) -> None:
    (one,) = [one for one in found(tmp_path, batches(base=base)) if one.grade == "diversion"]
    assert (one.kind, one.facility) == (kind, "sep")


def test_without_a_recipe_nobody_knows(tmp_path: Path) -> None:
    assert found(tmp_path, batches(base=0.90), registry(recipes=())) == []


# transit


def deliveries(short: float = 0.0, start: int = 20, seed: int = 2) -> Story:
    random = np.random.default_rng(seed)
    told: Story = []
    for k in range(50):
        one = piece(f"x{k}", 100.0)
        came = 100.0 * (1 + 0.001 * random.standard_normal()) * (1 - (short if k >= start else 0.0))
        told += [born(7 * k, "mine", one), sent(7 * k + 1, "mine", "sep", one)]
        told += [taken(7 * k + 4, "mine", "sep", piece(f"x{k}", came))]
    return told


def test_short_receipts_are_called_and_honest_ones_are_not(tmp_path: Path) -> None:
    (one,) = found(tmp_path / "short", deliveries(0.01))
    assert (one.kind, one.facility, one.counterpart) == ("transit", "sep", "mine")
    assert one.mass == pytest.approx(30.0, rel=0.3)
    assert found(tmp_path / "honest", deliveries()) == []


# overdrawn


def test_a_lot_used_twice_is_called(tmp_path: Path) -> None:
    once = [born(0, "sep", piece("a", 100.0)), gone(3, "sep", piece("a", 100.0))]
    assert found(tmp_path / "once", once) == []
    (one,) = found(tmp_path / "twice", [*once, gone(9, "sep", piece("a", 80.0))])
    assert (one.kind, one.facility, one.grade) == ("double_use", "sep", "diversion")
    assert one.mass == pytest.approx(-80.0)


def test_a_receipt_that_was_never_written_down_is_a_gap_in_the_records(tmp_path: Path) -> None:
    events = [
        born(0, "mine", piece("a", 100.0)),
        sent(1, "mine", "sep", piece("a", 100.0)),
        gone(9, "sep", piece("a", 100.0)),
    ]
    (one,) = found(tmp_path, events)
    assert (one.kind, one.facility, one.grade) == ("receipt", "sep", "record")


def test_a_slip_that_was_declared_wrong_is_nothing(tmp_path: Path) -> None:
    slip = gone(3, "sep", piece("a", 100_000.0))
    events = [born(0, "sep", piece("a", 100.0)), slip, gone(3, "sep", piece("a", 100.0))]
    assert kinds_of(found(tmp_path / "slip", events)) == {"double_use"}
    assert found(tmp_path / "mended", [*events, replace(slip, mistake=Mistake(FIRST + 9 * DAY))]) == []


# parcels


def parcels(mass: Callable[[int], float], count: int = 12, apart: float = 10.0) -> Story:
    told: Story = [born(0, "magnets", piece("a", 10_000.0, "magnet.N"))]
    return told + [sent(5 + apart * k, "magnets", "maker", piece("a", mass(k), "magnet.N")) for k in range(count)]


def test_parcels_just_below_the_threshold_are_called(tmp_path: Path) -> None:
    (one,) = [one for one in found(tmp_path, parcels(lambda k: 49.0 - 0.1 * k, 4, 1.0)) if one.kind == "split"]
    assert (one.facility, one.counterpart) == ("magnets", "maker")
    assert one.mass == pytest.approx(4 * 49.0 - 0.6)


def test_thin_parcels_over_months_are_called(tmp_path: Path) -> None:
    (one,) = [one for one in found(tmp_path, parcels(lambda k: 48.0, 20)) if one.kind == "split"]
    assert one.facility == "magnets"


def test_small_orders_of_any_size_are_not(tmp_path: Path) -> None:
    random = np.random.default_rng(3)
    assert found(tmp_path, parcels(lambda k: float(random.uniform(1.0, 50.0)), 40)) == []


def test_parcels_within_the_country_are_not(tmp_path: Path) -> None:
    events = [born(0, "mine", piece("a", 9e3)), *(sent(5 + k, "mine", "sep", piece("a", 49.0)) for k in range(9))]
    assert found(tmp_path, events) == []


# end users


def licensed(on_to: str | None) -> Story:
    told = [
        born(0, "magnets", piece("a", 100.0, "magnet.SH")),
        sent(1, "magnets", "maker", piece("a", 100.0), licences=("EL-1",)),
        taken(9, "magnets", "maker", piece("a", 100.0)),
    ]
    return told if on_to is None else [*told, sent(20, "maker", on_to, piece("a", 60.0))]


def test_a_licensed_lot_that_goes_on_is_called_and_its_return_is_not(tmp_path: Path) -> None:
    (one,) = found(tmp_path / "on", licensed("trader"))
    assert (one.kind, one.facility, one.counterpart) == ("wrong_user", "maker", "trader")
    assert "KZ" in one.why
    assert found(tmp_path / "kept", licensed(None)) == []
    assert found(tmp_path / "back", licensed("magnets")) == []


# licences


def permit(**more: object) -> Permit:
    told = {
        "id": "EL-1", "exporter": "magnets", "end_users": ("maker",), "quantity_kg": Decimal(100), "from": "2026-01-01",
        "until": "2026-12-31", "material": "magnet.SH",
    }  # fmt: skip
    return Permit.model_validate({**told, **more})


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ({}, None),
        ({"id": "EL-9"}, "licence_unknown"),
        ({"quantity_kg": Decimal(90)}, "licence_exceeded"),
        ({"quantity_kg": Decimal("99.9")}, None),  # within the weighing
        ({"until": "2026-01-01"}, "licence_invalid"),
        ({"status": "revoked"}, "licence_invalid"),
        ({"revoked_on": "2026-06-01"}, None),
        ({"end_users": ("trader",)}, "licence_other"),
        ({"exporter": "sep"}, "licence_other"),
        ({"material": "magnet.N"}, "licence_other"),
    ],
)
def test_a_licence_covers_what_rests_on_it_or_is_called(
    tmp_path: Path, change: dict[str, object], kind: str | None
) -> None:
    told = found(tmp_path, licensed(None), permits=[permit(**change)])
    assert kinds_of(told) == ({kind} if kind else set())
    assert all(one.grade == "law" and one.facility == "magnets" for one in told)


def test_a_shipment_without_the_licence_the_law_asks_for_is_called(tmp_path: Path) -> None:
    held = verdicts.law(datetime.date(2026, 11, 1), regimes.DEFAULT_READING)
    bare = [born(0, "magnets", piece("a", 100.0, "oxide.Dy")), sent(9, "magnets", "maker", piece("a", 60.0))]
    (one,) = found(tmp_path / "bare", bare, law=held)
    assert (one.kind, one.facility, one.grade) == ("licence_missing", "magnets", "law")
    assert "cn-18-2025" in one.why
    named = [bare[0], replace(bare[1], licences=("EL-1",))]
    assert found(tmp_path / "named", named, law=held) == []
    free = [born(0, "magnets", piece("a", 100.0, "oxide.Ce")), sent(9, "magnets", "maker", piece("a", 60.0))]
    assert found(tmp_path / "free", free, law=held) == []


# needs


def supplied(kg: float, months: int = 10) -> Story:
    told: Story = [born(0, "magnets", piece("a", 1e5, "magnet.N"))]
    for k in range(months):
        told += [
            sent(3 + 30 * k, "magnets", "maker", piece("a", kg)),
            taken(9 + 30 * k, "magnets", "maker", piece("a", kg)),
        ]
    return told


def test_more_than_the_declared_need_is_called(tmp_path: Path) -> None:
    known = registry(parties=(Party(id="maker", needs_kg_month={"magnet.N": 100.0}),))
    # the need of a month is reached in each; a stock is laid in once
    assert found(tmp_path / "need", supplied(100.0), known) == []
    assert found(tmp_path / "stock", supplied(130.0), known) == []
    (one,) = found(tmp_path / "beyond", supplied(220.0), known)
    assert (one.kind, one.facility, one.about) == ("need", "maker", "magnet.N")


def made_of(change: float) -> Story:
    random = np.random.default_rng(4)
    told: Story = [born(0, "maker", piece("a", 1e5, "magnet.N"))]
    for k in range(50):
        mass = 100.0 * (1 + 0.004 * random.standard_normal()) * (1 + (change if k >= 25 else 0.0))
        told.append(gone(7 * k + 2, "maker", piece("a", mass), process="motors"))
        counted_ = Piece(lot(f"p{k}"), "what", count=5000.0)
        told.append(
            event(7 * k + 2, "object", "maker", [counted_], action="ADD", step="commissioning", process="motors")
        )
    return told


def test_products_that_take_more_are_called_and_those_that_take_less_are_not(tmp_path: Path) -> None:
    (one,) = found(tmp_path / "more", made_of(0.02))
    assert (one.kind, one.facility) == ("use", "maker")
    assert one.mass == pytest.approx(50.0, rel=0.3)
    assert found(tmp_path / "same", made_of(0.0)) == []
    assert found(tmp_path / "less", made_of(-0.02)) == []


# routes

FAR = registry(
    facilities=(
        facility("mine", "CN", lat=41.8, lon=110.0), facility("sep", "CN", lat=29.9, lon=121.5),
        facility("maker", "DE", lat=48.1, lon=11.6),
    )
)  # fmt: skip


def trip(leaves: float, comes: float, to: str = "maker", at: str = "maker") -> Story:
    x = piece("a", 100.0)
    return [born(0, "mine", x), sent(leaves, "mine", to, x), taken(comes, "mine", at, x)]


def test_impossible_trips_are_called(tmp_path: Path) -> None:
    assert found(tmp_path / "good", trip(2, 30), FAR) == []
    assert kinds_of(found(tmp_path / "order", trip(30, 20), FAR)) == {"order"}
    assert kinds_of(found(tmp_path / "astray", trip(2, 30, "maker", "sep"), FAR)) == {"astray"}
    unsent = [*trip(2, 30), taken(40, "mine", "sep", piece("b", 5.0))]
    (one,) = found(tmp_path / "unsent", unsent, FAR)
    assert (one.kind, one.facility, one.mass) == ("unsent", "sep", -5.0)


def test_who_records_no_shipments_is_not_asked_for_them(tmp_path: Path) -> None:
    assert found(tmp_path, [taken(40, "mine", "sep", piece("b", 5.0))], FAR) == []


def test_faster_than_freight_is_called(tmp_path: Path) -> None:
    slow = FAR.model_copy(update={})
    at = grounded(tmp_path, trip(2, 2.1), slow)
    from ytterby.custody.alarms.alarm import Settings

    assert kinds_of(alarms(at, Settings(fastest_kmh=1000.0))) == set()
    # some 7,100 km in 26 hours with a day to spare
    assert kinds_of(alarms(at, Settings(fastest_kmh=200.0))) == {"speed"}


def test_one_thing_at_two_places_is_called(tmp_path: Path) -> None:
    def seen(day: float, place: str) -> Event:
        one = Piece(f"{where('x')}/21/serial", "what")
        return event(day, "object", place, [one], action="OBSERVE", step="inspecting")

    assert found(tmp_path / "apart", [seen(1, "mine"), seen(3, "maker")], FAR) == []
    close = grounded(tmp_path / "close", [seen(1, "mine"), seen(1.05, "maker")], FAR)
    if not (close.book["moves.whole"] == 1).any():
        pytest.skip("the book takes this for no single thing")
    assert kinds_of(alarms(close)) == {"two_places"}


def test_what_is_recorded_months_late_is_told_as_that(tmp_path: Path) -> None:
    late = [born(90, "mine", piece("a", 5.0)), born(1, "mine", piece("b", 5.0))]
    (one,) = found(tmp_path, late)
    assert (one.kind, one.grade) == ("late", "record")


# lists


def test_listed_parties_and_firms_they_hold_are_called(tmp_path: Path) -> None:
    lists = parties.load()
    held = next(one for one in lists.values() if one.kind == "control" and one.members)
    member = held.members[0]
    on = held.days(member)[0]
    day = (on - datetime.date(2026, 1, 1)).days + 5
    events = [born(min(day, 0) - 1, "magnets", piece("a", 100.0)), sent(day, "magnets", "maker", piece("a", 10.0))]

    def known(name: str, **owners: float) -> Registry:
        firm = Party(id="maker", name=name, owners={member.name if k == "listed" else k: v for k, v in owners.items()})
        return registry(parties=(firm,))

    def told(tag: str, known_: Registry) -> list[Alarm]:
        return [one for one in found(tmp_path / tag, events, known_, lists=lists) if one.grade == "law"]

    (one,) = [one for one in told("listed", known(member.name)) if one.about == held.id]
    assert (one.kind, one.facility, one.counterpart) == ("listed", "magnets", "maker")
    assert told("nobody", known("Nobody in Particular GmbH")) == []
    assert [one.kind for one in told("held", known("Held GmbH", listed=0.5)) if one.about == held.id] == ["listed"]
    assert told("minority", known("Free GmbH", listed=0.49)) == []


# ghosts


def test_what_comes_of_nothing_is_called(tmp_path: Path) -> None:
    opening = born(0, "sep", piece("a", 50.0, "oxide.Dy"))
    assert found(tmp_path / "opening", [opening, born(5, "sep", piece("b", 5.0, "oxide.Dy"))]) == []
    (one,) = found(tmp_path / "later", [opening, born(80, "sep", piece("b", 5.0, "oxide.Dy"))])
    assert (one.kind, one.facility, one.mass) == ("sourceless", "sep", -5.0)
    ore = [born(0, "mine", piece("a", 50.0, "conc.weishan")), born(80, "mine", piece("b", 5.0, "conc.weishan"))]
    assert found(tmp_path / "ore", ore) == []


def test_scrap_beyond_what_can_arise_is_called(tmp_path: Path) -> None:
    def collected(kg: float) -> Story:
        return [born(30 * k, "sep", piece(f"s{k}", kg, "scrap.N")) for k in range(8)]

    known = registry(facilities=(facility("sep", "CN", arisings_kg_month=100.0),))
    assert found(tmp_path / "some", collected(50.0), known) == []
    (one,) = found(tmp_path / "more", collected(400.0), known)
    assert (one.kind, one.facility) == ("ghost", "sep")


# stocks


def stored(short: float = 0.0, sites: int = 4) -> Story:
    random = np.random.default_rng(7)
    told: Story = []
    for site in range(sites):
        name = f"store{site}"
        for k in range(8):
            told.append(born(31 * k, name, piece(f"{name}.{k}", 500.0)))
            gap = short if site == 0 and k >= 4 else 0.0
            here = 500.0 * (1 + 0.002 * random.standard_normal()) - gap
            told += [
                counted(31 * k + 20, name, piece(f"{name}.{k}", here)),
                gone(31 * k + 22, name, piece(f"{name}.{k}", 500.0)),
            ]
    return told


def test_counts_below_the_books_are_called_and_honest_ones_are_not(tmp_path: Path) -> None:
    assert found(tmp_path / "honest", stored()) == []
    told = found(tmp_path / "short", stored(25.0))
    assert {(one.kind, one.facility) for one in told} == {("shortage", where("store0"))}


def test_what_survives_benjamini_and_hochberg() -> None:
    chances = np.array([0.5, 0.001, 0.9, 0.012, 0.02])
    assert significant(chances, 0.05).tolist() == [False, True, False, True, True]
    assert not significant(np.array([0.2, 0.3]), 0.05).any()
    assert significant(np.zeros(0), 0.05).shape == (0,)


# all of them


@settings(max_examples=40)
@given(stories)
def test_wild_events_break_no_detector_and_alarms_are_well_formed(events: Story) -> None:
    with TemporaryDirectory() as name:
        at = grounded(Path(name), events, permits=[permit()])
        told = alarms(at)
        assert all(one.kind in kinds() and one.why and one.evidence and one.score > 0 for one in told)
        assert all(np.isfinite(one.mass) and one.since <= one.called + 32 * DAY for one in told)
        assert len({one.id for one in told}) == len(told)
        assert [one.id for one in alarms(at)] == [one.id for one in told]
        assert all(0 <= row < len(at.book) for one in told for row in one.events)
        at.book.close()


def test_every_detector_says_what_it_rests_on_in_both_languages() -> None:
    assert len({one.name for one in detectors()}) == len(detectors()) >= 12
    for one in detectors():
        assert one.rests
        assert all(one.words)
        assert any("\u4e00" <= sign <= "\u9fff" for sign in one.words[1])


def test_no_events_no_alarms_and_an_unknown_detector_is_named(tmp_path: Path) -> None:
    at = grounded(tmp_path, [])
    assert alarms(at) == []
    with pytest.raises(UnknownName, match="yeilds"):
        alarms(at, only=("yeilds",))

"""Shipments across borders: every verdict is that of the one-row case, no licence gives more than was granted."""

from __future__ import annotations

import datetime
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.custody.magnets import KG, REGISTRY
from tests.custody.outgoing import TODAY, Chain, made

from ytterby.custody.registry import Registry
from ytterby.custody.shipments import drawdown, supposed
from ytterby.custody.shipments.crossings import Crossing, crossings
from ytterby.custody.shipments.descent import descent
from ytterby.rules import verdicts
from ytterby.rules.licences import Permit
from ytterby.terms.errors import BadValue, DateOrder, UnknownName

CASES = yaml.safe_load((Path(__file__).parent / "cases.yaml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def chain(tmp_path_factory: pytest.TempPathFactory) -> Chain:
    return made(tmp_path_factory.mktemp("shipments"))


@pytest.fixture(scope="module")
def found(chain: Chain) -> list[Crossing]:
    return crossings(chain.at)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["what"])
def test_shipments_an_officer_can_read(chain: Chain, found: list[Crossing], case: dict) -> None:
    held = verdicts.law(TODAY.date(), case["reading"])
    sent = drawdown.drawn(found, held, chain.permits, REGISTRY).sent
    told = [f"{one.crossing.day} {one.crossing.since}>{one.crossing.to} {one.crossing.material}" for one in sent]
    assert told == [one["shipment"] for one in case["shipments"]]
    for one, wanted in zip(sent, case["shipments"], strict=True):
        record = one.to_dict()
        for name, value in wanted.items():
            if name != "shipment":
                assert record[name] == value, (wanted["shipment"], name)


def test_every_verdict_is_that_of_the_one_row_case(chain: Chain, found: list[Crossing]) -> None:
    for reading in chain.readings:
        held = verdicts.law(TODAY.date(), reading)
        for one in drawdown.drawn(found, held).sent:
            said = verdicts.under(held, one.crossing.facts(), one.crossing.day)
            missing = tuple(name for name, _ in said.missing)
            assert (one.outcome, one.clauses, one.kinds, one.missing) == (
                said.outcome,
                said.clauses,
                said.licence,
                missing,
            )
            assert one.confidence == said.confidence


def test_shipments_within_a_country_are_none(chain: Chain, found: list[Crossing]) -> None:
    assert all(one.since != one.to for one in found)
    assert not {(one.since, one.to) for one in found} & {("CN", "CN")}
    # ore to Ganzhou, oxide and alloy to and within Ningbo: they move and cross nothing
    assert len(found) == 6


def test_descent_names_every_country_once_there(chain: Chain) -> None:
    told = descent(chain.at)
    lot = chain.at.book.lot("https://chain.example/lot/M2")
    named = {stage: told.all(int(bits[lot])) for stage, bits in told.passed.items()}
    assert named == {
        "mined": ("AU", "CN"), "refined": ("CN", "MY"), "melted": ("CN", "JP"), "technology": ("CN", "JP"),
    }  # fmt: skip
    assert told.all(int(told.made[lot])) == ("JP",)
    ore = chain.at.book.lot("https://chain.example/lot/ore-w")
    assert told.all(int(told.passed["mined"][ore])) == ("AU",)
    assert not told.passed["refined"][ore]


def test_without_a_file_of_licences_a_named_one_is_taken_at_its_word(found: list[Crossing], chain: Chain) -> None:
    states = [one.state for one in drawdown.drawn(found, chain.law).sent]
    assert states.count("declared") == 3
    bare = [replace(one, licences=()) for one in found]
    assert [one.state for one in drawdown.drawn(bare, chain.law).sent].count("uncovered") == 3


@settings(max_examples=60, deadline=None)
@given(
    masses=st.lists(st.integers(1, 80 * KG), min_size=1, max_size=8),
    granted=st.lists(st.integers(1, 120 * KG), max_size=3),
    named=st.lists(st.integers(0, 3), min_size=8, max_size=8),
)
def test_no_licence_gives_more_than_was_granted(masses: list[int], granted: list[int], named: list[int]) -> None:
    day = datetime.date(2026, 2, 1)
    sent = [
        Crossing(f"{k}", k, k, day + datetime.timedelta(days=k), "magnet.SH", mass, (), "CN", "US", "ningbo", "detroit",
                 consignee="detroit", end_use="civil", origin="CN", fractions=(("Nd", 0.29), ("Dy", 0.02)),
                 licences=(f"L{named[k]}",) if named[k] else ())
        for k, mass in enumerate(masses)
    ]  # fmt: skip
    permits = [
        Permit.model_validate({"id": f"L{k}", "exporter": "ningbo", "end_users": ["detroit"], "from": "2026-01-01",
                               "until": "2026-12-31", "quantity_kg": Decimal(mass) / KG})
        for k, mass in enumerate(granted, 1)
    ]  # fmt: skip
    told = drawdown.drawn(sent, verdicts.law(TODAY.date()), permits, REGISTRY)
    for balance in told.balances:
        mine = [one for one in told.sent if one.licence == balance.permit.id]
        assert balance.drawn == sum(one.crossing.mass for one in mine) <= (balance.permit.micrograms or 0)
        assert [one.left for one in mine] == sorted((one.left for one in mine), reverse=True)
        if mine:
            assert mine[-1].left == balance.left
    for one in told.sent:
        assert (one.state == "covered") == bool(one.licence)
        assert bool(one.why) == (one.state == "uncovered")
        assert not one.crossing.licences or one.licence in ("", *one.crossing.licences)


def test_a_licence_may_have_the_name_or_the_address_of_a_firm(chain: Chain, found: list[Crossing]) -> None:
    address = "https://chain.example/firm/ningbo"
    other = [one.model_copy(update={"exporter": address}) for one in chain.permits]
    assert drawdown.drawn(found, chain.law, other, REGISTRY).sent == drawdown.drawn(
        found, chain.law, chain.permits, REGISTRY
    ).sent  # fmt: skip


def test_what_if_counts_what_the_laws_say(chain: Chain, found: list[Crossing]) -> None:
    days = (found[0].day, found[-1].day)
    without = supposed.law(chain.law, supposed.read(["suspended=cn-18-2025"], *days))
    told = supposed.compare(found, chain.law, without)
    before = [verdicts.under(chain.law, one.facts(), one.day) for one in found]
    after = [verdicts.under(without, one.facts(), one.day) for one in found]
    moved = [
        one.id
        for one, a, b in zip(found, before, after, strict=True)
        if (a.outcome, a.clauses) != (b.outcome, b.clauses)
    ]
    assert list(told.changed) == moved
    assert sum(one.shipments for one in told.moved) == len(moved)
    assert sum(told.before.values()) == sum(told.after.values()) == len(found)
    assert told.after.get("licence", 0) == 0 < told.before["licence"]
    none = supposed.compare(found, chain.law, chain.law)
    assert (none.moved, none.changed) == ((), ())


def test_61_resumed_reaches_the_way_from_japan_to_the_states(chain: Chain, found: list[Crossing]) -> None:
    days = (found[0].day, found[-1].day)
    resumed = supposed.law(chain.law, supposed.read(["resumed=cn-61-2025@2026-01-01"], *days))
    told = supposed.compare(found, chain.law, resumed)
    abroad = [one for one in told.moved if one.since == "JP"]
    assert [(one.before, one.material) for one in abroad] == [("free", "magnet.SH")]
    assert any(name.startswith("cn-61-2025.1b") for name in abroad[0].clauses)


@pytest.mark.parametrize(
    ("told", "error"),
    [("hope", BadValue), ("reading=", BadValue), ("known=soon", BadValue),
     ("suspended=cn-18-2025@2026-02-01:2026-01-01", DateOrder)],
)  # fmt: skip
def test_what_is_no_what_if_is_said_so(told: str, error: type[Exception]) -> None:
    day = datetime.date(2026, 1, 1)
    with pytest.raises(error):
        supposed.read([told], day, day)


def test_a_what_if_about_nothing_known_is_said_so(chain: Chain) -> None:
    day = datetime.date(2026, 1, 1)
    for told in ("suspended=cn-99", "reading=wishful"):
        with pytest.raises(UnknownName):
            supposed.law(chain.law, supposed.read([told], day, day))


def test_a_place_nobody_knows_is_named_with_its_entry(chain: Chain) -> None:
    sites = tuple(
        one.model_copy(update={"place": "Atlantis"}) if one.id == "narita" else one for one in REGISTRY.facilities
    )
    wrong = replace(chain.at, registry=Registry(facilities=sites, parties=REGISTRY.parties))
    with pytest.raises(UnknownName, match="narita"):
        crossings(wrong)


def test_goods_of_a_firms_own_name_draw_on_the_licence_for_them(chain: Chain) -> None:
    motors = [replace(one, material="", stuff="motor.own", licences=("EL-M",)) for one in crossings(chain.at)[:2]]
    names = {"exporter": motors[0].exporter, "end_users": tuple(dict.fromkeys(one.end_user for one in motors))}
    told = {"id": "EL-M", "kind": "general", "quantity_kg": None, "from": "2026-01-01", "until": "2026-12-31", **names}
    own, other = (Permit.model_validate({**told, "material": name}) for name in ("motor.own", "motor.other"))
    first = [one for one in motors if one.exporter == motors[0].exporter]
    covered = drawdown.drawn(first, verdicts.law(TODAY.date()), (own,), REGISTRY).sent
    assert all(one.miss is None and one.licence == "EL-M" for one in covered)
    missed = drawdown.drawn(first, verdicts.law(TODAY.date()), (other,), REGISTRY).sent
    assert {one.miss.fault for one in missed if one.miss} == {"goods"}

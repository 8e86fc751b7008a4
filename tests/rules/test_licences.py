"""Licences: drawn down to the microgram and never beyond, and what a what-if changes."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from ytterby.rules import licences, planned
from ytterby.rules.judging import law
from ytterby.rules.licences import Holdings, Permit, Shipment, draw_down
from ytterby.rules.planned import WhatIf
from ytterby.terms.errors import BadValue, DateOrder, InputError, UnknownName

CASES = yaml.safe_load((Path(__file__).parents[1] / "cases" / "licences.yaml").read_text(encoding="utf-8"))
DAY = date(2026, 11, 21)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_cases(case: dict[str, Any]) -> None:
    held = Holdings.model_validate({"permits": case["permits"], "shipments": case["shipments"]})
    ledger = draw_down(held.permits, held.shipments)
    covered = {one.shipment: one.permit for one in ledger.drawn if not one.why}
    assert covered == case.get("covered", {})
    assert {one.shipment: one.why for one in ledger.uncovered} == case.get("refused", {})


kilograms = st.decimals(Decimal("0.000000001"), Decimal(500), places=9)
days = st.dates(date(2026, 1, 1), date(2026, 12, 31))
users = st.sampled_from(["Us", "Them"])


@st.composite
def permits(draw: st.DrawFn, name: str) -> Permit:
    kind = draw(st.sampled_from(["individual", "general"]))
    since = draw(days)
    named = [draw(users)] if kind == "individual" else ["Us", "Them"]
    quantity = draw(kilograms if kind == "individual" else st.one_of(st.none(), kilograms))
    return Permit.model_validate(
        {
            "id": name,
            "kind": kind,
            "status": draw(st.sampled_from(["granted", "granted", "applied", "revoked"])),
            "exporter": "Ex",
            "end_users": named,
            "quantity_kg": quantity,
            "from": since,
            "until": since + timedelta(days=draw(st.integers(0, 300))),
            "revoked_on": draw(st.one_of(st.none(), days)),
        }
    )


@st.composite
def shipments(draw: st.DrawFn, name: str) -> Shipment:
    told = {"id": name, "date": draw(days), "exporter": "Ex", "end_user": draw(users), "form": "magnet"}
    modes = st.sampled_from(["", "sea", "air"])
    return Shipment.model_validate({**told, "quantity_kg": draw(kilograms), "mode": draw(modes)})


@st.composite
def books(draw: st.DrawFn) -> tuple[list[Permit], list[Shipment]]:
    held = [draw(permits(f"L{number}")) for number in range(draw(st.integers(0, 4)))]
    return held, [draw(shipments(f"S{number}")) for number in range(draw(st.integers(0, 8)))]


@given(books())
def test_drawn_and_left_come_to_what_was_granted(book: tuple[list[Permit], list[Shipment]]) -> None:
    ledger = draw_down(*book)
    for balance in ledger.balances:
        drawn = sum(one.micrograms for one in ledger.drawn if one.permit == balance.permit.id)
        assert drawn == balance.drawn
        granted = balance.permit.micrograms
        if granted is not None:
            assert balance.left is not None
            assert balance.left >= 0
            assert balance.drawn + balance.left == granted
    sent = {one.id: one.micrograms for one in book[1]}
    assert {one.shipment: one.micrograms for one in ledger.drawn} == sent


@given(books())
def test_nothing_is_drawn_that_the_licence_does_not_cover(book: tuple[list[Permit], list[Shipment]]) -> None:
    ledger = draw_down(*book)
    held, sent = {one.id: one for one in book[0]}, {one.id: one for one in book[1]}
    modes: dict[str, set[str]] = {}
    for one in ledger.drawn:
        if one.why:
            assert not one.permit
            continue
        permit, shipment = held[one.permit], sent[one.shipment]
        assert licences.standing(permit, shipment.day) == "valid"
        assert shipment.end_user in permit.end_users
        if permit.kind == "individual":
            modes.setdefault(permit.id, set()).update({shipment.mode} - {""})
    assert all(len(taken) <= 1 for taken in modes.values())


@given(books(), st.randoms(use_true_random=False))
def test_the_order_in_the_file_is_no_matter(book: tuple[list[Permit], list[Shipment]], dice: Any) -> None:
    one = draw_down(*book)
    other = draw_down(dice.sample(book[0], len(book[0])), dice.sample(book[1], len(book[1])))
    assert one.drawn == other.drawn
    assert {b.permit.id: b.drawn for b in one.balances} == {b.permit.id: b.drawn for b in other.balances}


CIVIL = {"from": "CN", "to": "DE", "origin": "CN", "end_use": "civil"}
ABROAD = {"from": "JP", "to": "DE", "origin": "JP", "end_use": "civil", "china_value_share": 0.05}


def holdings(**more: Any) -> Holdings:
    told = {
        "permits": [
            {"id": "A", "exporter": "Ex", "end_users": ["Muster GmbH"], "quantity_kg": 100, "until": "2026-12-31"},
            {"id": "G", "kind": "general", "exporter": "Ex", "end_users": ["Muster GmbH"], "until": "2027-06-30"},
        ],
        "orders": [
            {"id": "1", "date": "2026-12-01", "exporter": "Ex", "end_user": "Muster GmbH", "elements": ["Nd", "Dy"],
             "form": "magnet", "quantity_kg": 60, "facts": CIVIL},
            {"id": "2", "date": "2027-01-05", "exporter": "Ex", "end_user": "Muster GmbH", "elements": ["Nd", "Dy"],
             "form": "magnet", "quantity_kg": 60, "facts": CIVIL},
            {"id": "3", "date": "2026-12-20", "exporter": "Nihon", "end_user": "Muster GmbH", "elements": ["Nd", "Dy"],
             "form": "magnet", "quantity_kg": 60, "facts": ABROAD},
        ],
        "stocks": [{"name": "magnets", "kg": 30, "use_kg_a_day": 1, "orders": ["1", "2"], "transit_days": 10}],
    }  # fmt: skip
    return Holdings.model_validate({**told, **more})


def what_if(case: WhatIf, reading: str | None = None) -> tuple[planned.Position, planned.Compared]:
    held, now = holdings(), law(DAY)
    after = planned.supposed(case, held, law(DAY, reading) if reading else now)
    before, later = planned.position(held, DAY, now), planned.position(after[0], DAY, after[1])
    return later, planned.compare(before, later)


def test_orders_are_covered_and_stocks_last() -> None:
    found = planned.position(holdings(), DAY, law(DAY))
    assert [(one.order, one.outcome, one.permit, one.why) for one in found.orders] == [
        ("1", "licence", "A", None),
        ("3", "free", "", None),
        ("2", "licence", "G", None),
    ]
    # 30 kg and twice 60 kg at 1 kg a day: the 151st day is the first that is short.
    assert found.stocks == (("magnets", DAY + timedelta(days=150)),)


def test_a_revoked_licence_stops_its_order_and_shortens_the_stock() -> None:
    later, changes = what_if(WhatIf(DAY, revoke=("G",)))
    assert [(one.order, str(one.before), str(one.after)) for one in changes.orders] == [
        ("2", "licence, goes", "licence, does not go")
    ]
    assert changes.stocks == (("magnets", DAY + timedelta(days=150), DAY + timedelta(days=90)),)
    assert "revoked" in {row["status"] for row in later.to_dict()["licences"]}


def test_a_listed_party_gets_nothing() -> None:
    _, changes = what_if(WhatIf(DAY, listed=(("Muster GmbH", "cn-eu-control-2026-07-24"),)))
    assert {one.order: str(one.after) for one in changes.orders if one.order != "3"} == {
        "1": "refused, does not go",
        "2": "refused, does not go",
    }


def test_a_party_that_is_listed_later_gets_what_was_ordered_before() -> None:
    case = WhatIf(date(2026, 12, 15), listed=(("Muster GmbH", "cn-eu-control-2026-07-24"),))
    changed = {one.order for one in what_if(case)[1].orders}
    assert "1" not in changed
    assert "2" in changed


def test_a_lapsed_suspension_reaches_what_was_made_abroad() -> None:
    _, changes = what_if(WhatIf(DAY, lapsed=("cn-61-2025",)))
    assert [(one.order, str(one.before), str(one.after)) for one in changes.orders] == [
        ("3", "free, goes", "licence, does not go")
    ]
    assert not what_if(WhatIf(date(2026, 12, 21), lapsed=("cn-61-2025",)))[1].orders, "the order went the day before"


def test_another_reading_does_the_same() -> None:
    _, changes = what_if(WhatIf(DAY), "lapsed_2026_11_11")
    assert [one.order for one in changes.orders] == ["3"]


def test_a_licence_of_a_kind_the_law_does_not_take_covers_nothing() -> None:
    held = holdings()
    needing = [order for order in held.orders if order.id == "2"]
    ledger = draw_down(held.permits, needing, {"2": ("individual",)})
    assert "of kind general" in ledger.drawn[0].why or "expired" in ledger.drawn[0].why
    only = [one for one in held.permits if one.id == "G"]
    assert draw_down(only, needing, {"2": ("individual",)}).drawn[0].why == (
        "G is of kind general, and the law takes individual here"
    )


def test_an_order_of_which_little_is_told_is_undetermined() -> None:
    bare = {"id": "1", "date": "2026-12-01", "exporter": "Ex", "end_user": "Muster GmbH", "form": "magnet",
            "quantity_kg": 1}  # fmt: skip
    found = planned.position(holdings(orders=[bare], stocks=[]), DAY, law(DAY)).orders[0]
    assert found.outcome == "undetermined"
    assert "ask check" in str(found.why)


def test_elements_without_fractions_are_contained_and_not_small() -> None:
    order = holdings().orders[0]
    assert planned.facts_of(order).elements == {"Nd", "Dy"}
    said = planned.by_law(law(DAY))([order])[0]
    assert said[0] == "licence"


def test_renewals_fall_due_before_the_end_and_decisions_after_the_application() -> None:
    told = {"id": "P", "status": "applied", "applied": "2026-11-01", "exporter": "Ex", "end_users": ["Us"],
            "quantity_kg": 1}  # fmt: skip
    held = holdings(permits=[told, *(one.model_dump(by_alias=True) for one in holdings().permits)])
    rows = {row["id"]: row for row in planned.position(held, DAY, law(DAY), 44.2).to_dict()["licences"]}
    assert rows["P"]["decision_by"] == "2026-12-16"
    assert rows["A"]["apply_for_renewal_by"] == "2026-11-16"
    assert rows["A"]["renewal_overdue"] is True
    assert rows["G"]["renewal_overdue"] is False
    assert rows["G"]["left_kg"] is None


BAD = [
    ("permits: [{id: A, exporter: E, end_users: [U]}]", "quantity"),
    ("permits: [{id: A, exporter: E, end_users: [U, V], quantity_kg: 1}]", "one end user"),
    ("permits: [{id: A, exporter: E, end_users: [], quantity_kg: 1}]", "end_users"),
    ("permits: [{id: A, exporter: E, end_users: [U], quantity_kg: -1}]", "quantity_kg"),
    ("permits: [{id: A, exporter: E, end_users: [U], quantity_kg: 0.0000000001}]", "quantity_kg"),
    ("permits: [{id: A, exporter: E, end_users: [U], quantity_kg: .inf}]", "quantity_kg"),
    ("permits: [{id: A, exporter: E, end_users: [U], quantity_kg: 1, elements: [Xx]}]", "Xx"),
    ("permits: [{id: A, exporter: E, end_users: [U], quantity_kg: 1, util: 2026-01-01}]", "until"),
    ("permits: [{id: A, exporter: E, end_users: [U], quantity_kg: 1}, {id: A, exporter: E, end_users: [U], "
     "quantity_kg: 1}]", "twice"),
    ("shipments: [{id: S, date: 2026-02-30, exporter: E, end_user: U, form: magnet, quantity_kg: 1}]", "date"),
    ("stocks: [{name: s, kg: 1, use_kg_a_day: 1, orders: [nothing]}]", "nothing"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "said"), BAD)
def test_nice_errors(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "holdings.yaml"
    path.write_text(text + "\n", encoding="utf-8")
    with pytest.raises(InputError) as refused:
        licences.load(path)
    assert said in str(refused.value)
    assert "holdings.yaml" in refused.value.place


def test_nice_errors_of_what_ifs_and_orders(tmp_path: Path) -> None:
    path = tmp_path / "holdings.yaml"
    path.write_text(
        "permits: [{id: A, exporter: E, end_users: [U], quantity_kg: 1, from: 2026-02-01, until: 2026-01-01}]"
    )
    with pytest.raises(DateOrder):
        licences.load(path)
    with pytest.raises(UnknownName, match="'X'"):
        what_if(WhatIf(DAY, revoke=("X",)))
    with pytest.raises(UnknownName, match="no-list"):
        what_if(WhatIf(DAY, listed=(("Muster", "no-list"),)))
    with pytest.raises(UnknownName, match="cn-99-2025"):
        what_if(WhatIf(DAY, lapsed=("cn-99-2025",)))
    with pytest.raises(UnknownName, match="Atlantis"):
        planned.facts_of(holdings().orders[0].model_copy(update={"facts": {"to": "Atlantis"}}))
    with pytest.raises(BadValue, match="order 1"):
        planned.facts_of(holdings().orders[0].model_copy(update={"facts": {"item": 3}}))

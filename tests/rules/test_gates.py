"""Cases that a lawyer can read, and what must hold of the arrays whatever the cases."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from ytterby.rules import gates, regimes
from ytterby.rules.gates import GateClass
from ytterby.terms.errors import BadValue, DateOrder, UnknownName

Day = datetime.date
TODAY = Day(2026, 11, 21)
READINGS = ("lapsed_2026_11_10", "lapsed_2026_11_11", "extended_2027_01_10")
CASES = [
    case
    for path in sorted((Path(__file__).parent.parent / "cases" / "gates").glob("*.yaml"))
    for case in yaml.safe_load(path.read_text(encoding="utf-8"))
]


def of(facts: dict[str, Any]) -> GateClass:
    rest = {key: value for key, value in facts.items() if key not in ("from", "to", "form", "elements", "upstream")}
    return GateClass(
        facts["from"],
        facts["to"],
        facts["form"],
        frozenset(facts["elements"]),
        upstream=frozenset(facts.get("upstream", ())),
        **rest,
    )


def at(one: GateClass, on: Day, known: Day = TODAY, reading: str = READINGS[2]) -> gates.Gates:
    return gates.gates([one], gates.count_days([on]), known, reading)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_case(case: dict[str, Any]) -> None:
    found = at(of(case["facts"]), case["day"], case.get("known", TODAY), case.get("reading", READINGS[2]))
    assert found.outcome(0, 0) == case["expect"]
    assert sorted(found.deciding(0, 0)) == sorted(case.get("clauses", []))


def test_every_clause_on_shipments_of_rare_earths_decides_a_case() -> None:
    decided = {clause for case in CASES for clause in case.get("clauses", [])}
    kinds = {clause.rsplit(".", 1)[0] for clause in decided}
    for name in ("cn-18-2025", "cn-57-2025", "cn-61-2025", "cn-46-2024", "cn-japan-2026", "us-dfars-7052"):
        assert name in kinds, f"no case is decided by {name}"


def test_suspended_clause_is_passed_over_with_the_reason() -> None:
    found = at(GateClass("CN", "DE", "oxide", frozenset({"Ho"})), Day(2026, 1, 1))
    why = {name: str(told) for name, told in found.passed_over(0, 0)}
    assert "suspended" in why["cn-57-2025.Ho"]
    assert "cn-70-2025" in why["cn-57-2025.Ho"]
    assert "cn-18-2025.Dy" in why


def test_technology_controls_bound_from_9_october_to_6_november_2025() -> None:
    days = [Day(2025, 10, 8), Day(2025, 10, 9), Day(2025, 11, 6), Day(2025, 11, 7)]
    found = gates.gates([], gates.count_days(days), TODAY)
    assert found.technology.tolist() == [False, True, True, False]
    assert found.reexport.tolist() == [False, True, True, False]
    assert found.content.tolist() == [False] * 4
    assert found.catalogue.all(), "the catalogue of 2023 was never suspended"
    assert found.licensed.shape == (0, 4)


CLASSES = st.builds(
    GateClass,
    st.sampled_from(["CN", "JP", "US", "DE", "MM"]),
    st.sampled_from(["CN", "JP", "US", "DE", "EU", "ZZ"]),
    st.sampled_from(["magnet", "oxide", "metal", "alloy", "concentrate", "scrap", "assembly"]),
    st.frozensets(st.sampled_from(["La", "Nd", "Pr", "Sm", "Gd", "Tb", "Dy", "Ho", "Y"])),
    military=st.booleans(),
    upstream=st.frozensets(st.sampled_from(["CN", "AU", "MY"])),
    chinese_origin=st.booleans(),
    chinese_share=st.sampled_from([0.0, 0.0009, 0.001, 1.0]),
    chinese_technology=st.booleans(),
)
DAYS = st.dates(Day(2024, 1, 1), Day(2028, 1, 1))


@given(
    st.lists(CLASSES, min_size=1, max_size=4), st.lists(DAYS, min_size=1, max_size=6), DAYS, st.sampled_from(READINGS)
)
def test_outcomes_exclude_one_another_and_clauses_explain_them(
    classes: list[GateClass], days: list[Day], known: Day, reading: str
) -> None:
    found = gates.gates(classes, gates.count_days(sorted(days)), known, reading)
    assert not (found.licensed & found.refused).any()
    assert not (found.same_code & (found.licensed | found.refused)).any()
    assert not (found.presumed_denial & ~found.licensed).any()
    for row in range(len(classes)):
        for step in range(len(days)):
            free = found.outcome(row, step) == "free"
            assert free == (found.deciding(row, step) == ())


@given(CLASSES, DAYS, DAYS, st.sampled_from(READINGS))
def test_the_arrays_agree_with_the_question_asked_of_each_clause(
    one: GateClass, on: Day, known: Day, reading: str
) -> None:
    found = at(one, on, known, reading)
    for clause in regimes.clauses().values():
        assert bool(found.in_force[clause.id][0]) == bool(regimes.in_force(clause, on, known, reading))


@given(CLASSES, DAYS)
def test_more_controlled_elements_never_make_it_freer(one: GateClass, on: Day) -> None:
    order = ["free", "tested", "licence", "refused"]
    richer = GateClass(
        one.origin, one.destination, one.form, one.elements | {"Dy"}, one.military, one.upstream, one.chinese_origin
    )
    plain = GateClass(
        one.origin, one.destination, one.form, one.elements, one.military, one.upstream, one.chinese_origin
    )
    before, after = at(plain, on), at(richer, on)
    if "buyer_ban" not in (before.outcome(0, 0), after.outcome(0, 0)):
        assert order.index(after.outcome(0, 0)) >= order.index(before.outcome(0, 0))


def test_steps_do_not_know_one_another() -> None:
    one = GateClass("CN", "DE", "magnet", frozenset({"Dy"}))
    days = gates.count_days([Day(2025, 1, 1) + datetime.timedelta(days=7 * n) for n in range(104)])
    together = gates.gates([one], days, TODAY).licensed[0]
    apart = np.array([gates.gates([one], days[n : n + 1], TODAY).licensed[0, 0] for n in range(104)])
    np.testing.assert_array_equal(together, apart)
    assert np.flatnonzero(together)[0] == np.searchsorted(days, gates.count_days([Day(2025, 4, 4)])[0])


def test_nice_errors() -> None:
    with pytest.raises(UnknownName) as unknown:
        at(GateClass("CN", "DE", "magnet", frozenset({"Dy"})), TODAY, TODAY, "lapsed_2026_11_12")
    assert "lapsed_2026_11_11" in str(unknown.value)
    with pytest.raises(UnknownName) as form:
        GateClass("CN", "DE", "magnets", frozenset({"Dy"}))
    assert "'magnet'" in str(form.value)
    with pytest.raises(UnknownName) as element:
        GateClass("CN", "DE", "magnet", frozenset({"Di"}))
    assert "'Di'" in str(element.value)
    with pytest.raises(BadValue):
        GateClass("CN", "DE", "magnet", frozenset({"Dy"}), chinese_share=float("nan"))
    with pytest.raises(DateOrder):
        gates.gates([], [3, 2], TODAY)

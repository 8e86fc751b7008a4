"""Cases that a lawyer can read, each held against the verdict; and none of the clauses without a case."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from ytterby.rules import facts, parties, regimes, verdicts
from ytterby.rules.verdicts import Law, Verdict

Day = datetime.date
TODAY = Day(2026, 11, 21)
FOLDER = Path(__file__).parent.parent / "cases" / "verdicts"
CASES: list[dict[str, Any]] = [
    case for path in sorted(FOLDER.glob("*.yaml")) for case in yaml.safe_load(path.read_text(encoding="utf-8"))
]
OVERRIDDEN = {"cn-18-2025.practice"}
"""A practice about traces; the announcement, which knows no threshold, asks a licence for the same goods."""
FRAME = {"name", "facts", "day", "known", "reading", "readings"}
SAID = {
    "outcome", "clauses", "licence", "next_change", "missing", "confidence", "passed_over", "reasons", "notes",
}  # fmt: skip


@cache
def law(known: Day, reading: str) -> Law:
    return verdicts.law(known, reading)


def expectations() -> Iterator[tuple[dict[str, Any], str, dict[str, Any]]]:
    """(case, reading, what it says)."""
    for case in CASES:
        if "readings" in case:
            for name, said in case["readings"].items():
                yield case, name, said
        else:
            said = {key: value for key, value in case.items() if key not in FRAME}
            yield case, case.get("reading", regimes.DEFAULT_READING), said


EXPECTED = list(expectations())


def judged(case: dict[str, Any], reading: str) -> Verdict:
    return verdicts.under(law(case.get("known", TODAY), reading), facts.of(case["facts"], case["name"]), case["day"])


@pytest.mark.parametrize(
    ("case", "reading", "said"), EXPECTED, ids=lambda one: one.get("name") if "name" in one else ""
)
def test_case(case: dict[str, Any], reading: str, said: dict[str, Any]) -> None:
    found = judged(case, reading).to_dict()
    for key in ("outcome", "licence", "confidence"):
        if key in said:
            assert found[key] == said[key], key
    if "next_change" in said:
        assert found["next_change"] == (said["next_change"].isoformat() if said["next_change"] else None)
    for key in ("clauses", "missing"):
        if key in said:
            assert sorted(found[key]) == sorted(said[key]), key
    over = {one["clause"]: one["why"] for one in found["passed_over"]}
    for clause, why in said.get("passed_over", {}).items():
        assert why in over.get(clause, "not passed over"), clause
    for key in ("reasons", "notes"):
        for text in said.get(key, ()):
            assert any(text in line for line in found[key]), (text, found[key])


def test_the_cases_are_written_as_they_should_be() -> None:
    names = [case["name"] for case in CASES]
    assert len(names) == len(set(names)), "two cases of one name"
    assert len(CASES) >= 130
    for case, _, said in EXPECTED:
        assert case.keys() <= FRAME | SAID, case["name"]
        assert said.keys() <= SAID, case["name"]
        assert "outcome" in said, case["name"]


def test_no_clause_is_without_a_case() -> None:
    decided = {clause for _, _, said in EXPECTED for clause in said.get("clauses", ())}
    named = decided | {clause for _, _, said in EXPECTED for clause in said.get("passed_over", {})}
    table = regimes.clauses()
    assert named <= set(table), f"cases about clauses there are not: {sorted(named - set(table))}"
    without = sorted(set(table) - named)
    assert not without, f"clauses without a case: {without}"
    held = {name for name, clause in table.items() if clause.trigger in verdicts.SHIPMENTS and _decides(clause)}
    assert not held - decided, f"clauses that decide no case: {sorted(held - decided)}"


def _decides(clause: Any) -> bool:
    """Whether it can decide a shipment: it names goods, and either stops something or spares it."""
    items = clause.items
    named = items.scope != "listed" or items.elements or items.substances or items.forms or items.codes
    return bool(named) and (clause.outcome != "notice" or bool(clause.exempts)) and clause.id not in OVERRIDDEN


def test_every_list_of_parties_of_a_clause_stops_or_slows_somebody() -> None:
    """Every list is met by a name of some case."""
    met: set[str] = set()
    for case, reading, _ in EXPECTED:
        held = law(case.get("known", TODAY), reading)
        told = [case["facts"].get(key, "") for key in ("end_user", "consignee")] + list(case["facts"].get("owners", {}))
        for name, one in held.lists.items():
            if any(one.find(word) for word in told):
                met.add(name)
    clauses = regimes.clauses().values()
    wanted = {name for clause in clauses for name in clause.lists} & set(parties.load())
    assert not wanted - met, f"lists without a case: {sorted(wanted - met)}"


def test_every_boundary_day_has_a_case() -> None:
    """Each day on which a clause on shipments begins, ends or is suspended is some case's day, or the day before it."""
    days = {case["day"] for case in CASES}
    edges = set()
    for clause in regimes.clauses().values():
        if clause.trigger in verdicts.SHIPMENTS:
            edges |= {interval.since for interval in clause.in_force}
            edges |= {interval.until for interval in clause.in_force if interval.until}
    for instrument in regimes.load():
        for one in instrument.suspends:
            edges |= {interval.since for interval in one.intervals}
            edges |= {interval.until for interval in one.intervals if interval.until}
    one_day = datetime.timedelta(days=1)
    missing = sorted(
        str(day) for day in edges if day > Day(2023, 7, 31) and not {day, day - one_day, day + one_day} & days
    )
    assert not missing, f"boundary days without a case: {missing}"

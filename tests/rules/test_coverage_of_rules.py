"""The facts the law was written from: each encoded, no surer than it was; the simulator's gates stay as they were."""

from __future__ import annotations

import csv
import hashlib
import itertools
from datetime import date, timedelta
from importlib import resources
from pathlib import Path

import numpy as np
import pytest

from ytterby.rules import gates, parties, regimes, verdicts
from ytterby.rules.facts import of
from ytterby.rules.gates import GateClass

DATA = Path(str(resources.files("ytterby"))) / "data"
TODAY = date(2026, 11, 21)
LOADED = regimes.load()
CLAUSES = regimes.clauses(LOADED)
LISTS = parties.load()
READINGS = ("lapsed_2026_11_10", "lapsed_2026_11_11", "extended_2027_01_10")
GRADES = "ABCM"


def rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


COVERAGE = rows(DATA / "regimes" / "coverage.csv")
RULES = [row for row in COVERAGE if not row["rule"].startswith("OBS-")]


def test_seventy_five_facts_each_once() -> None:
    names = [row["rule"] for row in COVERAGE if row["rule"] != "beyond"]
    assert len(names) == len(set(names)) == 75


def test_every_fact_is_encoded_and_every_clause_has_a_fact() -> None:
    known = {*CLAUSES, *(one.id for one in LOADED)}
    named = [name for row in RULES for name in row["encoded"].split()]
    assert set(named) <= known
    assert len(named) == len(set(named))
    assert set(CLAUSES) - set(named) == set()


@pytest.mark.parametrize("row", RULES, ids=lambda row: f"{row['rule']}:{row['encoded'][:24]}")
def test_no_clause_is_surer_than_what_it_was_written_from(row: dict[str, str]) -> None:
    best = min(row["confidence"], key=GRADES.index)
    for name in row["encoded"].split():
        if name in CLAUSES:
            grades = [GRADES.index(source.confidence) for source in CLAUSES[name].sources]
            assert min(grades) >= GRADES.index(best), name


def test_observations_stand_in_the_baseline() -> None:
    licensing = {row["id"] for row in rows(DATA / "baseline" / "licensing.csv")}
    exports = [row for name in ("trade", "observations") for row in rows(DATA / "baseline" / f"{name}.csv")]
    trade = {(row["period"], row["destination"], row["value"]) for row in exports}
    seen = [row for row in COVERAGE if row["rule"].startswith("OBS-")]
    assert len(seen) == 14
    for name in (name for row in seen for name in row["encoded"].split()):
        table, _, rest = name.partition(".")
        assert rest in licensing if table == "licensing" else tuple(rest.split(".")) in trade, name


def test_every_clause_says_where_it_was_read_and_in_our_words() -> None:
    for name, clause in CLAUSES.items():
        assert clause.sources, name
        assert clause.paraphrase.endswith("."), name
        assert len(clause.paraphrase) < 300, f"{name} is long for a paraphrase"
        assert clause.items.text, name


def test_what_is_suspended_exists_and_ends_after_it_starts() -> None:
    for instrument in LOADED:
        for suspension in instrument.suspends:
            reached = [clause for clause in CLAUSES.values() if suspension.reaches(clause)]
            assert reached, f"{instrument.id} suspends nothing by {suspension.instrument} {suspension.clause}"
            issued = {one.id: one.issued for one in LOADED}
            assert all(interval.since >= issued[suspension.instrument] for interval in suspension.intervals)


# readings


def test_the_three_readings_of_70_side_by_side_with_reasons() -> None:
    assert tuple(sorted(regimes.readings(LOADED))) == tuple(sorted(READINGS))
    for clause in (CLAUSES["cn-57-2025.Ho"], CLAUSES["cn-61-2025.1c"], CLAUSES["cn-62-2025.a"]):
        expected = {
            date(2026, 11, 9): (False, False, False),
            date(2026, 11, 10): (True, False, False),
            date(2026, 11, 11): (True, True, False),
            TODAY: (True, True, False),
            date(2027, 1, 10): (True, True, False),
            date(2027, 1, 11): (True, True, True),
        }
        for day, held in expected.items():
            told = [regimes.in_force(clause, day, TODAY, reading) for reading in READINGS]
            assert tuple(map(bool, told)) == held, (clause.id, day)
            assert all("cn-70-2025" in str(one.why) for one in told if not one)
        assert "both governments" in str(regimes.in_force(clause, TODAY, TODAY, READINGS[2]).why)
        assert "zhi read as inclusive" in str(regimes.in_force(clause, date(2026, 11, 10), TODAY, READINGS[1]).why)


def test_the_affiliates_rule_follows_the_same_three_readings() -> None:
    clause = CLAUSES["us-bis50.affiliates"]
    for day, held in {
        date(2025, 11, 9): (True, True, True),
        date(2025, 11, 10): (False, False, False),
        date(2026, 11, 9): (False, False, False),
        date(2026, 11, 10): (True, False, False),
        date(2026, 11, 11): (True, True, False),
        date(2027, 1, 11): (True, True, True),
    }.items():
        assert tuple(bool(regimes.in_force(clause, day, TODAY, reading)) for reading in READINGS) == held, day


def test_unsettled_texts_carry_their_rivals() -> None:
    for name in ("cn-61-2025.1b", "cn-61-2025.1a-assemblies", "cn-46-2024.2-graphite", "us-dpa.1-after-lapse"):
        assert len(CLAUSES[name].rivals) >= 2, name
        assert all(rival.sources and rival.text for rival in CLAUSES[name].rivals)


# lists


def test_every_list_is_named_by_a_clause_and_every_named_list_exists() -> None:
    named = regimes.named_lists(LOADED)
    parties.check(named, LISTS)
    assert {name for _, name in named} == set(LISTS)
    for one in LISTS.values():
        assert one.instrument in {instrument.id for instrument in LOADED}
        own = [clause for clause, name in named if name == one.id and clause.startswith(f"{one.instrument}.")]
        assert own, f"no clause of {one.instrument} names {one.id}"


@pytest.mark.parametrize("limb", ["1a", "1b", "1c"])
def test_announcement_61_reaches_all_chinese_lists_and_their_subsidiaries(limb: str) -> None:
    clause = CLAUSES[f"cn-61-2025.parties.{limb}"]
    assert set(clause.lists) == {name for name, one in LISTS.items() if one.kind in ("control", "watch")}
    assert clause.ownership == 0.5


def test_limbs_of_61_share_trigger_goods_and_days() -> None:
    for limb in ("1a", "1b", "1c"):
        base = CLAUSES[f"cn-61-2025.{limb}"]
        for kind in ("military", "parties", "chips", "humanitarian"):
            other = CLAUSES[f"cn-61-2025.{kind}.{limb}"]
            assert (other.trigger, other.items.elements, other.items.forms) == (
                base.trigger,
                base.items.elements,
                base.items.forms,
            )
            assert other.in_force == base.in_force
            assert (other.threshold is None) == (base.threshold is None)


@pytest.mark.parametrize(
    ("form", "element", "outcome"),
    [
        ("oxide", "Dy", "licence"),
        ("oxide", "Y", "free"),
        ("metal", "Y", "licence"),
        ("alloy", "Sm", "licence"),
        ("alloy", "Gd", "free"),
        ("target", "Lu", "licence"),
        ("magnet", "Tb", "licence"),
        ("magnet", "Gd", "free"),
        ("compound", "Dy", "free"),
        ("assembly", "Dy", "undetermined"),
    ],
)
def test_the_annex_of_61_lists_elements_form_by_form(form: str, element: str, outcome: str) -> None:
    facts = of(
        {"item": {"form": form, "composition": {element: 0.03, "Nd": 0.2}}, "origin": "CN", "from": "DE", "to": "KR"}
        | {"end_use": "civil", "end_user": "Somebody"}
    )
    assert verdicts.verdict(facts, date(2025, 10, 20), TODAY).outcome == outcome


# what matches nothing


@pytest.mark.parametrize("reading", READINGS)
@pytest.mark.parametrize("day", ["2024-01-15", "2024-06-01", "2025-02-10", "2025-05-10", "2025-10-20", "2026-11-21"])
@pytest.mark.parametrize(
    ("since", "to", "origin"), [("CN", "DE", "CN"), ("CN", "JP", "CN"), ("US", "CN", "US"), ("DE", "US", "CN")]
)
def test_plain_goods_are_free_everywhere_and_nothing_is_missing(
    day: str, since: str, to: str, origin: str, reading: str
) -> None:
    facts = of(
        {"item": {"form": "other", "composition": {"Fe": 0.98}}, "origin": origin, "from": since, "to": to}
        | {"end_user": "Schrauben Huber", "consignee": "Schrauben Huber"}
    )
    said = verdicts.verdict(facts, date.fromisoformat(day), TODAY, reading)
    assert said.outcome == "free"
    assert said.clauses == ()


# the simulator

GRID = [
    GateClass(origin, destination, form, frozenset(elements), military, *chinese)
    for origin, destination, form, elements, military in itertools.product(
        ("CN", "JP", "US"),
        ("CN", "JP", "US", "DE", "EU"),
        ("magnet", "oxide", "metal", "alloy", "assembly", "other", "target", "scrap"),
        ((), ("Nd", "Pr"), ("Nd", "Dy"), ("Ho",), ("Y",)),
        (False, True),
    )
    for chinese in [(), *([(frozenset({"CN"}), True, 0.01, True)] if origin != "CN" else [])]
]
ARRAYS = (
    "licensed", "refused", "same_code", "presumed_denial", "buyer_ban", "technology", "catalogue", "reexport",
    "content",
)  # fmt: skip
FIRST = {
    "cn-18-2025", "cn-46-2024", "cn-55-2025", "cn-56-2025", "cn-57-2025", "cn-58-2025", "cn-61-2025", "cn-62-2025",
    "cn-70-2025", "cn-72-2025", "cn-japan-2026", "cn-order-792", "cn-tech-2023", "us-dfars-7052",
}  # fmt: skip
"""The instruments the scenarios were fitted with."""


def test_gates_are_those_that_the_scenarios_were_fitted_with() -> None:
    """Only what shuts a gate differently may change this, on purpose: then say so, and fit again."""
    days = gates.count_days([date(2023, 1, 1) + timedelta(days=28 * n) for n in range(64)])
    digest = hashlib.sha256()
    for reading, known in itertools.product(READINGS, (date(2025, 4, 3), date(2025, 11, 1), TODAY)):
        found = gates.gates(GRID, days, known, reading)
        for name in ARRAYS:
            digest.update(np.packbits(getattr(found, name)).tobytes())
    assert digest.hexdigest() == "e07aca5c6946c8ce7e4b64bdd09484228ceb5c55a33dada973ed181ccc387bfb"


def test_new_instruments_shut_no_gate_of_a_scenario() -> None:
    few = tuple(instrument for instrument in LOADED if instrument.id in FIRST)
    assert len(few) == len(FIRST) < len(LOADED)
    days = gates.count_days([date(2023, 1, 1) + timedelta(days=28 * n) for n in range(64)])
    for reading in READINGS:
        before, after = (gates.gates(GRID, days, TODAY, reading, one) for one in (few, LOADED))
        for name in ARRAYS:
            np.testing.assert_array_equal(getattr(before, name), getattr(after, name))

"""Instruments: loaded whole, in force by three axes of time, and changed only as a scenario says."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ytterby.rules import regimes
from ytterby.rules.clauses import Assumption, Clause
from ytterby.terms.errors import BadValue, InputError, UnknownName

TODAY = date(2026, 11, 21)
LOADED = regimes.load()
CLAUSES = regimes.clauses(LOADED)
READINGS = sorted(regimes.readings(LOADED))
DAYS = st.dates(date(2019, 1, 1), date(2029, 1, 1))
ONE = st.sampled_from(sorted(CLAUSES)).map(CLAUSES.__getitem__)


def test_the_instruments_that_gates_need_are_there() -> None:
    names = {instrument.id for instrument in LOADED}
    assert names >= {
        "cn-18-2025", "cn-55-2025", "cn-56-2025", "cn-57-2025", "cn-58-2025", "cn-61-2025", "cn-62-2025", "cn-70-2025",
        "cn-order-792", "cn-46-2024", "cn-japan-2026", "us-dfars-7052", "cn-tech-2023",
    }  # fmt: skip
    assert len(READINGS) == 3


def test_the_seven_and_the_five() -> None:
    def listed(name: str) -> set[str]:
        return {
            element
            for c in CLAUSES.values()
            if c.instrument == name and c.outcome == "licence"
            for element in c.items.elements
        }

    assert listed("cn-18-2025") == {"Sm", "Gd", "Tb", "Dy", "Lu", "Sc", "Y"}
    assert listed("cn-57-2025") == {"Ho", "Er", "Tm", "Eu", "Yb"}


@given(ONE, DAYS, DAYS, st.sampled_from(READINGS))
def test_what_is_known_later_never_decides_earlier(clause: Clause, on: date, known: date, reading: str) -> None:
    if known < min(interval.known for interval in clause.in_force):
        standing = regimes.in_force(clause, on, known, reading)
        assert not standing
        assert "not known before" in str(standing.why)
    later = tuple(
        instrument.model_copy(
            update={
                "suspends": tuple(
                    suspension.model_copy(update={"intervals": kept})
                    for suspension in instrument.suspends
                    if (kept := tuple(i for i in suspension.intervals if i.known <= known))
                )
            }
        )
        for instrument in LOADED
    )
    assert bool(regimes.in_force(clause, on, known, reading, later)) == bool(
        regimes.in_force(clause, on, known, reading)
    )


@given(ONE, DAYS)
def test_readings_differ_only_where_the_text_is_unsettled(clause: Clause, on: date) -> None:
    answers = {bool(regimes.in_force(clause, on, TODAY, reading)) for reading in READINGS}
    if len(answers) > 1:
        assert date(2026, 11, 10) <= on <= date(2027, 1, 10)
        package = {f"cn-{n}-2025" for n in (55, 56, 57, 58, 61, 62)}
        assert clause.instrument in package or clause.id == "us-bis50.affiliates"


def test_the_three_readings_on_the_three_days() -> None:
    clause = CLAUSES["cn-62-2025.a"]

    def held(day: date) -> list[bool]:
        return [
            bool(regimes.in_force(clause, day, TODAY, r))
            for r in ("lapsed_2026_11_10", "lapsed_2026_11_11", "extended_2027_01_10")
        ]

    assert held(date(2026, 11, 9)) == [False, False, False]
    assert held(date(2026, 11, 10)) == [True, False, False]
    assert held(date(2026, 11, 11)) == [True, True, False]
    assert held(date(2026, 11, 21)) == [True, True, False]
    assert held(date(2027, 1, 11)) == [True, True, True]


def test_announcement_18_and_the_military_clause_were_never_suspended() -> None:
    for name in ("cn-18-2025.Dy", "cn-46-2024.1", "cn-tech-2023.rare-earths"):
        clause = CLAUSES[name]
        start = clause.in_force[0].since
        for n in range(0, (TODAY - start).days, 5):
            for reading in READINGS:
                assert regimes.in_force(clause, start + timedelta(days=n), TODAY, reading)


def test_excluding_the_suspension_puts_the_package_in_force() -> None:
    without = regimes.chosen(LOADED, exclude=["cn-70-2025"])
    clause = CLAUSES["cn-57-2025.Ho"]
    assert not regimes.in_force(clause, date(2025, 11, 8), TODAY)
    assert regimes.in_force(clause, date(2025, 11, 8), TODAY, instruments=without)
    assert not regimes.in_force(clause, date(2025, 11, 7), TODAY, instruments=without)


def test_an_assumption_holds_whatever_the_text_says_and_spares_its_neighbours() -> None:
    since = date(2026, 3, 1)
    assumed = regimes.chosen(LOADED, assume=[Assumption(instrument="cn-57-2025", clause="cn-57-2025.Ho", since=since)])
    table = regimes.clauses(assumed)
    early = date(2020, 1, 1)
    assert regimes.in_force(table["cn-57-2025.Ho"], since, early, instruments=assumed)
    assert not regimes.in_force(table["cn-57-2025.Ho"], since - timedelta(days=1), TODAY, instruments=assumed)
    assert not regimes.in_force(table["cn-57-2025.Er"], since, TODAY, instruments=assumed)
    assert not regimes.in_force(table["cn-62-2025.a"], since, TODAY, instruments=assumed)
    assert not regimes.in_force(CLAUSES["cn-57-2025.Ho"], since, TODAY), "the loaded instruments did not change"


def test_every_clause_says_where_it_was_read_and_inferred_codes_say_so() -> None:
    for clause in CLAUSES.values():
        assert clause.sources
        assert clause.paraphrase.endswith((".", "%"))
    marks = {code.code[:5]: code.inferred for clause in CLAUSES.values() for code in clause.items.codes}
    assert marks["1C905"] is True
    assert marks["1C902"] is False


PAGE = """
id: xx-1
title: A rule
authority: Somebody
issued: 2026-01-01
sources:
  - {title: A page, confidence: B}
clauses:
  - id: xx-1.a
    title: One
    paraphrase: Do not.
    items: {scope: listed, elements: [Dy], forms: [magnet], text: magnets}
    trigger: export
    outcome: refused
    in_force:
      - {from: 2026-01-01, until: 2026-12-31, known: 2026-01-01}
    sources:
      - {title: A page, confidence: B}
"""


def refused(tmp_path: Path, text: str) -> str:
    (tmp_path / "mine.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as error:
        regimes.load(tmp_path)
    return str(error.value)


def test_a_project_adds_instruments(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text(PAGE, encoding="utf-8")
    found = regimes.clauses(regimes.load(tmp_path))
    assert set(found) == {*CLAUSES, "xx-1.a"}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("trigger: export", "trigger: exprot", ["mine.yaml line 13", "trigger", "exprot"]),
        ("outcome:", "outcom:", ["unknown key 'outcom'", "line 14", "'outcome'"]),
        ("until: 2026-12-31", "until: 2025-12-31", ["2025-12-31 comes before 2026-01-01", "line 16"]),
        ("elements: [Dy]", "elements: [Dx]", ["line 12", "Dx"]),
        ("known: 2026-01-01}", "known: 2026-13-01}", ["line 16", "2026-13-01"]),
        ("id: xx-1.a", "id: yy-1.a", ["yy-1.a", "xx-1"]),
        ("confidence: B}\nclauses", "confidence: Z}\nclauses", ["line 7", "Z"]),
        ("    sources:\n      - {title: A page, confidence: B}\n", "", ["'sources' is missing", "clauses[0]"]),
        ("    outcome: refused\n", "    outcome: refused\n    outcome: licence\n", ["'outcome' twice", "line 15"]),
        ("2026-01-01}", "2026-01-01, readings: [nobody]}", ["unknown reading 'nobody'"]),
        ("issued: 2026-01-01", "issued: [", ["not YAML", "mine.yaml"]),
        ("outcome: refused", "outcome: notice\n    exempts: [cn-18-2052]", ["unknown clause", "cn-18-2025", "xx-1.a"]),
        ("outcome: refused", "outcome: refused\n    end_uses: [militry]", ["end_uses", "militry"]),
        ("outcome: refused", "outcome: refused\n    ownership: 50", ["ownership", "line 15"]),
        ("authority: Somebody", "authority: Somebody\ndoubts: &a [x]\nreadings: *a", ["alias"]),
    ],
)
def test_nice_errors(tmp_path: Path, old: str, new: str, said: list[str]) -> None:
    assert old in PAGE
    message = refused(tmp_path, PAGE.replace(old, new, 1))
    for part in said:
        assert part in message, message


def test_nice_errors_of_files_and_names(tmp_path: Path) -> None:
    assert "empty or not a mapping" in refused(tmp_path, "")
    (tmp_path / "mine.yaml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BadValue, match="UTF-8"):
        regimes.load(tmp_path)
    with pytest.raises(UnknownName) as clause:
        regimes.clause("cn-18-2025.dy")
    assert "cn-18-2025.Dy" in str(clause.value)
    with pytest.raises(UnknownName) as instrument:
        regimes.chosen(LOADED, exclude=["cn-71-2025"])
    assert "cn-70-2025" in str(instrument.value)
    with pytest.raises(UnknownName):
        regimes.chosen(LOADED, assume=[Assumption(instrument="cn-57-2025", clause="cn-57-2025.La", since=TODAY)])
    with pytest.raises(UnknownName):
        regimes.in_force(CLAUSES["cn-18-2025.Dy"], TODAY, TODAY, "my own")

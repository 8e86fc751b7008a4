"""Replay: what was in force, and what changed for whom."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ytterby.rules import regimes, replay
from ytterby.rules.columns import columns
from ytterby.rules.facts import of
from ytterby.rules.judging import law
from ytterby.terms.errors import DateOrder

TODAY = date(2026, 11, 21)


def spans(clause: str, reading: str = regimes.DEFAULT_READING) -> list[tuple[date, date | None, str]]:
    found = replay.timeline(law(TODAY, reading), date(2025, 1, 1), date(2027, 6, 30))
    return [(one.since, one.until, one.state) for one in found if one.clause == clause]


def test_announcement_18_was_never_suspended() -> None:
    assert spans("cn-18-2025.Dy") == [(date(2025, 4, 4), None, "in force")]


def test_the_third_limb_of_61_was_in_force_for_four_weeks() -> None:
    first, second, third = spans("cn-61-2025.1c")
    assert first == (date(2025, 10, 9), date(2025, 11, 6), "in force")
    assert second == (date(2025, 11, 7), date(2027, 1, 10), "suspended")
    assert third == (date(2027, 1, 11), None, "in force")


def test_the_readings_differ_as_their_wording_says() -> None:
    ends = {
        name: [until for _, until, state in spans("cn-61-2025.1c", name) if state == "suspended"]
        for name in ("lapsed_2026_11_10", "lapsed_2026_11_11", "extended_2027_01_10")
    }
    assert ends == {
        "lapsed_2026_11_10": [date(2026, 11, 9)],
        "lapsed_2026_11_11": [date(2026, 11, 10)],
        "extended_2027_01_10": [date(2027, 1, 10)],
    }


@given(st.dates(date(2023, 1, 1), date(2027, 6, 30)))
@settings(max_examples=40)
def test_the_timeline_agrees_with_each_day(on: date) -> None:
    held = law(TODAY)
    there = {one.clause for one in replay.in_force(held, on)}
    by_day = {clause.id for clause in held.clauses if regimes.in_force(clause, on, TODAY, held.reading)}
    assert there == by_day


def test_spans_of_a_clause_do_not_overlap() -> None:
    held = law(TODAY)
    by_clause: dict[str, list[replay.Held]] = {}
    for one in replay.timeline(held, date(2019, 1, 1), date(2028, 1, 1)):
        by_clause.setdefault(one.clause, []).append(one)
    for found in by_clause.values():
        for one, after in pairwise(found):
            assert one.until is not None
            assert one.until < after.since


def test_lanes_tell_each_day_once() -> None:
    end = date(2027, 6, 30)
    rows = replay.figure_rows(replay.timeline(law(TODAY), date(2025, 1, 1), end), end)
    lanes: dict[str, list[tuple[str, str, str]]] = {}
    for row in rows:
        lanes.setdefault(row["lane"], []).append((row["date"], row["until"], row["kind"]))
    assert lanes["cn-18-2025"] == [("2025-04-04", "2027-06-30", "in force")]
    assert [kind for _, _, kind in lanes["cn-61-2025"]] == ["in force", "suspended", "in force"]
    for found in lanes.values():
        for (_, until, kind), (after, _, other) in pairwise(found):
            assert until < after
            assert kind != other or date.fromisoformat(after) - date.fromisoformat(until) > timedelta(days=1)
    zh = replay.figure_rows(replay.timeline(law(TODAY), date(2025, 1, 1), end), end, "zh")
    assert {row["kind"] for row in zh} <= {"有效", "暂停", "部分有效、部分暂停"}


MAGNET = {"item": {"form": "magnet", "composition": {"Nd": 0.3, "Dy": 0.03}}, "end_use": "civil", "end_user": "Muster"}


def test_changed_names_the_rows_and_the_clauses() -> None:
    shipped = [
        of({**MAGNET, "from": "CN", "to": "DE", "origin": "CN"}),
        of({**MAGNET, "from": "DE", "to": "DE", "origin": "DE"}),
    ]
    before, after = (columns(shipped, [day] * 2) for day in (date(2025, 4, 3), date(2025, 4, 4)))
    held = law(TODAY)
    (moved,) = replay.changed(held, held, before, after)
    assert (moved.row, moved.before, moved.after) == (0, "free", "licence")
    assert "cn-18-2025.Dy" in moved.clauses
    assert replay.changed(held, held, before, before) == []


def test_what_nobody_knew_changes_nothing() -> None:
    shipped = [of({**MAGNET, "from": "CN", "to": "DE", "origin": "CN"})]
    on = columns(shipped, [date(2025, 4, 4)])
    (moved,) = replay.changed(law(date(2025, 4, 3)), law(TODAY), on, on)
    assert moved.after == "licence"


def test_a_page_says_where_it_was_read_and_what_is_doubted() -> None:
    held = law(TODAY)
    instrument = next(one for one in regimes.load() if one.id == "cn-61-2025")
    text = replay.markdown(replay.page(instrument, held, TODAY))
    for clause in instrument.clauses:
        assert clause.id in text
        assert clause.paraphrase in text
    assert "source (A)" in text
    assert "doubt:" in text


def test_nice_errors() -> None:
    with pytest.raises(DateOrder, match="2025-01-01 is before 2025-02-01"):
        replay.timeline(law(TODAY), date(2025, 2, 1), date(2025, 1, 1))
